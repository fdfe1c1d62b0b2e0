import { useState } from 'preact/hooks';

/** Something that is done on a click: whether it is under way, and what went wrong the last time. A second click while it runs does nothing. */
export const useAction = <Args extends unknown[]>(work: (...args: Args) => Promise<unknown>) => {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const run = async (...args: Args): Promise<void> => {
    if (isBusy) return;
    setBusy(true);
    setError(undefined);
    try {
      await work(...args);
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return { run, isBusy, error };
};
