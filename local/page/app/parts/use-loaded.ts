import { useEffect, useState } from 'preact/hooks';

export type Loaded<T> = { state: 'loading' } | { state: 'failed'; error: unknown } | { state: 'loaded'; value: T };

/** What a call answers, asked anew whenever `key` changes or `reload` is called. */
export const useLoaded = <T>(key: string, load: () => Promise<T>) => {
  const [loaded, setLoaded] = useState<Loaded<T>>({ state: 'loading' });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    const settle = (next: Loaded<T>) => isCurrent && setLoaded(next);
    load().then(
      (value) => settle({ state: 'loaded', value }),
      (error: unknown) => settle({ state: 'failed', error }),
    );
    return () => {
      isCurrent = false;
    };
  }, [key, turn]);
  const reload = () => {
    setLoaded({ state: 'loading' });
    setTurn((last) => last + 1);
  };
  return { loaded, reload };
};
