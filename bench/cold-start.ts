import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import type { LocalCloud } from '../local/cloud.ts';
import { bundle, splitHandler } from '../plugin/bundle.ts';
import { signCallback, signIn } from '../plugin/event.ts';
import { zip } from '../plugin/zip.ts';
import service from '../serverless.ts';
import { median, round } from './median.ts';
import type { BenchResult } from './run.ts';
import { serviceDir, startBenchCloud, temporaryDirectory } from './service.ts';

const runs = 15;
/** So often the local cloud sees every event before it counts: its own first steps are not the function's. */
const warmUps = 40;
/** Zip in KB, and import with first event in bare starts of Node. */
const limits = (name: string) => (name === 'issue-sig' ? { zipKb: 40, ratio: 0.8 } : { zipKb: 130, ratio: 2.3 });

const exec = promisify(execFile);
const child = join(import.meta.dirname, 'cold-process.cjs');

interface Case {
  name: string;
  file: string;
  eventFile: string;
  env: Record<string, string>;
  zipKb: number;
}

/** What a fresh process pays for a function's import and first event, beside a bare start and a handler that imports the whole SDK. */
export const run = async (): Promise<BenchResult> => {
  const cloud = await startBenchCloud();
  try {
    const directory = temporaryDirectory();
    const cases = [...(await functionCases(cloud, directory)), await wholeSdkCase(directory)];
    for (const { name, eventFile } of cases.filter(({ name }) => name in service.functions)) {
      const event = JSON.parse(readFileSync(eventFile, 'utf8'));
      for (let calls = 0; calls < warmUps; calls += 1) await cloud.invoke(name, event);
    }
    const bare: number[] = [];
    const measured = new Map(cases.map(({ name }) => [name, { import: [] as number[], event: [] as number[] }]));
    for (let round = 0; round < runs; round += 1) {
      const began = performance.now();
      await exec(process.execPath, [child], { env: {} });
      bare.push(performance.now() - began);
      for (const { name, file, eventFile, env } of cases) {
        const { stdout } = await exec(process.execPath, [child, file, eventFile], { env });
        const once = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}');
        if (name !== 'whole SDK' && once.status !== undefined && once.status >= 300)
          throw new Error(`${name} answered ${once.status}`);
        measured.get(name)?.import.push(once.import);
        measured.get(name)?.event.push(once.event);
      }
    }
    return report(median(bare), cases, measured);
  } finally {
    await cloud.stop();
  }
};

const report = (
  bare: number,
  cases: readonly Case[],
  measured: Map<string, { import: number[]; event: number[] }>,
): BenchResult => {
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
    if (name === 'whole SDK') continue;
    const limit = limits(name);
    checks.push({ what: `${name}: zip in KB`, is: round(zipKb, 1), limit: limit.zipKb, ok: zipKb <= limit.zipKb });
    checks.push({
      what: `${name}: import and first event, in bare starts`,
      is: round(ratio),
      limit: limit.ratio,
      ok: ratio <= limit.ratio,
    });
  }
  return { rows, checks, notes: [`Medians of ${runs} interleaved runs, a fresh process each.`] };
};

const functionCases = async (cloud: LocalCloud, directory: string): Promise<Case[]> => {
  const events = await exampleEvents(cloud);
  return Promise.all(
    Object.entries(service.functions).map(async ([name, fn]) => {
      const { file, code } = await bundle(serviceDir, fn.handler, join(directory, name));
      const eventFile = join(directory, `${name}.json`);
      writeFileSync(eventFile, JSON.stringify(events[name]));
      if (splitHandler(fn.handler).exportName !== 'main') throw new Error(`${name} exports no main`);
      const archive = await zip({ 'index.js': code });
      return { name, file, eventFile, env: cloud.env, zipKb: archive.length / 1024 };
    }),
  );
};

/** One event each that does the function's whole work. */
const exampleEvents = async (cloud: LocalCloud): Promise<Record<string, unknown>> => {
  const post = (path: string, body: object) => ({
    httpMethod: 'POST',
    path,
    headers: {},
    queryString: {},
    body: JSON.stringify(body),
  });
  const as = (who: string, path: string, body: object) => signIn(post(path, body), who, cloud.env);
  const reply = (await cloud.invoke('create-class', await as('teacher:t1', '/create-class', { name: 'bench' }))) as {
    body: string;
  };
  const { classId, chatGroupId } = JSON.parse(reply.body);
  const sig = JSON.parse(
    ((await cloud.invoke('issue-sig', await as('student:s1', '/issue-sig', {}))) as { body: string }).body,
  );
  const command = 'Group.CallbackBeforeSendMsg';
  const message = {
    CallbackCommand: command,
    GroupId: chatGroupId,
    Type: 'AVChatRoom',
    From_Account: 's1',
    Operator_Account: 's1',
    Random: 1,
    MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'hello' } }],
  };
  const callback = {
    ...post('/im-callback', message),
    queryString: { SdkAppid: cloud.env.IM_SDK_APP_ID, CallbackCommand: command, OptPlatform: 'Web' },
  };
  return {
    'issue-sig': await as('student:s1', '/issue-sig', {}),
    'verify-sig': await as('admin:a1', '/verify-sig', { userSig: sig.userSig }),
    'create-class': await as('teacher:t1', '/create-class', { name: 'bench' }),
    'get-class': await as('teacher:t1', '/get-class', { classId }),
    'vend-cos-credentials': await as('teacher:t1', '/vend-cos-credentials', { classId }),
    'im-callback': signCallback(callback, cloud.env),
    'edit-dirty-words': await as('admin:a1', '/edit-dirty-words', { add: [{ word: 'bench' }] }),
    'list-dirty-words': await as('admin:a1', '/list-dirty-words', {}),
    sweep: { Type: 'Timer', TriggerName: 'sweep', Time: '2026-01-01T00:00:00Z', Message: '' },
  };
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
  const eventFile = join(directory, 'whole-sdk.json');
  writeFileSync(eventFile, '{}');
  const archive = await zip({ 'index.js': readFileSync(file) });
  return { name: 'whole SDK', file, eventFile, env: {}, zipKb: archive.length / 1024 };
};
