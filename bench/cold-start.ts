import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import type { LocalCloud } from '../local/cloud.ts';
import { bundle } from '../plugin/bundle.ts';
import { signCallback, signIn } from '../plugin/event.ts';
import { zip } from '../plugin/zip.ts';
import service from '../serverless.ts';
import { type Example, examples } from '../test/events/examples.ts';
import { median, round } from './median.ts';
import type { BenchResult } from './run.ts';
import { serviceDir, startBenchCloud, temporaryDirectory } from './service.ts';

const runs = 15;
/** So often the local cloud sees every event before it counts: its own first steps are not the function's. */
const warmUps = 40;
/**
 * Functions whose example event has something done each time that is in the figure, too: IM and TRTC are told, STS and COS
 * asked, the word list compiled, all that is due looked for.
 */
const workers: readonly string[] = [
  'edit-dirty-words',
  'grant-board',
  'revoke-board',
  'mute-member',
  'mute-class',
  'remove-member',
  'restore-member',
  'send-message',
  'vend-cos-credentials',
  'sign-cos-object',
  'list-files',
  'get-replay',
  'sweep',
];
/** Zip in KB, and import with first event in bare starts of Node. */
const limits = (name: string) => {
  if (name === 'issue-sig') return { zipKb: 40, ratio: 0.8 };
  return { zipKb: 130, ratio: workers.includes(name) ? 3.5 : 2.3 };
};

const exec = promisify(execFile);
const child = join(import.meta.dirname, 'cold-process.cjs');

/** A row beside `create-class`, whose example event asks for the same class again and again. */
const aNewClass = 'create-class, a new class';
const wholeSdk = 'whole SDK';
/** `end-class` ends a class of its own: all others go on asking for theirs. */
const ended = { name: 'end-class', classId: 'example-over' };
/** Rows to compare with, not functions of the service. */
const unchecked: readonly string[] = [aNewClass, wholeSdk];

interface Case {
  name: string;
  file: string;
  eventFile: string;
  env: Record<string, string>;
  zipKb: number;
}

interface Times {
  import: number[];
  event: number[];
}

/** What a fresh process pays for a function's import and first event, beside a bare start and a handler that imports the whole SDK. */
export const run = async (): Promise<BenchResult> => {
  const cloud = await startBenchCloud();
  try {
    const directory = temporaryDirectory();
    const cases = [...(await functionCases(cloud, directory)), await wholeSdkCase(directory)];
    await createEnded(cloud);
    await writeEvents(cloud, cases);
    await warmUp(cloud, cases);
    const bare: number[] = [];
    const measured = new Map<string, Times>(cases.map(({ name }) => [name, { import: [], event: [] }]));
    for (let round = 0; round < runs; round += 1) {
      const began = performance.now();
      await exec(process.execPath, [child], { env: {} });
      bare.push(performance.now() - began);
      // Signed anew each time: a callback's signature holds for a minute.
      await writeEvents(cloud, cases);
      for (const { name, file, eventFile, env } of cases) {
        const { stdout } = await exec(process.execPath, [child, file, eventFile], { env });
        const once = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}');
        if (once.status >= 300) throw new Error(`${name} answered ${once.status}`);
        measured.get(name)?.import.push(once.import);
        measured.get(name)?.event.push(once.event);
      }
    }
    return report(median(bare), cases, measured);
  } finally {
    await cloud.stop();
  }
};

const createEnded = async (cloud: LocalCloud): Promise<void> => {
  const request = { httpMethod: 'POST', body: JSON.stringify({ classId: ended.classId, name: 'Maths' }) };
  await cloud.invoke('create-class', await signIn(request, 'teacher:t1', cloud.env));
};

const warmUp = async (cloud: LocalCloud, cases: readonly Case[]): Promise<void> => {
  for (const { name, eventFile } of cases) {
    if (name === wholeSdk) continue;
    const event = JSON.parse(readFileSync(eventFile, 'utf8'));
    for (let calls = 0; calls < warmUps; calls += 1)
      await cloud.invoke(name === aNewClass ? 'create-class' : name, event);
  }
};

const report = (bare: number, cases: readonly Case[], measured: ReadonlyMap<string, Times>): BenchResult => {
  const rows: BenchResult['rows'] = { 'bare node': { wallMs: round(bare, 1) } };
  const checks: BenchResult['checks'] = [];
  for (const { name, zipKb } of cases) {
    const once = measured.get(name);
    const importMs = median(once?.import ?? []);
    const eventMs = median(once?.event ?? []);
    const ratio = (importMs + eventMs) / bare;
    rows[name] = {
      zipKb: round(zipKb, 1),
      importMs: round(importMs, 1),
      eventMs: round(eventMs, 1),
      bareStarts: round(ratio),
    };
    if (unchecked.includes(name)) continue;
    const limit = limits(name);
    checks.push({ what: `${name}: zip in KB`, is: round(zipKb, 1), limit: limit.zipKb, ok: zipKb <= limit.zipKb });
    checks.push({
      what: `${name}: import and first event, in bare starts`,
      is: round(ratio),
      limit: limit.ratio,
      ok: ratio <= limit.ratio,
    });
  }
  return {
    rows,
    checks,
    notes: [`Medians of ${runs} interleaved runs, a fresh process each, with the functions' example events.`],
  };
};

const functionCases = async (cloud: LocalCloud, directory: string): Promise<Case[]> => {
  const named = Object.entries({ ...service.functions, [aNewClass]: service.functions['create-class'] });
  return Promise.all(
    named.map(async ([name, fn]) => {
      if (!fn) throw new Error(`there is no function for ${name}`);
      const { file, code } = await bundle(serviceDir, fn.handler, join(directory, name.replaceAll(/\W+/g, '-')));
      const archive = await zip({ 'index.js': code });
      return { name, file, eventFile: `${file}.json`, env: cloud.env, zipKb: archive.length / 1024 };
    }),
  );
};

const writeEvents = async (cloud: LocalCloud, cases: readonly Case[]): Promise<void> => {
  const eventOf = await events(cloud.env);
  for (const { name, eventFile } of cases) writeFileSync(eventFile, JSON.stringify(eventOf[name] ?? {}));
};

/** The functions' example events, and a class that is new each time, whose upstream calls are most of its time. */
const events = async (env: Record<string, string>): Promise<Record<string, unknown>> => {
  const sign = async ({ name, as, sign: isCallback }: Example, event: unknown) => {
    const signedIn = as === undefined ? event : await signIn(event, as, env);
    return [name, isCallback ? signCallback(signedIn, env) : signedIn];
  };
  const read = (name: string) =>
    JSON.parse(readFileSync(join(serviceDir, 'test/fixtures/events', `${name}.json`), 'utf8'));
  const newClass = { ...read('create-class'), body: JSON.stringify({ name: 'Maths' }) };
  const event = (name: string) =>
    name === ended.name ? { ...read(name), body: JSON.stringify({ classId: ended.classId }) } : read(name);
  return Object.fromEntries(
    await Promise.all([
      ...examples.map((example) => sign(example, event(example.name))),
      sign({ name: aNewClass, as: 'teacher:t1', expected: 201 }, newClass),
    ]),
  );
};

/** The peer: what a function costs that imports the whole SDK, bundled. */
const wholeSdkCase = async (directory: string): Promise<Case> => {
  const file = join(directory, 'whole-sdk.js');
  const contents =
    "const sdk = require('tencentcloud-sdk-nodejs'); exports.main = async () => ({ statusCode: 200, body: String(typeof sdk.sts) });";
  await build({
    stdin: { contents, resolveDir: serviceDir },
    outfile: file,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    logLevel: 'silent',
  });
  const archive = await zip({ 'index.js': readFileSync(file) });
  return { name: wholeSdk, file, eventFile: `${file}.json`, env: {}, zipKb: archive.length / 1024 };
};
