import { historyPageSize } from '../lib/im/client.ts';
import service from '../serverless.ts';
import { type Cost, measureLesson } from './lesson.ts';
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
const networkMs = { im: 20, db: 1 };

const schools = [1000, 10_000, 100_000];
const measured = { students: 10, strokes: 60 };

type Load = Record<'invocations' | 'gbSeconds' | 'connections' | 'instanceMb' | 'messages' | 'restCalls', number>;

/** So many of an event a second, of one class; and what of them IM's groups get as messages. */
interface Happening {
  kind: string;
  perSecond: number;
  messages?: number;
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
    return cost;
  };

  const loadOf = ({ kind, perSecond, messages = 0 }: Happening): Load => {
    const cost = kind === 'end-class' ? withLesson(costOf(kind)) : costOf(kind);
    const [name = ''] = kind.split(' ');
    const fn = service.functions[name];
    const memoryMb = fn?.memorySize ?? service.provider.memorySize ?? 128;
    const seconds = (cost.ms + cost.imCalls * networkMs.im + cost.dbCalls * networkMs.db) / 1000;
    const instances = perSecond * seconds;
    return {
      invocations: perSecond,
      gbSeconds: (instances * memoryMb) / 1024,
      connections: fn?.environment?.includes('DATABASE_URL') ? instances : 0,
      instanceMb: instances * memoryMb,
      messages,
      restCalls: perSecond * cost.imCalls,
    };
  };
  const perClass = Object.fromEntries(
    Object.entries(phases).map(([phase, happenings]) => [phase, sum(happenings.map(loadOf))]),
  );
  const peak = (key: keyof Load) => Math.max(...Object.values(perClass).map((load) => load[key]));
  const rows = Object.fromEntries(
    schools.flatMap((size) =>
      Object.entries(perClass).map(([phase, load]) => [
        `${size.toLocaleString('en')}, ${phase}`,
        row(load, size / students),
      ]),
    ),
  );
  const limits = limitsOf(peak);
  return {
    rows,
    checks: claims.map(({ kind, imCalls }) => {
      const is = costOf(kind).imCalls;
      return { what: `calls to IM of ${kind}`, is, limit: imCalls, ok: is === imCalls };
    }),
    notes: [assumptions(), '', markdown(rows), '', limitsTable(limits), '', measuredTable(costs)],
  };
};

/** An after-callback of a change is kept waiting for its window, and tells the group. */
const joined = 'im-callback Group.CallbackAfterNewMemberJoin';
const people = students + 1;

const phases: Readonly<Record<string, readonly Happening[]>> = {
  'coming in': [
    { kind: 'create-class', perSecond: 1 / bellSeconds, messages: 1 / bellSeconds },
    ...['list-classes', 'join-class', 'im-callback Group.CallbackBeforeApplyJoinGroup', 'trtc-callback TRTC.103'].map(
      (kind) => ({ kind, perSecond: people / bellSeconds }),
    ),
    { kind: joined, perSecond: people / bellSeconds, messages: people / bellSeconds },
  ],
  lesson: [
    chatAndStrokes(students * chatsPerStudentAndSecond + 2 * strokesPerSecond),
    { kind: 'report-clock', perSecond: 1 / 60, messages: 1 / 60 },
    { kind: 'vend-cos-credentials', perSecond: people / lessonSeconds },
  ],
  'going out': [
    // Who leaves is told of as who comes is.
    { kind: joined, perSecond: people / bellSeconds, messages: people / bellSeconds },
    { kind: 'trtc-callback TRTC.104', perSecond: people / bellSeconds },
    { kind: 'end-class', perSecond: 1 / bellSeconds },
  ],
};

/** Each is asked about before it is sent, and a stroke goes to both groups. */
function chatAndStrokes(perSecond: number): Happening {
  return { kind: 'im-callback Group.CallbackBeforeSendMsg', perSecond, messages: perSecond };
}

/** The replay is read page by page: of a whole lesson, there are more. */
const withLesson = ({ ms, imCalls, dbCalls }: Cost): Cost => {
  const strokes = strokesPerSecond * lessonSeconds;
  const pages = Math.ceil(strokes / historyPageSize) - Math.ceil(measured.strokes / historyPageSize);
  return { ms, imCalls: imCalls + pages, dbCalls: dbCalls + pages };
};

const sum = (loads: readonly Load[]): Load => {
  const total: Load = { invocations: 0, gbSeconds: 0, connections: 0, instanceMb: 0, messages: 0, restCalls: 0 };
  for (const load of loads) for (const key of Object.keys(total) as (keyof Load)[]) total[key] += load[key];
  return total;
};

const row = (load: Load, classes: number) => ({
  'invocations/s': Math.ceil(load.invocations * classes),
  'GB-s/s': round(load.gbSeconds * classes, 1),
  connections: Math.ceil(load.connections * classes),
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
const limitsOf = (peak: (key: keyof Load) => number): Limit[] => {
  const atStudents = (limit: number, perClass: number) => Math.floor(limit / perClass) * students;
  const limits: Limit[] = [
    {
      what: 'IM trial plan: 1,000 messages by REST a day',
      bites: Math.floor(1000 / (2 * people * lessonsADay)) * students,
      remedy: 'a paid plan: a notice for each who comes or goes uses it up',
    },
    { what: 'IM trial plan: 10 AVChatRooms', bites: 10 * students, remedy: 'a paid plan' },
    { what: 'IM pro plan: 50 AVChatRooms', bites: 50 * students, remedy: 'the flagship plan' },
    {
      what: 'IM: 200 REST calls a second',
      bites: atStudents(200, peak('restCalls')),
      remedy: 'bells some minutes apart (what is late, `sweep` makes up for), or a higher rate from Tencent',
    },
    {
      what: 'IM: 10,000 new groups a day, two a class',
      bites: Math.floor(5000 / lessonsADay) * students,
      remedy: 'a class that stays for the whole course, or a higher number from Tencent',
    },
    {
      what: 'SCF: 128,000 MB of instances in a region',
      bites: atStudents(128_000, peak('instanceMb')),
      remedy: 'more from Tencent, or a second region',
    },
    {
      what: 'PostgreSQL: max_connections of 100, as it comes',
      bites: atStudents(100, peak('connections')),
      remedy:
        'max_connections and the instances in `serverless.ts` raised together; a pooler only by session, for locks belong to one',
    },
  ];
  return limits.sort((a, b) => a.bites - b.bites);
};

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
    ['measured, on loopback', 'ms', 'IM calls', 'database calls'],
    [...costs].map(([kind, { ms, imCalls, dbCalls }]) => [kind, ms, imCalls, dbCalls]),
  );

const assumptions = () =>
  `Assumed: ${students} students a class; lessons of ${lessonSeconds / 60} min, ${lessonsADay} a day; all come and all go within ${bellSeconds / 60} min of the bell; ` +
  `a student chats every ${1 / chatsPerStudentAndSecond} s, a teacher draws ${strokesPerSecond} stroke a second; ` +
  `a call to IM takes ${networkMs.im} ms and one to the database ${networkMs.db} ms longer than on loopback.`;
