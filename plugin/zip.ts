import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

/** DOS time counts local hours; made from local parts, it is the same everywhere. */
const epoch = new Date(1980, 0, 1);

/** Packs files into a zip that depends on their names and contents alone. */
export const zip = async (files: Readonly<Record<string, string | Buffer>>): Promise<Buffer> => {
  const archive = new ZipFile();
  for (const [name, content] of Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))) {
    archive.addBuffer(Buffer.from(content as Buffer), name, {
      mtime: epoch,
      mode: 0o100644,
      forceDosTimestamp: true,
      compressionLevel: 9,
    });
  }
  archive.end();
  return buffer(archive.outputStream as NodeJS.ReadableStream & AsyncIterable<Buffer>);
};
