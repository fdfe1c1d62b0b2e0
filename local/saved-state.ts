import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createImState, type ImState } from './im/state.ts';

const saveAfterMs = 300;

/** IM's state out of a file, written back shortly after each change and by `save`. */
export const openImState = (file: string): { state: ImState; save(): void } => {
  const state = createImState(existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined);
  let timer: NodeJS.Timeout | undefined;
  const save = () => {
    clearTimeout(timer);
    timer = undefined;
    // Renamed into place, so that a kill leaves the old state or the new one.
    writeFileSync(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  };
  state.onChange(() => {
    timer ??= setTimeout(save, saveAfterMs).unref();
  });
  return { state, save };
};
