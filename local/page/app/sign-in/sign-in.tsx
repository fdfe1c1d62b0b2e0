import { useState } from 'preact/hooks';
import { inBoth } from '../language.ts';
import { Field } from '../parts/field.tsx';
import { Icon, type IconName } from '../parts/icon.tsx';
import { ProblemNote } from '../parts/problem-note.tsx';
import { useAction } from '../parts/use-action.ts';
import { hasExpired, type Role, signIn, signInWithToken } from '../session.ts';
import { surroundings } from '../surroundings.ts';

const text = inBoth({
  en: {
    title: 'A whole class, on this machine',
    lead: 'Open this page twice, once as the teacher and once as a student. Everything runs here: the functions, Tencent IM, COS and the database.',
    expired: 'Your token has run out. Sign in again.',
    role: 'Come in as',
    teacher: 'Teacher',
    teacherHint: 'opens classes and leads them',
    student: 'Student',
    studentHint: 'joins, talks and draws',
    admin: 'Admin',
    adminHint: 'sees every class',
    name: 'Name',
    userId: 'User id',
    userIdHint: 'Letters, digits, _ and -, up to 32.',
    submit: 'Come in',
    token: 'Token',
    tokenHint: 'Tokens come from the login service that the environment names. Paste one of yours.',
  },
  zh: {
    title: '一整堂课，就在这台电脑上',
    lead: '把本页打开两次：一次当老师，一次当学生。函数、腾讯云 IM、COS 和数据库全部在本机运行。',
    expired: '令牌已过期，请重新登录。',
    role: '身份',
    teacher: '老师',
    teacherHint: '开课、管理课堂',
    student: '学生',
    studentHint: '听课、聊天、上台',
    admin: '管理员',
    adminHint: '可见所有课堂',
    name: '昵称',
    userId: '用户 ID',
    userIdHint: '字母、数字、_ 和 -，最多 32 个',
    submit: '进入',
    token: '令牌',
    tokenHint: '令牌由环境变量指定的登录服务签发，请粘贴一个。',
  },
});

const roles: readonly { role: Role; icon: IconName; name: string; userId: string }[] = [
  { role: 'teacher', icon: 'board', name: '李老师', userId: 't1' },
  { role: 'student', icon: 'people', name: '小明', userId: 's1' },
  { role: 'admin', icon: 'lock', name: 'Admin', userId: 'a1' },
];

/** Who are you? The local cloud believes everybody. */
export const SignIn = () => (
  <div class="sign-in">
    <h1>{text().title}</h1>
    <p class="lead">{text().lead}</p>
    {hasExpired.value && (
      <p class="problem" role="alert">
        <Icon name="alert" />
        {text().expired}
      </p>
    )}
    {surroundings.mintsTokens ? <RolePicker /> : <TokenForm />}
  </div>
);

const RolePicker = () => {
  const [person, setPerson] = useState(roles[0] ?? { role: 'teacher' as const, name: '', userId: '' });
  const { run, isBusy, error } = useAction(() =>
    signIn({ role: person.role, userId: person.userId.trim(), name: person.name.trim() }),
  );
  const hints = { teacher: text().teacherHint, student: text().studentHint, admin: text().adminHint };
  return (
    <form
      class="card form"
      onSubmit={(event) => {
        event.preventDefault();
        run();
      }}
    >
      <fieldset class="roles">
        <legend>{text().role}</legend>
        {roles.map((preset) => (
          <label class="role" key={preset.role}>
            <input
              type="radio"
              name="role"
              value={preset.role}
              checked={person.role === preset.role}
              onChange={() => setPerson(preset)}
            />
            <Icon name={preset.icon} />
            <strong>{text()[preset.role]}</strong>
            <span class="faint">{hints[preset.role]}</span>
          </label>
        ))}
      </fieldset>
      <div class="field-row">
        <Field
          label={text().name}
          value={person.name}
          onValue={(name) => setPerson({ ...person, name })}
          required
          maxLength={30}
        />
        <Field
          label={text().userId}
          hint={text().userIdHint}
          value={person.userId}
          onValue={(userId) => setPerson({ ...person, userId })}
          required
          pattern="[A-Za-z0-9_\-]{1,32}"
        />
      </div>
      {error !== undefined && <ProblemNote error={error} />}
      <button class="button primary" type="submit" disabled={isBusy}>
        {text().submit}
      </button>
    </form>
  );
};

const TokenForm = () => {
  const [token, setToken] = useState('');
  const { run, error } = useAction(async () => signInWithToken(token));
  return (
    <form
      class="card form"
      onSubmit={(event) => {
        event.preventDefault();
        run();
      }}
    >
      <Field label={text().token} hint={text().tokenHint} value={token} onValue={setToken} isSecret required />
      {error !== undefined && <ProblemNote error={error} />}
      <button class="button primary" type="submit">
        {text().submit}
      </button>
    </form>
  );
};
