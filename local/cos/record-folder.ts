import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface RecordFolder<Meta> {
  /** Replaces the record of that name, if any. */
  put(name: string, meta: Meta, content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<void>;
  find(name: string): Promise<Meta | undefined>;
  /** Reads the bytes from `start` up to, not including, `end`; undefined when there is no such record. */
  read(name: string, range?: ByteRange): Promise<{ meta: Meta; content: Buffer } | undefined>;
  remove(name: string): Promise<void>;
  list(): Promise<Meta[]>;
}

export interface ByteRange {
  start: number;
  end: number;
}

/**
 * A folder of records: `<name>.json` holds the metadata and the name of the file with the bytes. Both are written under
 * names of their own and the metadata is renamed last, so no reader, of this process or another, meets half a record.
 */
export const createRecordFolder = <Meta extends object>(directory: string): RecordFolder<Meta> => {
  const metaPath = (name: string) => join(directory, `${name}.json`);
  const contentPath = (file: string) => join(directory, `${file}.bin`);

  const load = async (name: string): Promise<{ file: string; meta: Meta } | undefined> => {
    const text = await unlessMissing(readFile(metaPath(name), 'utf8'));
    return text === undefined ? undefined : JSON.parse(text);
  };

  return {
    async put(name, meta, content) {
      await mkdir(directory, { recursive: true });
      const file = randomUUID();
      await writeFile(contentPath(file), content);
      const temporary = join(directory, `${file}.tmp`);
      await writeFile(temporary, JSON.stringify({ file, meta }));
      const previous = await load(name);
      await rename(temporary, metaPath(name));
      if (previous) await rm(contentPath(previous.file), { force: true });
    },
    find: async (name) => (await load(name))?.meta,
    async read(name, range) {
      for (let record = await load(name), missed: string | undefined; record; record = await load(name)) {
        const content = await unlessMissing(readRange(contentPath(record.file), range));
        if (content) return { meta: record.meta, content };
        // A writer has replaced the record in between, unless the same file is missed again.
        if (record.file === missed) throw new Error(`${contentPath(missed)} is gone.`);
        missed = record.file;
      }
      return undefined;
    },
    async remove(name) {
      const record = await load(name);
      if (!record) return;
      await rm(metaPath(name), { force: true });
      await rm(contentPath(record.file), { force: true });
    },
    async list() {
      const files = (await unlessMissing(readdir(directory))) ?? [];
      const names = files.filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -'.json'.length));
      const metas = await Promise.all(names.map(async (name) => (await load(name))?.meta));
      return metas.filter((meta) => meta !== undefined);
    },
  };
};

const readRange = async (path: string, range?: ByteRange) => {
  if (!range) return readFile(path);
  const file = await open(path);
  try {
    const buffer = Buffer.alloc(range.end - range.start);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, range.start);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
};

const unlessMissing = async <T>(work: Promise<T>): Promise<T | undefined> => {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
};
