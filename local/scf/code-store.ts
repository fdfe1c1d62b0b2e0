import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TencentApiError } from '../api/action.ts';
import { isAlive } from '../running.ts';
import type { FunctionVersion } from './state.ts';
import { unzip } from './unzip.ts';

export interface CodeStore {
  /** Keeps a zip. Throws `InvalidParameterValue.ZipFile` for what is none. */
  put(archive: Buffer): Promise<FunctionVersion['code']>;
  read(sha256: string): Promise<Buffer>;
  /** Where a kept zip is unpacked. */
  unpack(sha256: string): Promise<string>;
  /** Removes what was unpacked, and unpacks nothing more. */
  close(): Promise<void>;
}

/**
 * Zips by what they hold, under a directory that outlives the process. They are unpacked far from it: a function must not
 * find the modules of the checkout around the data directory.
 */
export const createCodeStore = (directory: string): CodeStore => {
  const unpacked = new Map<string, Promise<string>>();
  let temporary: string | undefined;
  let isClosed = false;
  const fileOf = (sha256: string) => join(directory, `${sha256}.zip`);
  removeOrphans();

  const unpackArchive = async (sha256: string, archive: Buffer): Promise<string> => {
    if (isClosed) throw new TencentApiError('InternalError', 'The local SCF is being stopped.');
    temporary ??= mkdtempSync(join(tmpdir(), `classroom-scf-${process.pid}-`));
    const target = join(temporary, sha256);
    mkdirSync(target, { recursive: true });
    await unzip(archive, target);
    return target;
  };

  const unpackOnce = (sha256: string, read: () => Promise<Buffer>): Promise<string> => {
    const known = unpacked.get(sha256);
    if (known) return known;
    const unpacking = read().then((archive) => unpackArchive(sha256, archive));
    unpacking.catch(() => unpacked.delete(sha256));
    unpacked.set(sha256, unpacking);
    return unpacking;
  };

  return {
    async put(archive) {
      const sha256 = createHash('sha256').update(archive).digest('hex');
      await unpackOnce(sha256, async () => archive).catch(() => {
        throw new TencentApiError('InvalidParameterValue.ZipFile', 'The file is not a zip that SCF can unpack.');
      });
      await mkdir(directory, { recursive: true });
      // The same zip may be put twice at once.
      const written = `${fileOf(sha256)}.${randomUUID()}`;
      await writeFile(written, archive);
      await rename(written, fileOf(sha256));
      return { sha256, size: archive.length };
    },
    read: (sha256) => readFile(fileOf(sha256)),
    unpack: (sha256) => unpackOnce(sha256, () => readFile(fileOf(sha256))),
    async close() {
      isClosed = true;
      await Promise.allSettled(unpacked.values());
      if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
    },
  };
};

/** Removes what processes left that were killed. */
const removeOrphans = (): void => {
  for (const name of readdirSync(tmpdir())) {
    const pid = /^classroom-scf-(\d+)-\w+$/.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    try {
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
    } catch {
      // It is another user's, who will remove it.
    }
  }
};
