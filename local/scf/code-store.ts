import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TencentApiError } from '../api/action.ts';
import type { FunctionVersion } from './state.ts';
import { unzip } from './unzip.ts';

export interface CodeStore {
  /** Keeps a zip. Throws `InvalidParameterValue.ZipFile` for what is none. */
  put(archive: Buffer): Promise<FunctionVersion['code']>;
  read(sha256: string): Promise<Buffer>;
  /** Where a kept zip is unpacked. */
  unpack(sha256: string): Promise<string>;
  /** Removes what was unpacked. */
  close(): void;
}

/**
 * Zips by what they hold, under a directory that outlives the process. They are unpacked far from it: a function must not
 * find the modules of the checkout around the data directory.
 */
export const createCodeStore = (directory: string): CodeStore => {
  const unpacked = new Map<string, Promise<string>>();
  let temporary: string | undefined;
  const fileOf = (sha256: string) => join(directory, `${sha256}.zip`);

  const unpackArchive = async (sha256: string, archive: Buffer): Promise<string> => {
    temporary ??= mkdtempSync(join(tmpdir(), 'classroom-scf-'));
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
      await writeFile(`${fileOf(sha256)}.new`, archive);
      await rename(`${fileOf(sha256)}.new`, fileOf(sha256));
      return { sha256, size: archive.length };
    },
    read: (sha256) => readFile(fileOf(sha256)),
    unpack: (sha256) => unpackOnce(sha256, () => readFile(fileOf(sha256))),
    close() {
      if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true });
      unpacked.clear();
      temporary = undefined;
    },
  };
};
