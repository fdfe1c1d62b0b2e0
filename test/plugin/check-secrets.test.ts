import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { complaintsOf } from '../../plugin/check-secrets/complaints.ts';
import { zip } from '../../plugin/zip.ts';
import { makeDirectory } from '../support/directory.ts';
import { projectDir, run } from '../support/run.ts';
import { makeService, smallService } from '../support/service.ts';

// Packaging takes a second of one core, more on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const secrets = [
  { name: 'imSecretKey', value: 'a 密 key of the app "quoted"' },
  { name: 'token', value: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJzMSJ9.c2ln' },
];
const [key = '', token = ''] = secrets.map(({ value }) => value);

let directory: string;
beforeEach(() => {
  directory = makeDirectory();
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** What is told of these files, the directory left out. */
const complaints = async (files: Readonly<Record<string, string | Buffer>>, known = secrets): Promise<string[]> => {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(directory, path, '..'), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
  const found = await complaintsOf({ places: [directory], secrets: known });
  return found.map((complaint) => complaint.replaceAll(`${directory}/`, ''));
};

describe('the search for secrets', () => {
  it('finds none where there is none, not even where one begins', async () => {
    const files = {
      'output.log': `{"event":"invocation"} ${token.slice(0, -1)}`,
      'a.zip': await zip({ 'index.js': 'main' }),
    };
    expect(await complaints(files)).toEqual([]);
  });

  it.each([
    ['as it is', key],
    ['in JSON', JSON.stringify({ cause: key })],
    ['in JSON within JSON', JSON.stringify({ message: JSON.stringify({ cause: key }) })],
    ['in a form', new URLSearchParams({ key }).toString()],
    ['in hexadecimal digits', Buffer.from(key).toString('hex')],
    ['in an address', `https://im.example.com/?key=${encodeURIComponent(key)}`],
    ['in Base64', Buffer.from(key).toString('base64')],
    ['in Base64 behind a name', Buffer.from(`u:${key}`).toString('base64')],
    ['in Base64 between others', Buffer.from(`{"k":"${key}"}`).toString('base64')],
    ['in the Base64 of addresses', Buffer.from(key).toString('base64url')],
  ])('finds one %s, and does not say it', async (_, text) => {
    expect(await complaints({ 'output.log': `before ${text} after` })).toEqual([
      'output.log has a secret: imSecretKey',
    ]);
  });

  it.each([
    ['a line of a key', `-----BEGIN PRIVATE KEY-----\n${'a'.repeat(64)}\n${'b'.repeat(64)}\n-----END PRIVATE KEY-----`],
    ['one token of a list', `the-old-token-of-IM,${'b'.repeat(64)}`],
    ['the password of an address', `postgres://u:${'b'.repeat(64)}@127.0.0.1/classroom`],
  ])('finds %s alone', async (_, value) => {
    expect(await complaints({ 'output.log': 'b'.repeat(64) }, [{ name: 'whole', value }])).toEqual([
      'output.log has a secret: whole',
    ]);
  });

  it('takes no secret that is too short to be looked for', async () => {
    await expect(complaints({ 'a.log': 'x' }, [{ name: 'short', value: 'key' }])).rejects.toThrow('short is too short');
  });

  it('finds one in an archive, where its bytes are not', async () => {
    const archive = await zip({ 'index.js': `const padding = "${'x'.repeat(1000)}", token = "${token}"` });
    expect(archive.includes(token)).toBe(false);
    expect(await complaints({ 'issue-sig.zip': archive })).toEqual(['issue-sig.zip: index.js has a secret: token']);
    const outer = await zip({ 'issue-sig.zip': archive });
    expect(await complaints({ 'all.zip': outer })).toContain('all.zip: issue-sig.zip: index.js has a secret: token');
  });

  it('finds every one in every file, however deep', async () => {
    expect((await complaints({ 'a/b/index.js': key + token, 'c.log': token })).sort()).toEqual([
      'a/b/index.js has a secret: imSecretKey',
      'a/b/index.js has a secret: token',
      'c.log has a secret: token',
    ]);
  });

  it('fails when there is nothing to search, or to search for', async () => {
    await expect(complaints({})).rejects.toThrow('nothing in');
    await expect(complaints({ 'a.log': 'x' }, [])).rejects.toThrow('No secrets are known');
  });
});

describe('npm run check:secrets', () => {
  const check = (source: string, log: string) => {
    writeFileSync(join(directory, 'secrets.jsonl'), secrets.map((secret) => JSON.stringify(secret)).join('\n'));
    writeFileSync(join(directory, 'output.log'), log);
    const hello = { handler: 'hello.main', events: [] };
    return run(process.execPath, ['--import', 'tsx', join(projectDir, 'plugin/check-secrets/run.ts')], {
      cwd: makeService({ 'serverless.yml': smallService({ hello }), 'hello.ts': source }),
      env: { TEST_OUTPUT_DIR: directory },
    });
  };

  it('finds none in what the tests have logged and in what is packaged', async () => {
    const { exitCode, stdout } = await check('export const main = async () => process.env.IM_SECRET_KEY;', 'a line');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^None of \d+ secrets is in \.serverless, /m);
  });

  it('fails when one is planted in the log, or in the source of a function', async () => {
    const { exitCode, stdout, stderr } = await check(`export const main = async () => '${token}';`, `Bearer ${token}`);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`${directory}/output.log has a secret: token`);
    expect(stderr).toContain('.serverless/hello.zip: index.js has a secret: token');
    expect(stdout + stderr).not.toContain(token);
  });
});
