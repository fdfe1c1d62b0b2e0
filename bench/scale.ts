import { historyPageSize } from '../lib/im/client.ts';
import service from '../serverless.ts';
import { type Cost, callees, measureLesson } from './lesson.ts';
import { round } from './median.ts';
import type { BenchResult } from './run.ts';
import { startBenchCloud } from './service.ts';

/** What is assumed of a school. Everything else is measured here, or a limit of Tencent's. */
const students = 40;
const lessonSeconds = 45 * 60;
const lessonsADay = 6;
/** All classes begin and end together, within so long. */
const bellSeconds = 300;
const chatsPerStudentAndSecond = 1 / 120;
/** While a lesson goes on, on average. */
const strokesPerSecond = 1;
/** What a call takes over the network of one region beyond what it takes on loopback. */
const networkMs = { im: 20, db: 1, sts: 30, trtc: 20, cos: 30 };

const schools = [1000, 10_000, 100_000];
const measured = { students: 10, strokes: 60 };

/** What one class takes each second in one phase. */
interface Load {
  invocations: number;
  gbSeconds: number;
  /** Messages that IM's groups get, and those of them that come by REST. */
  messages: number;
  restMessages: number;
  restCalls: number;
  /** Of each function, how many are running on average. */
  instances: Readonly<Record<string, number>>;
}

/** So many of an event a second, of one class; and what of them IM's groups get as messages. */
interface Happening {
  kind: string;
  perSecond: number;
  messages?: number;
  restMessages?: number;
}

/**
 * What a school of many students takes each second, and which limit bites first: one lesson is held in the local cloud, and
 * multiplied.
 */
export const run = async (): Promise<BenchResult> => {
  const cloud = await startBenchCloud({ outside: { LOG_LEVEL: 'info' } });
  const costs = await measureLesson(cloud, measured).finally(cloud.stop);
  const costOf = (kind: string): Cost => {
    const cost = costs.get(kind);
    if (!cost) throw new Error(`no ${kind} was measured`);
    return kind === 'end-class' ? withLesson(cost) : cost;
  };
  const perClass = Object.fromEntries(
    Object.entries(phases).map(([name, { happenings }]) => [name, loadOf(happenings, costOf)]),
  );
  const rows = Object.fromEntries(
    schools.flatMap((size) =>
      Object.entries(perClass).map(([phase, load]) => [
        `${size.toLocaleString('en')}, ${phase}`,
        row(load, size / students),
      ]),
    ),
  );
  const limits = limitsOf(perClass);
  return {
    rows,
    checks: claims.map(({ kind, imCalls }) => {
      const is = costs.get(kind)?.im ?? Number.NaN;
      return { what: `calls to IM of ${kind}`, is, limit: imCalls, ok: is === imCalls };
    }),
    notes: [assumptions(), '', markdown(rows), '', limitsTable(limits), '', measuredTable(costs)],
  };
};

const memoryMb = (name: string): number => service.functions[name]?.memorySize ?? service.provider.memorySize ?? 128;

const loadOf = (happenings: readonly Happening[], costOf: (kind: string) => Cost): Load => {
  const instances: Record<string, number> = {};
  const load = { invocations: 0, gbSeconds: 0, messages: 0, restMessages: 0, restCalls: 0, instances };
  for (const { kind, perSecond, messages = 0, restMessages = 0 } of happenings) {
    const [name = ''] = kind.split(' ');
    const cost = costOf(kind);
    const overNetwork = Object.entries(networkMs).map(([callee, ms]) => cost[callee as keyof typeof networkMs] * ms);
    const running = (perSecond * overNetwork.reduce((total, ms) => total + ms, cost.ms)) / 1000;
    load.invocations += perSecond;
    load.gbSeconds += (running * memoryMb(name)) / 1024;
    load.messages += messages;
    load.restMessages += restMessages;
    load.restCalls += perSecond * cost.im;
    instances[name] = (instances[name] ?? 0) + running;
  }
  return load;
};

/** An after-callback of a change is kept waiting for its window, and tells the group. */
const joined = 'im-callback Group.CallbackAfterNewMemberJoin';
const people = students + 1;

const phases: Readonly<Record<string, { seconds: number; happenings: readonly Happening[] }>> = {
  'coming in': {
    seconds: bellSeconds,
    happenings: [
      { kind: 'create-class', ...toldByRest(1 / bellSeconds) },
      ...['list-classes', 'join-class', 'im-callback Group.CallbackBeforeApplyJoinGroup', 'trtc-callback TRTC.103'].map(
        (kind) => ({ kind, perSecond: people / bellSeconds }),
      ),
      { kind: joined, ...toldByRest(people / bellSeconds) },
    ],
  },
  lesson: {
    seconds: lessonSeconds,
    happenings: [
      chatAndStrokes(students * chatsPerStudentAndSecond + 2 * strokesPerSecond),
      { kind: 'report-clock', ...toldByRest(1 / 60) },
      { kind: 'vend-cos-credentials', perSecond: people / lessonSeconds },
    ],
  },
  'going out': {
    seconds: bellSeconds,
    happenings: [
      // Who leaves is told of as who comes is.
      { kind: joined, ...toldByRest(people / bellSeconds) },
      { kind: 'trtc-callback TRTC.104', perSecond: people / bellSeconds },
      { kind: 'end-class', perSecond: 1 / bellSeconds },
    ],
  },
};

/** Each tells a group one thing. */
function toldByRest(perSecond: number) {
  return { perSecond, messages: perSecond, restMessages: perSecond };
}

/** Each is asked about before it is sent, and a stroke goes to both groups. */
function chatAndStrokes(perSecond: number): Happening {
  return { kind: 'im-callback Group.CallbackBeforeSendMsg', perSecond, messages: perSecond };
}

/** The replay is read page by page: of a whole lesson, there are more. */
const withLesson = (cost: Cost): Cost => {
  const strokes = strokesPerSecond * lessonSeconds;
  const pages = Math.ceil(strokes / historyPageSize) - Math.ceil(measured.strokes / historyPageSize);
  return { ...cost, im: cost.im + pages, db: cost.db + pages };
};

const usesDatabase = (name: string) => service.functions[name]?.environment?.includes('DATABASE_URL') === true;

/** An instance keeps its connection while it is frozen, so that a function that is used has one at least. */
const connectionsOf = (instances: Load['instances'], classes: number): number =>
  Object.entries(instances)
    .filter(([name]) => usesDatabase(name))
    .reduce((total, [, running]) => total + Math.ceil(running * classes), 0);

const row = (load: Load, classes: number) => ({
  'invocations/s': Math.ceil(load.invocations * classes),
  'GB-s/s': round(load.gbSeconds * classes, 1),
  connections: connectionsOf(load.instances, classes),
  'IM messages/s': Math.ceil(load.messages * classes),
  'REST calls/s': Math.ceil(load.restCalls * classes),
});

/** What the design promises, and these figures rest on. */
const claims = [
  { kind: 'join-class', imCalls: 0 },
  { kind: 'im-callback Group.CallbackBeforeSendMsg', imCalls: 0 },
  { kind: joined, imCalls: 1 },
  { kind: 'create-class', imCalls: 4 },
];

interface Limit {
  what: string;
  /** Students in class at the same time. */
  bites: number;
  remedy: string;
}

/**
 * Source: https://cloud.tencent.com/document/product/269/9346, https://cloud.tencent.com/document/product/269/1629 and
 * https://cloud.tencent.com/document/product/583/11637
 */
const limitsOf = (perClass: Readonly<Record<string, Load>>): Limit[] => {
  const loads = Object.values(perClass);
  const peak = (of: (load: Load) => number) => Math.max(...loads.map(of));
  const atStudents = (limit: number, perClass: number) => Math.floor(limit / perClass) * students;
  const total = (instances: Load['instances'], weight: (name: string) => number) =>
    Object.entries(instances).reduce((sum, [name, running]) => sum + running * weight(name), 0);
  const restMessagesADay =
    lessonsADay *
    Object.entries(phases).reduce((sum, [name, { seconds }]) => sum + (perClass[name]?.restMessages ?? 0) * seconds, 0);
  const limits: Limit[] = [
    {
      what: 'IM trial plan: 1,000 messages by REST a day',
      bites: atStudents(1000, restMessagesADay),
      remedy: 'a paid plan: a notice for each who comes or goes uses it up',
    },
    { what: 'IM trial plan: 10 AVChatRooms', bites: 10 * students, remedy: 'a paid plan' },
    { what: 'IM pro plan: 50 AVChatRooms', bites: 50 * students, remedy: 'the flagship plan' },
    ...reserved(peak),
    {
      what: 'IM: 200 REST calls a second',
      bites: atStudents(
        200,
        peak(({ restCalls }) => restCalls),
      ),
      remedy: 'bells some minutes apart (what is late, `sweep` makes up for), or a higher rate from Tencent',
    },
    {
      what: 'IM: 10,000 new groups a day, two a class',
      bites: Math.floor(5000 / lessonsADay) * students,
      remedy: 'a class that stays for the whole course, or a higher number from Tencent',
    },
    {
      what: 'SCF: 128,000 MB of instances in a region',
      bites: atStudents(
        128_000,
        peak(({ instances }) => total(instances, memoryMb)),
      ),
      remedy: 'more from Tencent, or a second region',
    },
    {
      what: 'PostgreSQL: max_connections of 100, of which 3 are its own',
      bites: atStudents(
        97,
        peak(({ instances }) => total(instances, (name) => Number(usesDatabase(name)))),
      ),
      remedy:
        'max_connections and the instances in `serverless.ts` raised together; a pooler only by session, for locks belong to one',
    },
  ];
  return limits.sort((a, b) => a.bites - b.bites);
};

/** Of the functions whose instances `serverless.ts` limits, those that limit a school of the sizes here. */
const reserved = (peak: (of: (load: Load) => number) => number): Limit[] =>
  Object.entries(service.functions).flatMap(([name, { reservedConcurrency = 0 }]) => {
    const running = peak(({ instances }) => instances[name] ?? 0);
    if (reservedConcurrency === 0 || running === 0) return [];
    const bites = Math.floor(reservedConcurrency / running) * students;
    if (bites > Math.max(...schools)) return [];
    const what = `SCF: ${reservedConcurrency} instances of \`${name}\``;
    return [{ what, bites, remedy: 'more of them in `serverless.ts`, and as many connections more' }];
  });

const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
const tableOf = (head: readonly string[], rows: readonly (readonly (string | number)[])[]) =>
  [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
const thousands = (count: number) => count.toLocaleString('en');

const markdown = (rows: BenchResult['rows']) => {
  const [first = {}] = Object.values(rows);
  return tableOf(
    ['students, when', ...Object.keys(first)],
    Object.entries(rows).map(([name, cells]) => [
      name,
      ...Object.values(cells).map((cell) => (typeof cell === 'number' ? thousands(cell) : cell)),
    ]),
  );
};

const limitsTable = (limits: readonly Limit[]) =>
  tableOf(
    ['limit', 'students it is enough for', 'then'],
    [
      ...limits.map(({ what, bites, remedy }) => [what, thousands(bites), remedy]),
      [
        'IM: 40 messages a second and group',
        `${thousands(Math.floor((40 - strokesPerSecond - 1) / chatsPerStudentAndSecond))} in one class`,
        'chat through `send-message`, which sheds likes first, then danmaku; IM itself discards without a word',
      ],
    ],
  );

const measuredTable = (costs: ReadonlyMap<string, Cost>) =>
  tableOf(
    ['measured, on loopback', 'ms', ...callees.map((callee) => `${callee} calls`)],
    [...costs].map(([kind, cost]) => [kind, cost.ms, ...callees.map((callee) => cost[callee])]),
  );

const assumptions = () =>
  `Assumed: ${students} students a class; lessons of ${lessonSeconds / 60} min, ${lessonsADay} a day; all come and all go within ${bellSeconds / 60} min of the bell; ` +
  `a student chats every ${1 / chatsPerStudentAndSecond} s, a teacher draws ${strokesPerSecond} stroke a second; ` +
  `the clock is told once a minute, everybody fetches COS credentials once; ` +
  `a call to IM or TRTC takes ${networkMs.im} ms, one to STS or COS ${networkMs.sts} ms and one to the database ${networkMs.db} ms longer than on loopback.`;
