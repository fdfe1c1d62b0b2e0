import { bundle } from './bundle.ts';
import { inParallel } from './in-parallel.ts';
import { zip } from './zip.ts';

export interface Packable {
  name: string;
  handler: string;
  /** Where its bundle is left. */
  outDir: string;
}

export interface Archive {
  name: string;
  /** Of the bundle in it. */
  codeBytes: number;
  archive: Buffer;
}

/** One bundle and one zip for each function, in their order: the same bytes for the same sources. */
export const packAll = (serviceDir: string, functions: readonly Packable[]): Promise<Archive[]> =>
  inParallel(functions, async ({ name, handler, outDir }) => {
    const { code } = await bundle(serviceDir, handler, outDir);
    return { name, codeBytes: Buffer.byteLength(code), archive: await zip({ 'index.js': code }) };
  });
