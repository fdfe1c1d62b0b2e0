import { useMemo, useState } from 'preact/hooks';
import { inBoth } from '../language.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Field } from '../parts/field.tsx';
import { ProblemNote } from '../parts/problem-note.tsx';
import { useAction } from '../parts/use-action.ts';
import { classHref, goTo } from '../route.ts';
import { client, type Person } from '../session.ts';

const text = inBoth({
  en: {
    title: 'New class',
    name: 'Name',
    classId: 'Id',
    classIdHint: 'What students join with. Left empty, one is made up.',
    teacherId: 'Teacher’s user id',
    passcode: 'Passcode',
    passcodeHint: 'Empty: whoever knows the id comes in.',
    assistants: 'Assistants',
    assistantsHint: 'User ids, with commas between them.',
    create: 'Create it',
  },
  zh: {
    title: '新建课堂',
    name: '名称',
    classId: 'ID',
    classIdHint: '学生凭它加入；留空则自动生成。',
    teacherId: '老师的用户 ID',
    passcode: '口令',
    passcodeHint: '留空：知道 ID 即可进入。',
    assistants: '助教',
    assistantsHint: '用户 ID，以逗号分隔。',
    create: '创建',
  },
});

/** Asks what a class shall be like, and makes it. A repeated click makes no second one: what is asked for twice has the same key. */
export const CreateClass = ({ person, onClose }: { person: Person; onClose: () => void }) => {
  const [fields, setFields] = useState({ name: '', classId: '', teacherId: '', passcode: '', assistants: '' });
  const set = (name: keyof typeof fields) => (value: string) => setFields({ ...fields, [name]: value });
  const idempotencyKey = useMemo(() => crypto.randomUUID(), [fields]);
  const { run, isBusy, error } = useAction(async () => {
    const { name, classId, teacherId, passcode, assistants } = fields;
    const assistantIds = assistants.split(/[\s,，]+/).filter(Boolean);
    const lesson = await client.call(
      'create-class',
      {
        name,
        ...(classId && { classId }),
        ...(person.role === 'admin' && { teacherId }),
        ...(passcode && { passcode }),
        ...(assistantIds.length > 0 && { assistantIds }),
      },
      { idempotencyKey },
    );
    goTo(classHref(lesson.classId));
  });
  return (
    <Dialog title={text().title} onClose={onClose}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          run();
        }}
      >
        <Field label={text().name} value={fields.name} onValue={set('name')} required maxLength={100} />
        <Field
          label={text().classId}
          hint={text().classIdHint}
          value={fields.classId}
          onValue={set('classId')}
          pattern="[A-Za-z0-9_\-]{1,32}"
        />
        {person.role === 'admin' && (
          <Field label={text().teacherId} value={fields.teacherId} onValue={set('teacherId')} required />
        )}
        <Field
          label={text().passcode}
          hint={text().passcodeHint}
          value={fields.passcode}
          onValue={set('passcode')}
          minLength={4}
          maxLength={64}
        />
        <Field
          label={text().assistants}
          hint={text().assistantsHint}
          value={fields.assistants}
          onValue={set('assistants')}
        />
        {error !== undefined && <ProblemNote error={error} />}
        <button class="button primary" type="submit" disabled={isBusy}>
          {text().create}
        </button>
      </form>
    </Dialog>
  );
};
