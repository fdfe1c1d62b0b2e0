import { effect, type Signal, signal } from '@preact/signals';

/** A signal that a storage keeps: `localStorage` for the browser, `sessionStorage` for this tab alone. What cannot be read counts as absent. */
export const storedSignal = <T>(storage: Storage, key: string, initial: T): Signal<T> => {
  const value = signal<T>(readStored(storage, key) ?? initial);
  effect(() => {
    if (value.value === undefined) storage.removeItem(key);
    else storage.setItem(key, JSON.stringify(value.value));
  });
  return value;
};

const readStored = <T>(storage: Storage, key: string): T | undefined => {
  try {
    return JSON.parse(storage.getItem(key) ?? '') as T;
  } catch {
    // Nothing was kept, or somebody else kept something under our name.
    return undefined;
  }
};
