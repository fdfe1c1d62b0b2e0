import { describe, expect, it, vi } from 'vitest';
import { openSession } from '../../plugin/deploy/session.ts';
import { inParallel } from '../../plugin/in-parallel.ts';
import { createCutLine, type Fate, isReading } from '../support/cut-line.ts';
import {
  type Change,
  deploySmall,
  describeDeployment,
  invokeSmall,
  messageOf,
  stateOf,
  takeCalls,
  writesOf,
} from '../support/deployment.ts';
import { startTestCloud, type TestCloud } from '../support/local-cloud.ts';

vi.setConfig({ testTimeout: 240_000 });

const startScf = (settleMs: number) =>
  startTestCloud({ functions: [], scfSettings: { settleMs, functionsPerNamespace: 10_000 } });

const cloud = await startScf(3);
const line = await createCutLine(cloud.cloud);
const deploySmallIn = (stage: string, change: Change = {}) => deploySmall(cloud, line.origin, { ...change, stage });

/** A second run comes to the same end as a whole one, of which `wanted` is the state. */
const assertFinished = async (
  of: TestCloud,
  stage: string,
  after: Change,
  wanted: Awaited<ReturnType<typeof stateOf>>,
) => {
  await deploySmall(of, of.cloud, { ...after, stage });
  const state = await stateOf(of, stage);
  expect({ stage, functions: state.functions }).toEqual({ stage, functions: wanted.functions });
  expect(state.domain?.routes.map(({ path, qualifier }) => [path, qualifier])).toEqual([['/hello', 'live']]);
  const { reply } = await invokeSmall(of, stage);
  expect({ stage, ...reply }).toEqual({ stage, greeting: 'hello', secret: 'a secret greeting' });
  const { written } = await deploySmall(of, of.cloud, { ...after, stage });
  expect({ stage, written }).toEqual({ stage, written: 'Nothing to do: everything is as it shall be.' });
};

/** Deploys until it is cut at each call in turn. */
const cutEverywhere = async (name: string, before: Change | undefined, after: Change): Promise<void> => {
  const prepare = async (stage: string) => {
    if (before) await deploySmallIn(stage, before);
    line.mend();
  };
  await prepare(`${name}-whole`);
  await deploySmallIn(`${name}-whole`, after);
  const calls = line.calls();
  const wanted = await stateOf(cloud, `${name}-whole`);
  expect(calls).toBeGreaterThan(10);

  for (let call = 1; call <= calls; call += 1) {
    const stage = `${name}-${call}`;
    await prepare(stage);
    line.cutAt(call);
    await messageOf(deploySmallIn(stage, after));
    line.mend();
    await assertFinished(cloud, stage, after, wanted);
  }
};

/** The same on an SCF that takes its time, right after each write: the second run meets what is Creating, Updating or Publishing. */
const cutAfterWrites = async (name: string, before: Change | undefined, after: Change): Promise<void> => {
  const slow = await startScf(100);
  const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms / 20));
  const change = { ...after, sleep };
  const prepare = (stage: string) => before && deploySmall(slow, slow.cloud, { ...before, stage, sleep });
  await prepare(`${name}-whole`);
  await takeCalls(slow.cloud);
  await deploySmall(slow, slow.cloud, { ...change, stage: `${name}-whole` });
  const writes = writesOf(await takeCalls(slow.cloud)).length;
  const wanted = await stateOf(slow, `${name}-whole`);

  await inParallel(
    Array.from({ length: writes }, (_, index) => index + 1),
    async (last) => {
      const stage = `${name}-${last}`;
      await prepare(stage);
      const ownLine = await createCutLine(slow.cloud);
      let written = 0;
      ownLine.decide(({ action }) => {
        if (!isReading(action)) written += 1;
        return written === last ? 'lose' : 'pass';
      });
      expect(await messageOf(deploySmall(slow, ownLine.origin, { ...change, stage }))).toContain('no reply');
      await assertFinished(slow, stage, change, wanted);
    },
  );
};

const fewer: Change = { functions: { hello: { reservedConcurrency: 2, provisionedConcurrency: 1 } } };
const more: Change = { functions: { hello: { reservedConcurrency: 6, provisionedConcurrency: 3 } } };

describe('deploy that is killed at any call comes to the same end in the next run', () => {
  it('the first time', () => cutEverywhere('first', undefined, {}));

  it('with new code and a new variable', () =>
    cutEverywhere('second', { greeting: 'old', env: { LOG_LEVEL: 'warn' } }, {}));

  it('with other instances and another trigger', () =>
    cutEverywhere(
      'third',
      { ...more, functions: { ...more.functions, tick: { events: [{ timer: { cron: '0 0 4 * * * *' } }] } } },
      fewer,
    ));

  it('while SCF is at work still, the first time', () => cutAfterWrites('slow-first', undefined, {}));

  it('while SCF is at work still, with new code and fewer instances', () =>
    cutAfterWrites('slow-second', { ...more, greeting: 'old' }, fewer));

  it('and leaves callers where they were until all is prepared', async () => {
    await deploySmallIn('torn');
    line.mend();
    await deploySmallIn('torn', { greeting: 'counted' });
    const calls = line.calls();
    const answers = new Set<string>();
    for (let call = 1; call <= calls; call += 1) {
      await deploySmallIn('torn');
      await takeCalls(cloud.cloud);
      line.cutAt(call);
      await messageOf(deploySmallIn('torn', { greeting: `new ${call}` }));
      line.mend();
      const isSwitched = writesOf(await takeCalls(cloud.cloud)).includes('UpdateAlias small-torn-hello');
      const { reply } = await invokeSmall(cloud, 'torn');
      expect([call, reply.greeting]).toEqual([call, isSwitched ? `new ${call}` : 'hello']);
      answers.add(isSwitched ? 'new' : 'old');
    }
    expect(answers).toEqual(new Set(['old', 'new']));
  });
});

describe('of two deployments at once', () => {
  /** Another deployment that begins and ends while a call of the first is on its way. */
  const meanwhile = (stage: string, during: string, change: Change) => {
    let isOver = false;
    line.decide(async ({ action }): Promise<Fate> => {
      if (action !== during || isOver) return 'pass';
      isOver = true;
      await deploySmall(cloud, cloud.cloud, { ...change, stage });
      return 'pass';
    });
  };

  const answers = async (stage: string) => (await invokeSmall(cloud, stage)).reply.greeting;

  it.each(['UpdateFunctionConfiguration', 'UpdateFunctionCode', 'PublishVersion'])(
    'the one whose %s comes after all of the other says so, and the next one mends it',
    async (action) => {
      const stage = `both-${action.toLowerCase()}`;
      await deploySmallIn(stage, { greeting: 'old' });
      meanwhile(stage, action, { greeting: 'theirs' });
      const message = await messageOf(deploySmallIn(stage, { greeting: 'ours' }));
      line.mend();
      // Nobody is in the way of what was claimed in time.
      if (action === 'UpdateFunctionConfiguration') expect(message).toBeUndefined();
      else
        expect(message).toBe(
          `Somebody else is deploying small-${stage}-hello: wait until they are done, and deploy again.`,
        );
      for (const greeting of ['theirs', 'ours']) {
        await deploySmallIn(stage, { greeting });
        expect(await answers(stage)).toBe(greeting);
      }
    },
  );

  it('each version holds what it says, however they race', async () => {
    await deploySmallIn('race');
    for (let race = 0; race < 12; race += 1) {
      const greetings = [`a ${race}`, `b ${race}`];
      const messages = await Promise.all(greetings.map((greeting) => messageOf(deploySmallIn('race', { greeting }))));
      for (const message of messages)
        expect(message ?? 'Somebody else').toMatch(/Somebody else|FailedOperation|ResourceNotFound/);
      for (const greeting of greetings) {
        await deploySmallIn('race', { greeting });
        expect(await answers('race')).toBe(greeting);
      }
    }
  });

  it('by one environment each, no version holds the other', async () => {
    await deploySmallIn('settings');
    meanwhile('settings', 'PublishVersion', { env: { GREETING_SECRET: 'theirs' } });
    await messageOf(deploySmallIn('settings', { env: { GREETING_SECRET: 'ours' } }));
    line.mend();
    for (const secret of ['ours', 'theirs']) {
      await deploySmallIn('settings', { env: { GREETING_SECRET: secret } });
      expect((await invokeSmall(cloud, 'settings')).reply.secret).toBe(secret);
    }
  });
});

it('what was deployed together stays so when it was interrupted, beside what only changed its instances', async () => {
  const third = { handler: 'functions/third/index.main', events: [] };
  await deploySmallIn('joined', { functions: { third } });
  const functions = { tick: { timeout: 5 }, third: { ...third, reservedConcurrency: 1 } };
  const done = new Set<string>();
  line.decide(async ({ action, name }): Promise<Fate> => {
    if (action !== 'PublishVersion' || name !== 'small-joined-tick') {
      done.add(`${action} ${name}`);
      return 'pass';
    }
    const before = ['PublishVersion small-joined-hello', 'PutReservedConcurrencyConfig small-joined-third'];
    await vi.waitFor(() => expect([...done]).toEqual(expect.arrayContaining(before)));
    return 'cut';
  });
  await messageOf(deploySmallIn('joined', { greeting: 'new', functions }));
  line.mend();
  await deploySmallIn('joined', { greeting: 'new', functions });
  const { looker } = openSession(await describeDeployment(cloud, cloud.cloud, { stage: 'joined' }));
  const deploymentOf = async (name: string) => (await looker.versions(`small-joined-${name}`))[0]?.mark?.deployment;
  expect(await deploymentOf('hello')).toBe(await deploymentOf('tick'));
});
