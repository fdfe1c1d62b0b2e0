import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import postgres from 'postgres';
import type { LocalCloud } from '../local/cloud.ts';
import { bundle } from '../plugin/bundle.ts';
import { signIn } from '../plugin/event.ts';
import type { Times, Work } from './create-class-process.ts';
import { median, percentile, round } from './median.ts';
import type { BenchResult } from './run.ts';
import { serviceDir, startBenchCloud, temporaryDirectory } from './service.ts';

const processes = 4;
const classesEach = 250;
/** What IM is asked for a class: its teacher, its groups, and the message that wakes the second one. */
const neededCalls = { account_import: 1, create_group: 2, send_group_msg: 1, destroy_group: 0, get_group_info: 0 };
/** More than all calls together: an order that only counts. */
const counted = 1_000_000;
const maxRatio = 5;

/** 1,000 classes from 4 processes at once, beside the bare calls to IM that they need. */
export const run = async (): Promise<BenchResult> => {
  const cloud = await startBenchCloud();
  try {
    const { file } = await bundle(serviceDir, 'functions/create-class/index.main', temporaryDirectory());
    for (const command of Object.keys(neededCalls)) await orderCount(cloud, command);
    const times = await Promise.all(Array.from({ length: processes }, (_, index) => runProcess(cloud, file, index)));
    return await report(cloud, times);
  } finally {
    await cloud.stop();
  }
};

const runProcess = async (cloud: LocalCloud, file: string, index: number): Promise<Times> => {
  const child = fork(join(import.meta.dirname, 'create-class-process.ts'), {
    execArgv: ['--import', 'tsx'],
    env: { ...cloud.env, PATH: process.env.PATH },
  });
  const teacherId = `t${index}`;
  const event = await signIn({ httpMethod: 'POST', path: '/create-class' }, `teacher:${teacherId}`, cloud.env);
  const work: Work = { file, event, teacherId, classes: classesEach, prefix: `b${index}-` };
  child.send(work);
  const [times] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error('a process of the benchmark ended early'))),
  ]);
  return times;
};

const faultsOf = (cloud: LocalCloud) => `${cloud.cloud}/local/faults`;

/** A fault that changes nothing counts the calls of a command. */
const orderCount = async (cloud: LocalCloud, command: string): Promise<void> => {
  await fetch(faultsOf(cloud), { method: 'POST', body: JSON.stringify({ command, times: counted }) });
};

const report = async (cloud: LocalCloud, times: readonly Times[]): Promise<BenchResult> => {
  const classMs = times.flatMap((each) => each.classMs);
  const callsMs = times.flatMap((each) => each.callsMs);
  const created = processes * (classesEach + 1);
  const { pending } = (await (await fetch(faultsOf(cloud))).json()) as {
    pending: { command: string; times: number }[];
  };
  const sql = postgres(cloud.env.DATABASE_URL ?? '', { max: 1 });
  const [rooms] = await sql<{ classes: number; rooms: number }[]>`
    select count(*)::int as classes, count(distinct room_id)::int as rooms from classes where status = 'scheduled'`;
  await sql.end();

  const checks: BenchResult['checks'] = Object.entries(neededCalls).map(([command, needed]) => {
    const calls = counted - (pending.find((order) => order.command === command)?.times ?? 0);
    // The bare calls are as many again.
    const is = calls - created * needed;
    return { what: `${command} for ${created} classes`, is, limit: created * needed, ok: is === created * needed };
  });
  checks.push({
    what: 'different room numbers',
    is: rooms?.rooms ?? 0,
    limit: created,
    ok: rooms?.rooms === created && rooms.classes === created,
  });
  const ratio = percentile(classMs, 99) / percentile(callsMs, 99);
  checks.push({
    what: 'p99 of a class, in p99 of its bare calls to IM',
    is: round(ratio),
    limit: maxRatio,
    ok: ratio <= maxRatio,
  });
  const toMedian = percentile(classMs, 99) / median(callsMs);
  const row = (values: readonly number[]) => ({
    medianMs: round(median(values), 1),
    p99Ms: round(percentile(values, 99), 1),
  });
  return {
    rows: { 'a class': row(classMs), 'its bare calls to IM': row(callsMs) },
    checks,
    notes: [
      `${processes} processes at once, ${classesEach} classes each, each class beside its bare calls.`,
      `p99 of a class is ${round(toMedian)} times the median of its bare calls.`,
    ],
  };
};
