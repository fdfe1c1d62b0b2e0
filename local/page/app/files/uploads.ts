import { computed, signal } from '@preact/signals';
import { freeName, safeName } from './file-names.ts';

/** Where a file goes: among one's own, or to what the teacher hands out. */
export type Area = 'own' | 'courseware';

/** `interrupted`: it was tried several times, and goes on from where it was when it is resumed. */
export type UploadState = 'waiting' | 'sending' | 'retrying' | 'interrupted' | 'done';

/** A file on its way. */
export interface Upload {
  id: number;
  area: Area;
  /** The last part of its key, known once it is sent; until then the file's own. */
  name: string;
  /** Bytes. */
  size: number;
  loaded: number;
  state: UploadState;
  /** Why it was interrupted. */
  error?: unknown;
}

/** A file of the browser, as far as it is looked at here. */
export interface Sendable {
  name: string;
  size: number;
}

/** One attempt to bring a file to COS. */
export interface Attempt {
  /** Rejects with whatever went wrong. Parts that have arrived stay there for the next attempt. */
  done: Promise<unknown>;
  /** Ends it; `done` then never settles. */
  cancel(): void;
}

/** Brings files to COS; what is there of a file already is not sent again. */
export interface Transfer<File extends Sendable> {
  send(place: { area: Area; name: string }, file: File, onProgress: (loaded: number) => void): Attempt;
  /** Throws away the parts of a file that is not wanted any more. */
  discard(place: { area: Area; name: string }): Promise<unknown>;
}

export interface UploadsOptions<File extends Sendable> {
  transfer: Transfer<File>;
  /** The names that are taken in an area. */
  namesIn(area: Area): Promise<readonly string[]>;
  /** Whether it makes no sense to try again by itself. */
  isFinal(error: unknown): boolean;
  sleep(ms: number): Promise<void>;
}

/** Waits before it is tried again by itself. */
const retryWaitsMs = [500, 1500, 4000];

/** Uploads, one after the other, the first chosen first. They go on whatever part of the page one looks at. */
export const createUploads = <File extends Sendable>({ transfer, namesIn, isFinal, sleep }: UploadsOptions<File>) => {
  const list = signal<readonly Upload[]>([]);
  const arrived = signal(0);
  /** What belongs to an upload and is not shown. */
  const files = new Map<number, File>();
  const named = new Set<number>();
  let lastId = 0;
  let current: { id: number; attempt?: Attempt } | undefined;

  const find = (id: number) => list.value.find((upload) => upload.id === id);
  const change = (id: number, changes: Partial<Upload>) => {
    list.value = list.value.map((upload) => (upload.id === id ? { ...upload, ...changes } : upload));
  };
  const isWanted = (id: number) => current?.id === id;

  /** Names are looked up as late as possible, and kept for good: a resumed upload goes on under its own. */
  const nameOnce = async ({ id, area, name }: Upload): Promise<string> => {
    if (named.has(id)) return name;
    const others = list.value.filter((upload) => named.has(upload.id) && upload.area === area);
    const taken = new Set([...(await namesIn(area)), ...others.map((other) => other.name)]);
    const free = freeName(safeName(name), taken);
    named.add(id);
    change(id, { name: free });
    return free;
  };

  const attempt = async (upload: Upload, file: File) => {
    const { id, area } = upload;
    const name = await nameOnce(find(id) ?? upload);
    if (!isWanted(id)) return;
    const sending = transfer.send({ area, name }, file, (loaded) => {
      // An attempt begins at 0, whatever has arrived before.
      if (loaded > 0) change(id, { loaded, state: 'sending' });
    });
    current = { id, attempt: sending };
    await sending.done;
  };

  const run = async (upload: Upload, file: File) => {
    const { id } = upload;
    change(id, { state: 'sending' });
    for (const waitMs of [...retryWaitsMs, undefined]) {
      try {
        await attempt(upload, file);
        if (!isWanted(id)) return;
        change(id, { state: 'done', loaded: upload.size });
        files.delete(id);
        arrived.value += 1;
        return;
      } catch (error) {
        if (!isWanted(id)) return;
        if (waitMs === undefined || isFinal(error)) return change(id, { state: 'interrupted', error });
        change(id, { state: 'retrying' });
        await sleep(waitMs);
        if (!isWanted(id)) return;
      }
    }
  };

  const runNext = async () => {
    if (current) return;
    const next = list.value.find(({ state }) => state === 'waiting');
    const file = next && files.get(next.id);
    if (!next || !file) return;
    current = { id: next.id };
    await run(next, file);
    if (isWanted(next.id)) current = undefined;
    void runNext();
  };

  const forget = (id: number) => {
    list.value = list.value.filter((upload) => upload.id !== id);
    files.delete(id);
  };

  return {
    list: computed(() => list.value),
    /** How many have arrived so far. */
    arrived: computed(() => arrived.value),
    add(area: Area, chosen: readonly File[]) {
      for (const file of chosen) {
        lastId += 1;
        files.set(lastId, file);
        const { name, size } = file;
        list.value = [...list.value, { id: lastId, area, name, size, loaded: 0, state: 'waiting' }];
      }
      void runNext();
    },
    /** Goes on with an interrupted one. */
    resume(id: number) {
      change(id, { state: 'waiting', error: undefined });
      void runNext();
    },
    /** Ends one for good, and forgets it. */
    cancel(id: number) {
      const upload = find(id);
      const wasBegun = named.has(id) && upload?.state !== 'done';
      forget(id);
      if (current?.id === id) {
        current.attempt?.cancel();
        current = undefined;
        void runNext();
      }
      // What is left behind otherwise is thrown away by the bucket's own rules.
      if (upload && wasBegun) transfer.discard(upload).catch(() => {});
    },
    /** Takes what has arrived off the list. */
    clearDone() {
      list.value = list.value.filter(({ state }) => state !== 'done');
    },
  };
};

export type Uploads<File extends Sendable> = ReturnType<typeof createUploads<File>>;
