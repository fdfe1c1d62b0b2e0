import { copyFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { makeDirectory } from './directory.ts';
import { projectDir } from './run.ts';

const made: string[] = [];
afterAll(() => {
  for (const directory of made) rmSync(directory, { recursive: true, force: true });
});

const sources = ['functions', 'lib', 'local', 'package.json', 'tsconfig.json'];

/** A directory of these files beside our plugin and what is installed here; removed when the test file is done. */
export const makeService = (files: Readonly<Record<string, string>>): string => {
  const directory = makeDirectory();
  made.push(directory);
  for (const name of ['node_modules', 'plugin']) symlinkSync(join(projectDir, name), join(directory, name));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
  return directory;
};

/** This service in a directory of its own, where building it disturbs nobody. */
export const copyService = (): string => {
  const directory = makeService({});
  for (const name of sources) symlinkSync(join(projectDir, name), join(directory, name));
  // The framework looks for a file, not for a link.
  copyFileSync(join(projectDir, 'serverless.ts'), join(directory, 'serverless.ts'));
  return directory;
};

/** `serverless.yml` of a small service with our plugin: its functions, and more of its provider. */
export const smallService = (functions: object, provider: object = {}): string =>
  JSON.stringify({
    service: 'small',
    frameworkVersion: '4',
    plugins: ['./plugin/index.cjs'],
    provider: { name: 'tencent', runtime: 'Nodejs20.19', region: 'ap-guangzhou', ...provider },
    functions,
  });
