import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startTestCloud } from './support/local-cloud.ts';
import { createTestLog } from './support/log.ts';
import { projectDir } from './support/run.ts';
import { assertWholeClass, readWalk, takeWalk } from './support/walk.ts';

const read = (readme: string): string => readFileSync(join(projectDir, readme), 'utf8');

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

describe.each([
  ['the gateway', throughGateway],
  ['serverless invoke local', throughInvokeLocal],
])('the walk of the README, through %s', (_way, through) => {
  it('holds a whole class', { timeout: 240_000 }, async () => {
    const cloud = await startTestCloud({ stays: true, outside: { NOTICE_LANGUAGE: 'en' } });

    assertWholeClass(await takeWalk(through(readWalk(cloud.gateway)), { cloud }));
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

/** Of a query's second part, what is no name of a field. */
const sql =
  /'[^']*'|\bas \w+|\b(?:select|count|group|by|order|desc|having|in|limit|approx_percentile|json_format|json_extract|max_by|__TIMESTAMP__)\b|\b\d\S*/g;
/** What a query calls its columns. */
const columns = /(?<=\bas )\w+/g;

describe('the queries for CLS', () => {
  it('ask for fields that the log has', () => {
    const [block = ''] = read('README.md').match(/^```\n# Verdicts[\s\S]*?^```$/m) ?? [];
    const queries = block.split('\n').filter((line) => line.includes('|'));
    const fields = queries.flatMap((query) => {
      const [search = '', analysis = ''] = query.split(' | ');
      const named = new Set(analysis.match(columns));
      return [
        ...(search.match(/\w+(?=:)/g) ?? []),
        ...(analysis.replaceAll(sql, ' ').match(/\w+/g) ?? []).filter((name) => !named.has(name)),
      ];
    });
    const told = Object.fromEntries(fields.filter((name) => name !== 'event').map((name) => [name, 'told']));
    const test = createTestLog();
    test.log.info('invocation', told);

    expect(queries).toHaveLength(4);
    expect(fields).toContain('verdict');
    expect(test.lines).toMatchObject([told]);
  });
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
