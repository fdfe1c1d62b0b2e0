import type { Faults } from '../faults.ts';
import type { ReadObject } from './code-input.ts';
import type { CodeStore } from './code-store.ts';
import type { ScfSettings } from './settings.ts';
import type { ScfState } from './state.ts';
import type { createTransitions } from './status.ts';

/** What the actions share. */
export interface ScfContext {
  state: ScfState;
  codes: CodeStore;
  /** Milliseconds since 1970. */
  clock(): number;
  faults: Faults;
  settings: ScfSettings;
  readObject: ReadObject;
  /** Where function URLs and domains are served. */
  origin(): string;
  startTransition: ReturnType<typeof createTransitions>;
}
