import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startTestCloud, type TestCloud } from './support/local-cloud.ts';
import { projectDir, run } from './support/run.ts';

const read = (readme: string): string => readFileSync(join(projectDir, readme), 'utf8');

/** The README's walk, with the addresses of a run. */
const walk = (cloud: TestCloud) => {
  const script = /<!-- walk -->\n```sh\n([\s\S]+?)```/.exec(read('README.md'))?.[1];
  if (script === undefined) throw new Error('the README has no walk');
  return script.replaceAll('127.0.0.1:8787', new URL(cloud.gateway).host);
};

const throughGateway = (script: string) => script;

/** Each call of a function is an event, in a process of its own. */
const throughInvokeLocal = (script: string) => {
  const event =
    '{httpMethod:"POST",path:"/"+process.argv[1],headers:{authorization:"Bearer "+process.argv[2]},body:process.argv[3]}';
  const call = [
    'call() {',
    `  local event=$(node -p 'JSON.stringify(${event})' "$1" "$2" "$3")`,
    '  node_modules/.bin/serverless invoke local --function "$1" --data "$event" < /dev/null 2> /dev/null | node -pe \'JSON.parse(fs.readFileSync(0)).body\'',
    '}',
  ].join('\n');
  const changed = script.replace(/^call\(\) \{.*$/m, () => call);
  expect(changed).not.toBe(script);
  return changed;
};

const problem = (code: string) => expect.objectContaining({ code });
const sent = { messageId: expect.any(String), delivered: true };

describe.each([
  ['the gateway', throughGateway],
  ['serverless invoke local', throughInvokeLocal],
])('the walk of the README, through %s', (_way, through) => {
  it('holds a whole class', { timeout: 240_000 }, async () => {
    const cloud = await startTestCloud({ stays: true, outside: { NOTICE_LANGUAGE: 'en' } });
    const env = {
      LOCAL_DATA_DIR: cloud.dataDir,
      LOCAL_CLOUD_PORT: new URL(cloud.cloud).port,
      // npx has opinions on the machine's own npm settings.
      npm_config_loglevel: 'error',
      npm_config_update_notifier: 'false',
    };

    const script = through(walk(cloud));
    const { exitCode, stdout, stderr } = await run('bash', ['-e', '-c', script], { env, endAfterMs: 200_000 });

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
    expect(
      attendance.members.map(({ userId, name }: { userId: string; name: string }) => [userId, name]).sort(),
    ).toEqual([
      ['s1', 'Ann'],
      ['s2', 'Ben'],
      ['t1', 'Ms. Li'],
    ]);
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
  });
});

/** Blocks of code, which may hold empty lines, and runs of other lines. */
const block = /^```[\s\S]*?^```$|(?:^(?!```).+\n?)+/gm;
/** What a block is, where its first characters tell: a heading and its level, a bold start, a row, an image, a mark. */
const kind = /^(?:#+|\*\*|\||!\[|<!--)/;
/** What no language changes: names in code, addresses of links, figures. */
const fact = /`[^`]+`|(?<=\]\()[^)]+|\d+(?:[.,]\d+)*/g;

/** What a README says in any language, in order: its code, and the facts of all else; without the link to the other README. */
const outline = (readme: string) =>
  (read(readme).match(block) ?? [])
    .filter((text) => !text.includes('](README'))
    .flatMap((text) => (text.startsWith('|') ? text.trim().split('\n') : [text]))
    .map((text) => {
      if (text.startsWith('```')) return text;
      const facts = text.replaceAll(/\s+/g, ' ').match(fact) ?? [];
      return [kind.exec(text)?.[0] ?? 'text', ...new Set(facts.sort())];
    });

describe('the two READMEs', () => {
  it('say the same, block by block, as far as no language changes it', () => {
    expect(outline('README.zh-CN.md')).toEqual(outline('README.md'));
  });

  it.each([
    ['README.md', 'README.zh-CN.md'],
    ['README.zh-CN.md', 'README.md'],
  ])('%s links to %s, and to nothing in the project that is not there', (readme, other) => {
    const links = [...read(readme).matchAll(/\]\((?!https?:)([^)]+)\)/g)].map(([, path = '']) => path);

    expect(links).toContain(other);
    expect(links.filter((path) => !existsSync(join(projectDir, path)))).toEqual([]);
  });
});
