import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { lazyBuiltins } from './lazy-builtins.ts';

export interface Bundle {
  /** `index.js`, a CommonJS module that exports the handler. */
  file: string;
  code: string;
}

const substituted = ['node-fetch', 'form-data', 'https-proxy-agent', 'json-bigint', 'uuid'];
const substitute = (name: string) => fileURLToPath(new URL(`substitutes/${name}.cjs`, import.meta.url));

/** Throws an `Error` when the handler has no source file or does not compile. */
export const bundle = async (serviceDir: string, handler: string, outDir: string): Promise<Bundle> => {
  const { source } = splitHandler(handler);
  const entry = join(serviceDir, `${source}.ts`);
  if (!existsSync(entry)) throw new Error(`The handler "${handler}" has no source file ${source}.ts.`);
  const file = join(outDir, 'index.js');
  const { outputFiles } = await build({
    entryPoints: [entry],
    outfile: file,
    write: false,
    absWorkingDir: serviceDir,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // `import()` becomes a late `require()`: Node's loader of ES modules takes 10 ms to wake up.
    supported: { 'dynamic-import': false },
    legalComments: 'none',
    logLevel: 'silent',
    // The SDK brings 450 KB that it never needs for JSON over HTTPS without proxies.
    alias: Object.fromEntries(substituted.map((name) => [name, substitute(name)])),
    plugins: [lazyBuiltins],
  });
  const code = outputFiles.map(({ text }) => text).join('');
  await mkdir(outDir, { recursive: true });
  // Under a package of ES modules, a .js file would be taken for one.
  await replaceFile(join(outDir, 'package.json'), '{"type":"commonjs"}\n');
  await replaceFile(file, code);
  return { file, code };
};

/** Never half-written: several processes may bundle the same function at once. */
const replaceFile = async (file: string, content: string): Promise<void> => {
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, content);
  await rename(draft, file);
};

export const splitHandler = (handler: string): { source: string; exportName: string } => {
  const dot = handler.lastIndexOf('.');
  return { source: handler.slice(0, dot), exportName: handler.slice(dot + 1) };
};
