import { computed, effect } from '@preact/signals';
import { storedSignal } from './stored.ts';

/** What the page speaks. */
export type Language = 'zh' | 'en';

const preferred: Language = navigator.language.startsWith('zh') ? 'zh' : 'en';
const chosen = storedSignal<Language | undefined>(localStorage, 'classroom.language', undefined);

/** Which language the page speaks: the browser's, until somebody chooses. */
export const language = computed<Language>(() => chosen.value ?? preferred);

/** Chooses the other one. */
export const toggleLanguage = (): void => {
  chosen.value = language.value === 'zh' ? 'en' : 'zh';
};

effect(() => {
  document.documentElement.lang = language.value === 'zh' ? 'zh-CN' : 'en';
});

type Text = string | ((...values: never[]) => string);
/** The same names with the same values to fill in; the words may be any. */
type Words<T> = T extends (...values: infer Values) => string ? (...values: Values) => string : string;
type Texts<T> = { readonly [Name in keyof T]: Words<T[Name]> };

/** What a part of the page says, in both languages: `const text = inBoth({en: …, zh: …})`, then `text().title`. */
export const inBoth =
  <const T extends Readonly<Record<string, Text>>>({ en, zh }: { en: T; zh: NoInfer<Texts<T>> }) =>
  (): Texts<T> =>
    language.value === 'zh' ? zh : (en as unknown as Texts<T>);

/** A time as people of the language write it; `seconds` since 1970. */
export const formatTime = (seconds: number, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat(language.value === 'zh' ? 'zh-CN' : 'en-GB', options).format(seconds * 1000);

/** A duration as a clock shows it: `4:05`, `1:02:03`. */
export const formatDuration = (seconds: number): string => {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const padded = (value: number) => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${padded(minutes)}:${padded(rest)}` : `${minutes}:${padded(rest)}`;
};
