import postgres from 'postgres';
import type { ImClient } from '../lib/im/client.ts';
import type { LocalCloud } from '../local/cloud.ts';
import { median, round } from './median.ts';
import type { BenchResult } from './run.ts';
import { imOf, startBenchCloud } from './service.ts';

const fewMessages = 1000;
const manyMessages = 10_000;
const warmUpMessages = 200;
const rounds = 3;
const pageSize = 200;
/** Messages on their way to IM at once while a class is filled, which is not measured. */
const sendersAtOnce = 16;
/** For ten times the messages. */
const maxRatio = 12;

interface Page {
  messages: unknown[];
  nextCursor?: string;
}

interface Measured {
  exportMs: number;
  readMs: number;
}

/** The replays of classes with 1,000 strokes and with 10,000: `end-class` until they are exported, and `get-replay` to their end. */
export const run = async (): Promise<BenchResult> => {
  const cloud = await startBenchCloud();
  const sql = postgres(cloud.env.DATABASE_URL ?? '', { max: 1 });
  try {
    const bench = await createBench(cloud, sql);
    await bench.measure('warm-up', warmUpMessages);
    const few: Measured[] = [];
    const many: Measured[] = [];
    for (let round = 0; round < rounds; round += 1) {
      few.push(await bench.measure(`few-${round}`, fewMessages));
      many.push(await bench.measure(`many-${round}`, manyMessages));
    }
    return report(medians(few), medians(many));
  } finally {
    await sql.end();
    await cloud.stop();
  }
};

const createBench = async (cloud: LocalCloud, sql: postgres.Sql) => {
  const im = imOf(cloud);
  const post = async <Reply>(url: string, body: object, headers: Record<string, string> = {}): Promise<Reply> => {
    const reply = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    if (!reply.ok) throw new Error(`${url} answered ${reply.status}`);
    return reply.json() as Promise<Reply>;
  };
  const login = { userId: 't1', role: 'teacher' };
  const { token } = await post<{ token: string }>(`${cloud.gateway}/local/token`, login);
  const ask = <Reply>(name: string, body: object) =>
    post<Reply>(`${cloud.gateway}/${name}`, body, { authorization: `Bearer ${token}` });

  const isExported = async (classId: string): Promise<boolean> =>
    (await sql`select 1 from classes where class_id = ${classId} and exported_at is not null`).length > 0;

  const exportReplay = async (classId: string): Promise<void> => {
    await ask('end-class', { classId });
    while (!(await isExported(classId))) await cloud.invoke('sweep', { Type: 'Timer' });
  };

  const readReplay = async (classId: string): Promise<unknown[]> => {
    const strokes: unknown[] = [];
    let cursor: string | undefined;
    do {
      const page: Page = await ask('get-replay', { classId, limit: pageSize, ...(cursor !== undefined && { cursor }) });
      strokes.push(...page.messages);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return strokes;
  };

  return {
    async measure(classId: string, messages: number): Promise<Measured> {
      await ask('create-class', { classId, name: 'Maths' });
      await draw(im, `${classId}_replay`, messages);
      const exportMs = await timeOf(() => exportReplay(classId));
      const readMs = await timeOf(async () => {
        const { length } = await readReplay(classId);
        if (length !== messages) throw new Error(`${length} of ${messages} strokes were read back`);
      });
      return { exportMs, readMs };
    },
  };
};

/** Fills a ReplayGroup as the administrator, who has no rights to be checked. */
const draw = async (im: ImClient, groupId: string, messages: number): Promise<void> => {
  let drawn = 0;
  const drawAll = async () => {
    while (drawn < messages) {
      drawn += 1;
      const data = { v: 1, type: 'board', data: { shape: 'line', points: [drawn, 20, 30, 40], color: '#d22' } };
      await im.sendCustomMessage({ groupId, senderId: 't1', random: drawn, data, description: '', priority: 'High' });
    }
  };
  await Promise.all(Array.from({ length: sendersAtOnce }, drawAll));
};

const timeOf = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return performance.now() - began;
};

const medians = (all: readonly Measured[]): Measured => ({
  exportMs: median(all.map(({ exportMs }) => exportMs)),
  readMs: median(all.map(({ readMs }) => readMs)),
});

const report = (few: Measured, many: Measured): BenchResult => {
  const row = (messages: number, ms: number) => ({
    messages,
    ms: Math.round(ms),
    messagesPerSecond: Math.round((messages / ms) * 1000),
  });
  const ratio = (many.exportMs + many.readMs) / (few.exportMs + few.readMs);
  return {
    rows: {
      'end-class until exported': row(fewMessages, few.exportMs),
      'get-replay to its end': row(fewMessages, few.readMs),
      'end-class until exported, tenfold': row(manyMessages, many.exportMs),
      'get-replay to its end, tenfold': row(manyMessages, many.readMs),
    },
    checks: [
      {
        what: `export and read-back of ${manyMessages} messages, in times that of ${fewMessages}`,
        is: round(ratio),
        limit: maxRatio,
        ok: ratio <= maxRatio,
      },
    ],
    notes: [`Medians of ${rounds} classes each, after one of ${warmUpMessages}; read in pages of ${pageSize}.`],
  };
};
