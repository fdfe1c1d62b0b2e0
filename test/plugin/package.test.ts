import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import { inflateRawSync } from 'node:zlib';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import service from '../../serverless.ts';
import { projectDir, serverless } from '../support/run.ts';
import { copyService, makeService, smallService } from '../support/service.ts';

// Each run of the command line takes a second of one core, more on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const names = Object.keys(service.functions);
const directory = copyService();
const artifacts = join(directory, '.serverless');
const zipOf = (name: string) => readFileSync(join(artifacts, `${name}.zip`));

/** The files of a zip, by its central directory. Source: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT */
const unzip = (archive: Buffer): Record<string, string> => {
  const end = archive.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  let at = archive.readUInt32LE(end + 16);
  const files: Record<string, string> = {};
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [size, nameLength, extraLength] = [20, 28, 30].map((field) =>
      field === 20 ? archive.readUInt32LE(at + field) : archive.readUInt16LE(at + field),
    ) as [number, number, number];
    const local = archive.readUInt32LE(at + 42);
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength);
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    files[name] = inflateRawSync(archive.subarray(start, start + size)).toString('utf8');
    at += 46 + nameLength + extraLength + archive.readUInt16LE(at + 32);
  }
  return files;
};

const digests = () =>
  Object.fromEntries(names.map((name) => [name, createHash('sha256').update(zipOf(name)).digest('hex')]));

describe('serverless package', () => {
  let first: Record<string, string>;

  beforeAll(async () => {
    const { exitCode, stdout } = await serverless(['package'], { cwd: directory, env: { TZ: 'Asia/Shanghai' } });
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0 });
    first = digests();
  });

  it('makes one zip for each function', () => {
    const zips = readdirSync(artifacts).filter((file) => file.endsWith('.zip'));
    expect(zips.sort()).toEqual(names.map((name) => `${name}.zip`).sort());
  });

  it.each(names)('puts into the zip of %s nothing but index.js, which exports main', (name) => {
    const files = unzip(zipOf(name));
    expect(Object.keys(files)).toEqual(['index.js']);
    const code = files['index.js'] ?? '';
    expect(code).toBe(readFileSync(join(artifacts, name, 'index.js'), 'utf8'));
    const module = { exports: {} };
    // Loaded without its settings it stops at once, but has named its exports by then.
    const load = () =>
      compileFunction(code, ['exports', 'require', 'module', 'process'])(
        module.exports,
        createRequire(import.meta.url),
        module,
        Object.create(process, { env: { value: {} } }),
      );
    expect(load).toThrow('Bad environment:');
    expect(Object.keys(module.exports)).toEqual(['main']);
  });

  it('makes the same bytes again, in another time zone and from another directory', async () => {
    const elsewhere = copyService();
    await serverless(['package'], { cwd: elsewhere, env: { TZ: 'America/New_York' } });
    rmSync(artifacts, { recursive: true });
    await serverless(['package'], { cwd: directory, env: { TZ: 'America/New_York' } });
    expect(digests()).toEqual(first);
    for (const name of names)
      expect(readFileSync(join(elsewhere, '.serverless', `${name}.zip`)).equals(zipOf(name))).toBe(true);
  });

  it('says in a line that a handler has no source file', async () => {
    const lost = makeService({ 'serverless.yml': smallService({ lost: { handler: 'nowhere/index.main' } }) });
    const { exitCode, stdout } = await serverless(['package'], { cwd: lost });
    expect(exitCode).toBe(1);
    expect(stdout.trim()).toBe('Error:\nThe handler "nowhere/index.main" has no source file nowhere/index.ts.');
  });

  it('says where a source file does not compile', async () => {
    const broken = makeService({
      'serverless.yml': smallService({ broken: { handler: 'broken.main' } }),
      'broken.ts': 'export const main = (',
    });
    const { exitCode, stdout, stderr } = await serverless(['package'], { cwd: broken });
    expect(exitCode).toBe(1);
    expect(stdout).toContain('broken.ts:1:21: ERROR: Unexpected end of file');
    expect(stdout + stderr).not.toMatch(/^ +at /m);
  });
});

describe('a bundle', () => {
  let inputs: Record<string, string[]>;

  beforeAll(async () => {
    const { metafile } = await build({
      entryPoints: names.map((name) => `functions/${name}/index.ts`),
      absWorkingDir: projectDir,
      outdir: 'unwritten',
      outbase: 'functions',
      bundle: true,
      platform: 'node',
      format: 'cjs',
      write: false,
      metafile: true,
      logLevel: 'silent',
    });
    inputs = Object.fromEntries(
      Object.entries(metafile.outputs).map(([output, { inputs: used }]) => [
        output.replace(/^unwritten\/(.+)\/index\.js$/, '$1'),
        Object.keys(used),
      ]),
    );
  });

  it.each(names)('of %s holds nothing of the plugin, the local cloud, another function or the tests', (name) => {
    const own = (inputs[name] ?? []).filter((file) => !file.startsWith('node_modules/'));
    expect(own).toContain(`functions/${name}/index.ts`);
    expect(own.filter((file) => !file.startsWith('lib/') && !file.startsWith(`functions/${name}/`))).toEqual([]);
  });

  it.each(names)('of %s holds one middy, its core', (name) => {
    const middy = (inputs[name] ?? []).filter((file) => file.includes('@middy/'));
    expect(middy).toEqual(['node_modules/@middy/core/index.js']);
  });
});
