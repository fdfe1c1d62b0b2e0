import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { startTestCloud, type TestCloud } from './support/local-cloud.ts';
import { projectDir, run } from './support/run.ts';

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await startTestCloud();
});

/** The README's walk, with the addresses of this run. */
const walk = () => {
  const readme = readFileSync(join(projectDir, 'README.md'), 'utf8');
  const script = /<!-- walk -->\n```sh\n([\s\S]+?)```/.exec(readme)?.[1];
  if (script === undefined) throw new Error('the README has no walk');
  const host = (origin: string) => new URL(origin).host;
  return script.replaceAll('127.0.0.1:8787', host(cloud.gateway)).replaceAll('127.0.0.1:8788', host(cloud.cloud));
};

it('the walk of the README goes from a token to a masked message', async () => {
  const { exitCode, stdout, stderr } = await run('bash', ['-e', '-c', walk()]);

  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  const lines = stdout.trim().split('\n');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ userId: 's1', userSig: expect.any(String), version: 2 });
  expect(JSON.parse(lines[1] ?? '')).toMatchObject({
    classId: 'maths-1',
    chatGroupId: 'maths-1_chat',
    status: 'scheduled',
  });
  expect(lines.slice(2)).toEqual([
    'uploaded maths-1/courseware/lesson.txt 200',
    '{"version":1,"size":1}',
    'administrator: Ms. Li 加入了房间',
    'administrator: s1 加入了房间',
    's1: you *********',
  ]);
});
