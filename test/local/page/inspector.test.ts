import { describe, expect, it } from 'vitest';
import type { InvocationEvent, UpstreamEvent } from '../../../local/feed-event.ts';
import { type CallKind, isShown, problemCodeOf, toneOf } from '../../../local/page/app/inspector/calls.ts';
import { createFaultDesk } from '../../../local/page/app/inspector/fault-desk.ts';
import { toOrder } from '../../../local/page/app/inspector/fault-presets.ts';
import {
  beginStory,
  endingOf,
  type FaultOrder,
  type Story,
  tell,
  tellingLines,
} from '../../../local/page/app/inspector/story.ts';

let lastId = 0;
const moment = (at: number, ms: number) => {
  lastId += 1;
  return { id: lastId, at, ms };
};
const invocation = (at: number, ms: number, told: Partial<InvocationEvent> = {}): InvocationEvent => ({
  ...moment(at, ms),
  kind: 'invocation',
  function: 'create-class',
  trigger: 'http',
  status: 200,
  log: [],
  ...told,
});
const upstream = (at: number, ms: number, told: Partial<UpstreamEvent> = {}): UpstreamEvent => ({
  ...moment(at, ms),
  kind: 'upstream',
  service: 'IM',
  command: 'create_group',
  outcome: 'ok',
  ...told,
});

describe('the list of calls', () => {
  const good = invocation(0, 1);
  const failed = invocation(0, 1, { status: 502, reply: { code: 'UPSTREAM_FAILED' } });
  const masked = invocation(0, 1, { function: 'im-callback', trigger: 'callback', verdict: { outcome: 'masked' } });
  const asked = upstream(0, 1);
  const lost = upstream(0, 1, { outcome: 'reply lost', fault: { dropReply: true } });

  it.each<[CallKind, object[]]>([
    ['all', [good, failed, masked, asked, lost]],
    ['functions', [good, failed]],
    ['callbacks', [masked]],
    ['services', [asked, lost]],
    ['errors', [failed, lost]],
  ])('shows %s', (kind, shown) => {
    expect([good, failed, masked, asked, lost].filter((event) => isShown(event, { kind, text: '' }))).toEqual(shown);
  });

  it('finds words in whatever spelling', () => {
    expect([good, failed, lost].filter((event) => isShown(event, { kind: 'all', text: 'Upstream_failed' }))).toEqual([
      failed,
    ]);
  });

  it('tells good from bad', () => {
    expect([good, failed, masked, asked, lost].map(toneOf)).toEqual(['good', 'bad', 'warn', 'good', 'bad']);
    expect(toneOf(invocation(0, 1, { status: 404 }))).toBe('warn');
    expect(toneOf(upstream(0, 1, { outcome: 'refused', code: 10010 }))).toBe('warn');
    expect(toneOf(upstream(0, 5000, { fault: { delayMs: 5000 } }))).toBe('warn');
    expect(problemCodeOf(failed)).toBe('UPSTREAM_FAILED');
    expect(problemCodeOf(good)).toBeUndefined();
  });
});

describe('the story of a fault', () => {
  const order: FaultOrder = { command: 'create_group', times: 1, dropReply: true };
  const struck = (at: number) => upstream(at, 10, { outcome: 'reply lost', fault: { dropReply: true } });
  const rolesOf = ({ steps }: Story) => steps.map(({ role, event }) => [role, event.at]);
  const hear = (events: readonly (InvocationEvent | UpstreamEvent)[], of = order) =>
    events.reduce((story, event) => tell(story, event), beginStory(of, 1000));

  it('waits until the fault strikes', () => {
    const story = hear([invocation(1000, 50), upstream(1010, 5), struck(500)]);
    expect(rolesOf(story)).toEqual([]);
    expect(endingOf(story)).toBe('waiting');
  });

  it('has the second try, and the function around both', () => {
    const story = hear([struck(2010), upstream(2030, 5), upstream(2040, 5), invocation(2000, 100)]);
    expect(rolesOf(story)).toEqual([
      ['struck', 2010],
      ['again', 2030],
      ['around', 2000],
    ]);
    expect(endingOf(story)).toBe('recovered');
  });

  it('has what was done meanwhile, when the reply was held back for longer', () => {
    const slow = { command: 'create_group', times: 1, delayMs: 5000 };
    const done = [upstream(6020, 5), invocation(2000, 4100)];
    const story = tell(beginStory(slow, 1000), upstream(2010, 5000, { fault: { delayMs: 5000 } }), done);
    expect(rolesOf(story)).toEqual([
      ['struck', 2010],
      ['again', 6020],
      ['around', 2000],
    ]);
  });

  it('leaves out what happens beside it', () => {
    const callback = invocation(2011, 3, {
      function: 'im-callback',
      trigger: 'callback',
      verdict: { outcome: 'passed' },
    });
    const other = upstream(2012, 2, { command: 'destroy_group' });
    const meanwhile = invocation(2015, 10, { function: 'get-class' });
    const later = invocation(3000, 10, { function: 'get-class' });
    expect(rolesOf(hear([struck(2010), callback, other, meanwhile, later]))).toEqual([['struck', 2010]]);
  });

  it('leaves out a fault of another order', () => {
    expect(rolesOf(hear([upstream(2000, 10, { fault: { delayMs: 5 } })]))).toEqual([]);
    expect(rolesOf(hear([struck(2000), struck(3000)]))).toEqual([['struck', 2000]]);
    expect(rolesOf(hear([struck(2000), struck(3000)], { ...order, times: 2 }))).toHaveLength(2);
  });

  it('goes on from a function that failed to its next call', () => {
    const failed = [struck(2010), invocation(2000, 100, { status: 502 })];
    expect(endingOf(hear(failed))).toBe('failed');
    const story = hear([...failed, invocation(4000, 50), invocation(5000, 50)]);
    expect(rolesOf(story)).toEqual([
      ['struck', 2010],
      ['around', 2000],
      ['anew', 4000],
    ]);
    expect(endingOf(story)).toBe('recovered');
  });

  it('ends with the repair', () => {
    const sweep = invocation(60_000, 80, {
      function: 'sweep',
      trigger: 'timer',
      log: [{ level: 'info', event: 'repair', repair: 'creation', classId: 'c1' }],
    });
    const story = hear([struck(2010), invocation(2000, 100, { status: 502 }), sweep]);
    expect(rolesOf(story).at(-1)).toEqual(['repaired', 60_000]);
    expect(endingOf(story)).toBe('repaired');
    expect(endingOf(hear([struck(2010), invocation(2000, 100), sweep]))).toBe('recovered');
  });

  it('tells of a callback by the functions that it was given to', () => {
    const command = 'Group.CallbackAfterNewMemberJoin';
    const twice = { command, times: 1, duplicate: true };
    const given = (at: number) => invocation(at, 5, { function: 'im-callback', trigger: 'callback', command });
    const events = [
      given(2001),
      upstream(2000, 8, { command, fault: { duplicate: true } }),
      given(2010),
      upstream(2000, 16, { command }),
      given(9000),
    ];
    const story = events.reduce(
      (told, event, index) => tell(told, event, events.slice(0, index)),
      beginStory(twice, 1000),
    );
    expect(rolesOf(story)).toEqual([
      ['struck', 2000],
      ['again', 2000],
      ['around', 2001],
      ['around', 2010],
    ]);
  });

  it('is told once, however often the feed tells it', () => {
    const events = [struck(2010), invocation(2000, 100)];
    expect(hear([...events, ...events])).toEqual(hear(events));
  });

  it('has the lines of the log that say more than that there was a call', () => {
    const line = { level: 'info', event: 'invocation' };
    const warning = { level: 'warn', event: 'repair due' };
    const repair = { level: 'info', event: 'repair' };
    expect(tellingLines(invocation(0, 1, { log: [line, warning, repair] }))).toEqual([warning, repair]);
  });
});

describe('the desk where faults are ordered', () => {
  const openDesk = (answer: () => Response) => {
    const asked: [string, string | undefined, unknown][] = [];
    const desk = createFaultDesk({
      url: 'http://127.0.0.1:8788/local/faults',
      fetch: async (url, { method, body } = {}) => {
        asked.push([String(url), method, body ? JSON.parse(String(body)) : undefined]);
        return answer();
      },
      clock: () => 1000,
    });
    return { desk, asked };
  };
  const order = { command: 'create_group', times: 1, dropReply: true };

  it('orders, shows what is still to come, and forgets it', async () => {
    let pending = [order];
    const { desk, asked } = openDesk(() => Response.json({ pending }));
    await desk.order(order);
    expect(desk.pending.value).toEqual([order]);
    pending = [];
    await desk.forgetAll();
    expect(desk.pending.value).toEqual([]);
    const url = 'http://127.0.0.1:8788/local/faults';
    expect(asked).toEqual([
      [url, 'POST', order],
      [url, 'DELETE', undefined],
    ]);
  });

  it('begins no story of an order that was refused', async () => {
    const { desk } = openDesk(() => Response.json({ error: 'times: too small' }, { status: 400 }));
    await expect(desk.order(order)).rejects.toThrow('times: too small');
    expect(desk.stories.value).toEqual([]);
  });

  it('tells an event to the stories that it belongs to', async () => {
    const { desk } = openDesk(() => Response.json({ pending: [] }));
    await desk.order(order);
    await desk.order({ command: 'PostgreSQL', times: 1, dropReply: true });
    desk.hear(upstream(2000, 10, { outcome: 'reply lost', fault: { dropReply: true } }));
    expect(desk.stories.value.map(({ steps }) => steps.length)).toEqual([0, 1]);
  });

  it.each([
    ['errorCode', '10002', { command: 'create_group', times: 2, errorCode: 10002 }],
    ['errorCode', 'AccessDenied', { command: 'create_group', times: 2, errorCode: 'AccessDenied' }],
    ['delayMs', '250', { command: 'create_group', times: 2, delayMs: 250 }],
    ['dropReply', '', { command: 'create_group', times: 2, dropReply: true }],
    ['duplicate', '', { command: 'create_group', times: 2, duplicate: true }],
  ] as const)('makes an order of the form (%s %s)', (kind, value, made) => {
    expect(toOrder(' create_group ', 2, kind, value)).toEqual(made);
  });

  it('leaves the code of a database as it is: an SQLSTATE is no number', () => {
    expect(toOrder('PostgreSQL', 1, 'errorCode', '53300')).toMatchObject({ errorCode: '53300' });
  });
});
