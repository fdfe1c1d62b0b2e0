import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { TestCloud } from './local-cloud.ts';
import { projectDir, type RunResult, run } from './run.ts';

/** The README's walk, through another origin than the gateway's usual one. */
export const readWalk = (origin: string): string => {
  const readme = readFileSync(join(projectDir, 'README.md'), 'utf8');
  const script = /<!-- walk -->\n```sh\n([\s\S]+?)```/.exec(readme)?.[1];
  if (script === undefined) throw new Error('the README has no walk');
  return script.replaceAll('127.0.0.1:8787', new URL(origin).host);
};

export interface WalkOptions {
  /** Its local cloud. */
  cloud: Pick<TestCloud, 'cloud' | 'dataDir'>;
  /** A checkout, in which it writes files. */
  cwd?: string;
}

/** Takes the walk to its end. */
export const takeWalk = (script: string, { cloud, cwd = projectDir }: WalkOptions): Promise<RunResult> =>
  run('bash', ['-e', '-c', script], {
    cwd,
    env: {
      LOCAL_DATA_DIR: cloud.dataDir,
      LOCAL_CLOUD_PORT: new URL(cloud.cloud).port,
      // npx has opinions on the machine's own npm settings.
      npm_config_loglevel: 'error',
      npm_config_update_notifier: 'false',
    },
    endAfterMs: 200_000,
  });

const problem = (code: string) => expect.objectContaining({ code });
const sent = { messageId: expect.any(String), delivered: true };

/** Throws unless the walk has held a whole class, from its creation to what Ann saw of it. */
export const assertWholeClass = ({ exitCode, stdout, stderr }: RunResult): void => {
  expect([stderr, exitCode]).toEqual(['', 0]);
  const lines = stdout.trim().split('\n');
  const replies = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  const [created, words, ...rest] = replies;
  expect(created).toMatchObject({ classId: 'maths-1', chatGroupId: 'maths-1_chat', status: 'scheduled' });
  expect(words).toEqual({ version: 1, size: 1 });
  expect(rest.slice(0, 7)).toEqual([sent, sent, sent, sent, sent, sent, sent]);
  const [muted, refused, removed, shutOut, ended, replay, attendance, files] = rest.slice(7);
  expect(muted).toEqual({ classId: 'maths-1', userId: 's2', mutedUntil: expect.any(Number) });
  expect(refused).toEqual(problem('FORBIDDEN'));
  expect(removed).toEqual({ classId: 'maths-1', userId: 's2', removed: true });
  expect(shutOut).toEqual(problem('FORBIDDEN'));
  expect(ended).toMatchObject({ status: 'ended', endedAt: expect.any(Number) });
  expect(replay).toEqual({
    messages: [1, 2, 3].map((x) => ({
      seq: x + 1,
      time: expect.any(Number),
      userId: 's1',
      type: 'board',
      data: { x },
    })),
    gaps: [],
  });
  expect(attendance.members.map(({ userId, name }: { userId: string; name: string }) => [userId, name]).sort()).toEqual(
    [
      ['s1', 'Ann'],
      ['s2', 'Ben'],
      ['t1', 'Ms. Li'],
    ],
  );
  for (const { joinedAt, leftAt, seconds } of attendance.members) {
    expect(leftAt).toBeLessThanOrEqual(ended.endedAt);
    // Nobody has gone in between, and parts of seconds are cut off.
    expect(Math.abs(leftAt - joinedAt - seconds)).toBeLessThanOrEqual(1);
  }
  expect(files.files).toEqual([{ key: 'maths-1/courseware/lesson.txt', size: 12, lastModified: expect.any(Number) }]);

  const seen = lines.slice(lines.lastIndexOf(JSON.stringify(files)) + 1);
  for (const line of [
    's1 is in the chat',
    's1 is in the room',
    'administrator: Ben has joined the room',
    's1: Ben, you *********',
    's2: hey!',
  ])
    expect(seen).toContain(line);
  expect(seen).not.toContain('s2: hey hey!');
  expect(seen.at(-1)).toBe('the class is over');
};
