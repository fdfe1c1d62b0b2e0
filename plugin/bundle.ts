import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export interface Bundle {
  /** `index.js`, a CommonJS module that exports the handler. */
  file: string;
  code: string;
}

const substitute = (name: string) => fileURLToPath(new URL(`substitutes/${name}.cjs`, import.meta.url));

/** Throws an `Error` when the handler has no source file or does not compile. */
export const bundle = async (serviceDir: string, handler: string, outDir: string): Promise<Bundle> => {
  const { source } = splitHandler(handler);
  const entry = join(serviceDir, `${source}.ts`);
  if (!existsSync(entry)) throw new Error(`The handler "${handler}" has no source file ${source}.ts.`);
  const file = join(outDir, 'index.js');
  await rm(outDir, { recursive: true, force: true });
  await mkdir(dirname(file), { recursive: true });
  await build({
    entryPoints: [entry],
    outfile: file,
    absWorkingDir: serviceDir,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    legalComments: 'none',
    logLevel: 'silent',
    // The SDK brings a URL parser and a form encoder of 400 KB that it never needs for JSON over HTTPS.
    alias: { 'whatwg-url': substitute('whatwg-url'), 'form-data': substitute('form-data') },
  });
  // Under a package of ES modules, a .js file would be taken for one.
  await writeFile(join(outDir, 'package.json'), '{"type":"commonjs"}\n');
  return { file, code: await readFile(file, 'utf8') };
};

export const splitHandler = (handler: string): { source: string; exportName: string } => {
  const dot = handler.lastIndexOf('.');
  return { source: handler.slice(0, dot), exportName: handler.slice(dot + 1) };
};
