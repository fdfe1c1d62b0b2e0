import { buffer } from 'node:stream/consumers';
import { fromBufferPromise } from 'yauzl';
import { ZipFile } from 'yazl';

/** DOS time counts local hours; made from local parts, it is the same everywhere. */
const epoch = new Date(1980, 0, 1);

/** Packs files into a zip that depends on their names and contents alone. */
export const zip = async (files: Readonly<Record<string, string | Buffer>>): Promise<Buffer> => {
  const archive = new ZipFile();
  for (const [name, content] of Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))) {
    archive.addBuffer(typeof content === 'string' ? Buffer.from(content) : content, name, {
      mtime: epoch,
      mode: 0o100644,
      forceDosTimestamp: true,
      compressionLevel: 9,
    });
  }
  archive.end();
  return buffer(archive.outputStream as NodeJS.ReadableStream & AsyncIterable<Buffer>);
};

/** Name and content of each file in a zip, in its order. */
export const filesOf = async (archive: Buffer): Promise<(readonly [name: string, content: Buffer])[]> => {
  const files: (readonly [string, Buffer])[] = [];
  const packed = await fromBufferPromise(archive);
  for await (const entry of packed.eachEntry())
    files.push([entry.fileName, await buffer(await packed.openReadStreamPromise(entry))]);
  return files;
};
