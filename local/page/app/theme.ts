import { computed, effect, signal } from '@preact/signals';
import { storedSignal } from './stored.ts';

/** By day, by night. */
export type Theme = 'light' | 'dark';

const darkness = matchMedia('(prefers-color-scheme: dark)');
const preferred = signal<Theme>(darkness.matches ? 'dark' : 'light');
darkness.addEventListener('change', ({ matches }) => {
  preferred.value = matches ? 'dark' : 'light';
});
const chosen = storedSignal<Theme | undefined>(localStorage, 'classroom.theme', undefined);

/** Light or dark: as the system has it, until somebody chooses. */
export const theme = computed<Theme>(() => chosen.value ?? preferred.value);

/** Chooses the other one. */
export const toggleTheme = (): void => {
  chosen.value = theme.value === 'dark' ? 'light' : 'dark';
};

effect(() => {
  document.documentElement.dataset.theme = theme.value;
});
