import { execFile, fork } from 'node:child_process';
import { createHash, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import postgres from 'postgres';
import * as z from 'zod/mini';
import { compileFilter, productionOptions } from '../lib/moderation/filter.ts';
import { migrate } from '../local/migrate.ts';
import { type LocalPostgres, startPostgres } from '../local/postgres.ts';
import { signLocalToken } from '../local/token.ts';
import { bundle } from '../plugin/bundle.ts';
import { median, percentile, round } from './median.ts';
import type { BenchResult } from './run.ts';
import { serviceDir, temporaryDirectory } from './service.ts';

const words = 100_000;
const senders = 32;
const messageLength = 50;
/** One message in so many holds a word for certain. */
const wordEvery = 5;
/** The senders turn from one handler to the other after each of so many slices, in which each is all that is asked. */
const slices = 20;
const sliceMs = 1000;
const warmUpMs = 2000;
/** When, after the senders have begun, the database freezes, when it is stopped instead, and when they end. */
const stops = { frozenMs: 2000, stoppedMs: 5000, endMs: 10_000 };
const hangingMs = 4000;
const deadlineMs = 800;
/** What a timer and the way back may take beyond the deadline. */
const graceMs = 100;
const maxRatio = 3;
const coldRuns = 15;
const maxColdRatio = 5;

const command = 'Group.CallbackBeforeSendMsg';
const callbackToken = 'token-of-the-benchmark';
const sdkAppId = '1400000000';
const classId = 'bench';
const undecided = 10103;

/** What IM takes for an answer. */
const callbackAnswer = z.strictObject({
  ActionStatus: z.literal('OK'),
  ErrorInfo: z.string(),
  ErrorCode: z.int(),
  MsgBody: z.optional(
    z.array(z.strictObject({ MsgType: z.literal('TIMTextElem'), MsgContent: z.strictObject({ Text: z.string() }) })),
  ),
});

interface Message {
  text: string;
  /** As people may see it. */
  masked: string;
}

interface Answered {
  ms: number;
  /** IM could not have read it. */
  isInvalid: boolean;
  /** The verdict is not that of the list. */
  isMisjudged: boolean;
  code: number | undefined;
}

/** `im-callback` with a long word list: under load beside a handler that only verifies, without its database, and cold. */
export const run = async (): Promise<BenchResult> => {
  const database = await startPostgres({ directory: join(temporaryDirectory(), 'postgres'), password: 'bench' });
  await migrate(database.url);
  await writeClass(database.url);
  const list = makeWords();
  const messages = makeMessages(list);
  const gateway = await startGateway({ DATABASE_URL: database.url });
  await loadWords(gateway.origin, list);

  const cold = await measureCold(database.url, messages);
  const { judged, peer } = await measureLoad(gateway.origin, messages);
  const control = await post(gateway.origin, 'im-callback', controlCharacters(list));
  const stopped = await measureStop(gateway.origin, messages, database);
  gateway.stop();
  const silent = await startSilentServer();
  const delivering = await measureHanging({ DATABASE_URL: silent, MODERATION_ON_FAILURE: 'deliver' }, messages);
  const refusing = await measureHanging({ DATABASE_URL: silent, MODERATION_ON_FAILURE: 'reject' }, messages);

  const row = (answers: readonly Answered[], seconds: number) => ({
    answers: answers.length,
    perSecond: Math.round(answers.length / seconds),
    medianMs: round(median(times(answers)), 1),
    p99Ms: round(percentile(times(answers), 99), 1),
    maxMs: round(Math.max(...times(answers)), 1),
  });
  const none = (what: string, answers: readonly Answered[], is: (answer: Answered) => boolean) => {
    const count = answers.filter(is).length;
    return { what, is: count, limit: 0, ok: count === 0 && answers.length > 0 };
  };
  const all = [...judged, control, ...stopped, ...delivering, ...refusing];
  const isLate = ({ ms }: Answered) => ms > deadlineMs;
  const isVeryLate = ({ ms }: Answered) => ms > deadlineMs + graceMs;
  const isMisjudged = (answer: Answered) => answer.isMisjudged;
  const ratio = percentile(times(judged), 99) / percentile(times(peer), 99);
  const coldRatio = median(cold.firstMs) / median(cold.bareMs);
  return {
    rows: {
      'im-callback': row(judged, (slices * sliceMs) / 1000),
      'only verifies and says OK': row(peer, (slices * sliceMs) / 1000),
      'database frozen, then stopped': row(stopped, stops.endMs / 1000),
      'all hangs, deliver': row(delivering, hangingMs / 1000),
      'all hangs, reject': row(refusing, hangingMs / 1000),
      'bare node': { medianMs: round(median(cold.bareMs), 1) },
      'cold, to its first verdict': { medianMs: round(median(cold.firstMs), 1) },
    },
    checks: [
      none('answers that IM could not read', all, ({ isInvalid }) => isInvalid),
      none(`answers after the deadline of ${deadlineMs} ms`, judged, isLate),
      none('messages that were not judged by the list', judged, isMisjudged),
      none('12 KB of \\u0001 and a word that were not judged', [control], isMisjudged),
      {
        what: 'p99 in that of a handler that only verifies',
        is: round(ratio),
        limit: maxRatio,
        ok: ratio <= maxRatio,
      },
      none('without the database: answers after the deadline', stopped, isLate),
      none('without the database: messages that were not judged by the list', stopped, isMisjudged),
      none(`all hangs: answers ${graceMs} ms after the deadline`, [...delivering, ...refusing], isVeryLate),
      none('all hangs: messages not delivered', delivering, ({ code }) => code !== 0),
      none('all hangs: messages not refused', refusing, ({ code }) => code !== undecided),
      {
        what: 'process start to first verdict, in bare starts',
        is: round(coldRatio),
        limit: maxColdRatio,
        ok: coldRatio <= maxColdRatio,
      },
    ],
    notes: [
      `${words} words; ${senders} senders, each with its next message as soon as it has an answer, in slices of ${sliceMs} ms.`,
      `Cold: medians of ${coldRuns} processes each, alternating, by the wall.`,
    ],
  };
};

const times = (answers: readonly Answered[]) => answers.map(({ ms }) => ms);

/** A common Chinese character. */
const character = () => String.fromCharCode(0x4e00 + randomInt(3000));
const phrase = (length: number) => Array.from({ length }, character).join('');

const makeWords = (): string[] => {
  const list = new Set<string>();
  while (list.size < words) list.add(phrase(randomInt(2, 6)));
  return [...list];
};

const makeMessages = (list: readonly string[]): Message[] => {
  const filter = compileFilter(
    list.map((word) => ({ word })),
    productionOptions,
  );
  return Array.from({ length: 5000 }, (_, index) => {
    const word = index % wordEvery === 0 ? (list[randomInt(list.length)] ?? '') : '';
    const text = `${phrase(20)}${word}${phrase(messageLength)}`.slice(0, messageLength);
    return { text, masked: filter.mask(text) };
  });
};

const controlCharacters = ([word = '']: readonly string[]): Message => {
  const rest = '\u0001'.repeat(12 * 1024);
  return { text: rest + word, masked: rest + '*'.repeat(word.length) };
};

/** The gateway in a process of its own; it sees nothing of the developer's environment. */
const startGateway = async (more: Record<string, string>) => {
  const child = fork(join(import.meta.dirname, 'callback-process.ts'), {
    execArgv: ['--import', 'tsx'],
    env: { PATH: process.env.PATH },
  });
  child.send({ ...environment, ...more });
  const [origin] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error('the gateway ended early'))),
  ]);
  return { origin: String(origin), stop: () => child.disconnect() };
};

const environment = {
  LOG_LEVEL: 'error',
  IM_SDK_APP_ID: sdkAppId,
  IM_SECRET_KEY: 'key-of-the-benchmark',
  IM_CALLBACK_TOKEN: callbackToken,
  // Messages do not ask IM for anything.
  IM_API_URL: 'http://127.0.0.1:9',
  AUTH_JWT_SECRET: 'a secret of the benchmark, 32 bytes',
  MODERATION_ACTION: 'mask',
  MODERATION_DEADLINE_MS: String(deadlineMs),
};

const loadWords = async (origin: string, list: readonly string[]): Promise<void> => {
  const { token } = await signLocalToken({ userId: 'a1', role: 'admin' }, environment);
  const reply = await fetch(`${origin}/edit-dirty-words`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ replaceAll: list.map((word) => ({ word })) }),
  });
  if (!reply.ok) throw new Error(`edit-dirty-words answered ${reply.status}: ${await reply.text()}`);
};

/** A live class with as many students as there are senders. */
const writeClass = async (databaseUrl: string): Promise<void> => {
  const sql = postgres(databaseUrl, { max: 1 });
  const now = Math.floor(Date.now() / 1000);
  await sql`
    insert into classes (class_id, name, teacher_id, assistant_ids, status, room_id, created_at, created_from, attempt, groups)
    values (${classId}, 'Maths', 't1', ${sql.json(['a1'])}, 'live', 1, ${now}, '', '', 'open')`;
  await sql`
    insert into members (class_id, user_id, joined_at)
    select ${classId}, 's' || number, ${now} from generate_series(0, ${senders - 1}) as number`;
  await sql.end();
};

const agent = new Agent({ keepAlive: true, maxSockets: senders });

const eventOf = ({ text }: Message, sender = 0) => {
  const requestTime = String(Math.floor(Date.now() / 1000));
  return {
    query: {
      SdkAppid: sdkAppId,
      CallbackCommand: command,
      contenttype: 'json',
      ClientIP: '127.0.0.1',
      OptPlatform: 'Web',
      Sign: createHash('sha256')
        .update(callbackToken + requestTime)
        .digest('hex'),
      RequestTime: requestTime,
    },
    body: JSON.stringify({
      CallbackCommand: command,
      GroupId: `${classId}_chat`,
      Type: 'AVChatRoom',
      From_Account: `s${sender}`,
      Operator_Account: `s${sender}`,
      Random: 123_456,
      MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: text } }],
    }),
  };
};

/** Posts a message's callback as IM does. */
const post = async (origin: string, name: string, message: Message, sender = 0): Promise<Answered> => {
  const { query, body } = eventOf(message, sender);
  const began = performance.now();
  const { status, text } = await new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
    request(`${origin}/${name}?${new URLSearchParams(query)}`, { method: 'POST', agent }, (reply) => {
      let text = '';
      reply
        .setEncoding('utf8')
        .on('data', (chunk: string) => {
          text += chunk;
        })
        .on('end', () => resolve({ status: reply.statusCode, text }))
        .on('error', reject);
    })
      .on('error', reject)
      .end(body);
  });
  const ms = performance.now() - began;
  const answer = status === 200 ? readAnswer(text) : undefined;
  const shown = answer?.MsgBody?.[0]?.MsgContent.Text ?? message.text;
  return {
    ms,
    isInvalid: answer === undefined,
    isMisjudged: answer?.ErrorCode !== 0 || shown !== message.masked,
    code: answer?.ErrorCode,
  };
};

const readAnswer = (text: string) => {
  try {
    return callbackAnswer.safeParse(JSON.parse(text)).data;
  } catch {
    // Not even JSON: IM cannot read that either.
    return undefined;
  }
};

/** Every sender sends one message after the other for so long. */
const sendFor = async (ms: number, origin: string, name: string, messages: readonly Message[]): Promise<Answered[]> => {
  const endAt = performance.now() + ms;
  const answered = await Promise.all(
    Array.from({ length: senders }, async (_, sender) => {
      const answers: Answered[] = [];
      while (performance.now() < endAt) {
        const message = messages[randomInt(messages.length)];
        if (message) answers.push(await post(origin, name, message, sender));
      }
      return answers;
    }),
  );
  return answered.flat();
};

const measureLoad = async (origin: string, messages: readonly Message[]) => {
  const judged: Answered[] = [];
  const peer: Answered[] = [];
  await sendFor(warmUpMs, origin, 'im-callback', messages);
  await sendFor(warmUpMs, origin, 'callback-peer', messages);
  for (let slice = 0; slice < slices; slice += 1) {
    judged.push(...(await sendFor(sliceMs, origin, 'im-callback', messages)));
    peer.push(...(await sendFor(sliceMs, origin, 'callback-peer', messages)));
  }
  return { judged, peer };
};

/** The database says nothing more, as behind a broken network; then it is not there any more. */
const measureStop = async (
  origin: string,
  messages: readonly Message[],
  database: LocalPostgres,
): Promise<Answered[]> => {
  const pids = await processesOf(database.url);
  const answers = sendFor(stops.endMs, origin, 'im-callback', messages);
  await sleep(stops.frozenMs);
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  await sleep(stops.stoppedMs - stops.frozenMs);
  for (const pid of pids) process.kill(pid, 'SIGCONT');
  await database.stop();
  return answers;
};

/** The server and those that serve its connections. */
const processesOf = async (databaseUrl: string): Promise<number[]> => {
  const sql = postgres(databaseUrl, { max: 1 });
  const [settings] = await sql`select current_setting('data_directory') as directory`;
  const backends = await sql<{ pid: number }[]>`
    select pid from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`;
  await sql.end();
  const [postmaster = ''] = readFileSync(join(settings?.directory, 'postmaster.pid'), 'utf8').split('\n');
  return [Number(postmaster), ...backends.map(({ pid }) => pid)];
};

/** Takes connections, and never says a word. */
const startSilentServer = async (): Promise<string> => {
  const server = createServer(() => {}).listen(0, '127.0.0.1');
  server.unref();
  await once(server, 'listening');
  return `postgres://bench:bench@127.0.0.1:${(server.address() as AddressInfo).port}/postgres`;
};

/** A new process, whose database never answers. Its HTTP server is warm, the function is not. */
const measureHanging = async (env: Record<string, string>, messages: readonly Message[]): Promise<Answered[]> => {
  const gateway = await startGateway(env);
  await sendFor(warmUpMs, gateway.origin, 'callback-peer', messages);
  const answers = await sendFor(hangingMs, gateway.origin, 'im-callback', messages);
  gateway.stop();
  return answers;
};

/** Fresh processes: bare ones, and ones that judge a message with a word. */
const measureCold = async (databaseUrl: string, messages: readonly Message[]) => {
  const child = join(import.meta.dirname, 'callback-cold.cjs');
  const directory = temporaryDirectory();
  const { file } = await bundle(serviceDir, 'functions/im-callback/index.main', directory);
  const eventFile = join(directory, 'event.json');
  const message = messages.find(({ text, masked }) => text !== masked);
  if (!message) throw new Error('no message holds a word');
  const start = async (args: readonly string[]) => {
    const began = performance.now();
    const { stdout } = await promisify(execFile)(process.execPath, [child, ...args], {
      env: { ...environment, DATABASE_URL: databaseUrl },
    });
    return { ms: performance.now() - began, stdout };
  };
  const bareMs: number[] = [];
  const firstMs: number[] = [];
  for (let turn = 0; turn < coldRuns; turn += 1) {
    bareMs.push((await start([])).ms);
    const { query, body } = eventOf(message);
    writeFileSync(eventFile, JSON.stringify({ httpMethod: 'POST', headers: {}, queryString: query, body }));
    const { ms, stdout } = await start([file, eventFile]);
    if (readAnswer(stdout)?.MsgBody?.[0]?.MsgContent.Text !== message.masked)
      throw new Error(`a cold start did not judge its first message: ${stdout}`);
    firstMs.push(ms);
  }
  return { bareMs, firstMs };
};
