import { useEffect, useState } from 'preact/hooks';
import { ClassList } from './classes/class-list.tsx';
import { ClassScreen } from './classes/class-screen.tsx';
import { Inspector } from './inspector/inspector.tsx';
import { inBoth, language, toggleLanguage } from './language.ts';
import { Icon } from './parts/icon.tsx';
import { IconButton } from './parts/icon-button.tsx';
import { classesHref, route } from './route.ts';
import { person, signOut } from './session.ts';
import { SignIn } from './sign-in/sign-in.tsx';
import { theme, toggleTheme } from './theme.ts';

const text = inBoth({
  en: {
    name: 'Classroom',
    skip: 'Skip to the content',
    otherLanguage: '中文',
    toDark: 'Dark',
    toLight: 'Light',
    inspector: 'Inspector',
    signOut: 'Sign out',
    teacher: 'Teacher',
    student: 'Student',
    admin: 'Admin',
  },
  zh: {
    name: '互动课堂',
    skip: '跳到正文',
    otherLanguage: 'English',
    toDark: '深色',
    toLight: '浅色',
    inspector: '检查器',
    signOut: '退出登录',
    teacher: '老师',
    student: '学生',
    admin: '管理员',
  },
});

/** The whole page: a bar, one screen, and the inspector beside it. */
export const App = () => {
  const [isInspecting, setInspecting] = useState(false);
  const who = person.value;
  const where = route.value;
  useEffect(() => {
    document.title = text().name;
  }, [language.value]);
  return (
    <div class={isInspecting ? 'app is-inspecting' : 'app'}>
      <button type="button" class="skip" onClick={skipToMain}>
        {text().skip}
      </button>
      <header class="bar">
        <a class="brand" href={classesHref}>
          <img src="/page/icon.svg" alt="" width="28" height="28" />
          {text().name}
        </a>
        <div class="bar-end">
          {who && (
            <span class="who">
              <strong>{who.name}</strong>
              <span class="faint">{text()[who.role]}</span>
            </span>
          )}
          <button
            type="button"
            class="icon-button"
            onClick={toggleLanguage}
            aria-label={text().otherLanguage}
            lang={language.value === 'zh' ? 'en' : 'zh-CN'}
          >
            <Icon name="language" />
            <span class="wide-only">{text().otherLanguage}</span>
          </button>
          <IconButton
            icon={theme.value === 'dark' ? 'sun' : 'moon'}
            label={theme.value === 'dark' ? text().toLight : text().toDark}
            onClick={toggleTheme}
          />
          <IconButton
            icon="inspect"
            label={text().inspector}
            aria-expanded={isInspecting}
            aria-controls="inspector"
            onClick={() => setInspecting(!isInspecting)}
          />
          {who && (
            <button type="button" class="button quiet" onClick={signOut}>
              {text().signOut}
            </button>
          )}
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        {!who ? (
          <SignIn />
        ) : where.name === 'class' ? (
          <ClassScreen key={`${who.userId} ${where.classId}`} classId={where.classId} person={who} />
        ) : (
          <ClassList person={who} />
        )}
      </main>
      {isInspecting && <Inspector onClose={() => setInspecting(false)} />}
    </div>
  );
};

const skipToMain = () => document.getElementById('main')?.focus();
