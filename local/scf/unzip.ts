import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { fromBufferPromise } from 'yauzl';

/** Of code without its layers. Source: https://cloud.tencent.com/document/product/583/11637 */
const maxUnpackedBytes = 500 * 1024 * 1024;

/** Unpacks a zip into a directory, its files for reading only. Throws an `Error` for what is none, too large, or leaves the directory. */
export const unzip = async (archive: Buffer, directory: string): Promise<void> => {
  const zip = await fromBufferPromise(archive);
  let unpacked = 0;
  for await (const entry of zip.eachEntry()) {
    const path = join(directory, entry.fileName);
    if (entry.fileName.endsWith('/')) continue;
    unpacked += entry.uncompressedSize;
    if (unpacked > maxUnpackedBytes) throw new Error('The code exceeds 500 MB.');
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, await buffer(await zip.openReadStreamPromise(entry)), { mode: 0o444 });
  }
};
