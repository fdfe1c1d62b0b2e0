import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it, vi } from 'vitest';
import { info } from '../../plugin/deploy/info.ts';
import { type RemoveOptions, remove } from '../../plugin/deploy/remove.ts';
import { rollback } from '../../plugin/deploy/rollback.ts';
import { openSession } from '../../plugin/deploy/session.ts';
import { createCutLine } from '../support/cut-line.ts';
import {
  type Change,
  deploySmall,
  describeDeployment,
  invokeSmall,
  messageOf,
  takeCalls,
  writesOf,
} from '../support/deployment.ts';
import { startTestCloud } from '../support/local-cloud.ts';

vi.setConfig({ testTimeout: 120_000 });

/** SCF's clock goes ahead of ours: it tells times in whole seconds. */
let later = 0;
const passASecond = () => {
  later += 1000;
};
const cloud = await startTestCloud({
  functions: [],
  clock: () => Date.now() + later,
  scfSettings: { settleMs: 3, functionsPerNamespace: 10_000 },
});
const line = await createCutLine(cloud.cloud);

const deploySmallIn = (stage: string, change: Change = {}) => deploySmall(cloud, cloud.cloud, { ...change, stage });
const takeWrites = async () => writesOf(await takeCalls(cloud.cloud));
const greetingOf = async (stage: string) => (await invokeSmall(cloud, stage)).reply.greeting;

const rollBack = async (stage: string, options: Change['options'] = {}) => {
  const described = await describeDeployment(cloud, line.origin, { stage, options });
  await rollback({ ...described, provisioned: (name) => (name === 'hello' ? 2 : 0) });
  return { written: described.written(), noticed: described.noticed() };
};

/** Where callers are, and which versions have warm instances. */
const stateOf = async (stage: string) => {
  const { looker } = openSession(await describeDeployment(cloud, cloud.cloud, { stage }));
  const of = async (name: string) => (await looker.live(`small-${stage}-${name}`))?.version;
  return { hello: await of('hello'), tick: await of('tick'), warm: await looker.provisioned(`small-${stage}-hello`) };
};

describe('rollback', () => {
  it('says where it leads whom, then leads callers back to before the last deployment, and only those that it changed', async () => {
    await deploySmallIn('back');
    await deploySmallIn('back', { greeting: 'new' });
    await takeCalls(cloud.cloud);
    const { written, noticed } = await rollBack('back');
    expect(written).toMatch(/^Rolled back: 1 of 2/);
    expect(noticed).toMatch(/^small-back-hello: callers go from version 2 back to version 1\n/);
    expect(await takeWrites()).toEqual([
      'PutProvisionedConcurrencyConfig small-back-hello',
      'UpdateAlias small-back-hello',
      'DeleteProvisionedConcurrencyConfig small-back-hello',
    ]);
    expect(await greetingOf('back')).toBe('hello');
  });

  it('takes all of a deployment back, also what was published before and left', async () => {
    await deploySmallIn('together');
    await deploySmallIn('together', { greeting: 'new' });
    passASecond();
    await rollBack('together');
    passASecond();
    await deploySmallIn('together', { greeting: 'new', functions: { tick: { timeout: 4 } } });
    expect(await stateOf('together')).toMatchObject({ hello: '3', tick: '2' });
    passASecond();
    await rollBack('together');
    expect(await stateOf('together')).toMatchObject({ hello: '1', tick: '1' });
  });

  it('leads back to what was live before, not to what a version was once published after', async () => {
    for (const greeting of ['one', 'two', 'three']) {
      await deploySmallIn('before', { greeting });
      passASecond();
    }
    await rollBack('before');
    passASecond();
    await rollBack('before', { again: true });
    expect(await greetingOf('before')).toBe('one');
    passASecond();
    await deploySmallIn('before', { greeting: 'three' });
    expect(await greetingOf('before')).toBe('three');
    passASecond();
    await rollBack('before');
    expect(await greetingOf('before')).toBe('one');
  });

  it('is taken back by the next deployment, with the version that is there', async () => {
    await deploySmallIn('forth');
    await deploySmallIn('forth', { greeting: 'new' });
    await rollBack('forth', { function: 'hello' });
    await takeCalls(cloud.cloud);
    await deploySmallIn('forth', { greeting: 'new' });
    expect(await takeWrites()).toEqual([
      'PutProvisionedConcurrencyConfig small-forth-hello',
      'UpdateAlias small-forth-hello',
      'DeleteProvisionedConcurrencyConfig small-forth-hello',
    ]);
    expect(await greetingOf('forth')).toBe('new');
  });

  it('leads no further back when it is repeated, but with --again', async () => {
    for (const greeting of ['one', 'two', 'three']) await deploySmallIn('twice', { greeting });
    await rollBack('twice');
    await takeCalls(cloud.cloud);
    expect((await rollBack('twice')).written).toMatch(/^The last deployment is rolled back already/);
    expect(await takeWrites()).toEqual([]);
    await rollBack('twice', { again: true });
    expect(await greetingOf('twice')).toBe('one');
  });

  it('goes by when callers were led there, and not by when it was published', async () => {
    await deploySmallIn('order');
    passASecond();
    await deploySmallIn('order', { greeting: 'new' });
    await rollBack('order');
    passASecond();
    const functions = { tick: { timeout: 5 } };
    await deploySmallIn('order', { functions });
    passASecond();
    await deploySmallIn('order', { functions, greeting: 'new' });
    passASecond();
    await rollBack('order');
    expect(await stateOf('order')).toMatchObject({ hello: '1', tick: '2' });
    passASecond();
    await rollBack('order', { again: true });
    expect(await stateOf('order')).toMatchObject({ hello: '1', tick: '1' });
  });

  it('that is killed at any call comes to the same end in the next run', async () => {
    const prepare = async (stage: string) => {
      await deploySmallIn(stage);
      await deploySmallIn(stage, { greeting: 'new' });
      passASecond();
      await deploySmallIn(stage, { greeting: 'newer', env: { LOG_LEVEL: 'debug' } });
      passASecond();
      line.mend();
    };
    await prepare('whole');
    await rollBack('whole');
    const calls = line.calls();
    expect(await stateOf('whole')).toEqual({ hello: '2', tick: '1', warm: { '2': 2 } });
    for (let call = 1; call <= calls; call += 1) {
      const stage = `killed-${call}`;
      await prepare(stage);
      line.cutAt(call);
      await messageOf(rollBack(stage));
      line.mend();
      await rollBack(stage);
      expect([stage, await stateOf(stage)]).toEqual([stage, { hello: '2', tick: '1', warm: { '2': 2 } }]);
    }
  });

  it.each(['UpdateAlias', 'PutProvisionedConcurrencyConfig', 'DeleteProvisionedConcurrencyConfig'])(
    'makes good a lost reply of %s',
    async (command) => {
      const stage = `lost-${command.toLowerCase()}`;
      await deploySmallIn(stage);
      await deploySmallIn(stage, { greeting: 'new' });
      await cloud.orderFault({ command, dropReply: true });
      expect((await rollBack(stage)).written).toMatch(/^Rolled back: 1 of 2/);
      expect(await stateOf(stage)).toEqual({ hello: '1', tick: '1', warm: { '1': 2 } });
    },
  );

  it('says that there is nothing before the first deployment', async () => {
    await deploySmallIn('start');
    await expect(rollBack('start')).rejects.toThrow('There is no version to go back to');
  });
});

describe('a function that is stuck', () => {
  it('is shown by info and rolled back, and the rest is removed without it', async () => {
    await deploySmallIn('stuck');
    await deploySmallIn('stuck', { greeting: 'new' });
    await cloud.orderFault({ command: 'Updating', delayMs: 60_000 });
    const options = await describeDeployment(cloud, cloud.cloud, { stage: 'stuck', options: { yes: true } });
    await openSession(options).scf('UpdateFunctionConfiguration', { FunctionName: 'small-stuck-hello', Timeout: 9 });
    await info(options);
    expect(options.written()).toMatch(/^small-stuck-hello +2 +Updating +http:/m);
    await rollBack('stuck');
    expect(await greetingOf('stuck')).toBe('hello');
    await expect(remove(options)).rejects.toThrow(/These are left.+\nsmall-stuck-hello is Updating still/);
    expect(options.noticed()).toContain('small-stuck-tick: removed');
    later += 60_000;
    await remove(options);
    await info(options);
    expect(options.written()).toMatch(/Nothing is deployed in the stage stuck.$/);
  });
});

describe('info', () => {
  it('names addresses of what is there alone, and what the DNS of a domain must say', async () => {
    const described = await describeDeployment(cloud, cloud.cloud, { stage: 'told' });
    await deploySmallIn('told');
    await openSession(described).scf('CreateTrigger', {
      FunctionName: 'small-told-tick',
      TriggerName: 'theirs',
      Type: 'http',
      TriggerDesc: JSON.stringify({ AuthType: 'NONE', NetConfig: { EnableIntranet: false, EnableExtranet: true } }),
    });
    await info(described);
    expect(described.written()).toMatch(/^small-told-tick +1 +Active +0 0 3 \* \* \* \*$/m);
    expect(described.written()).toMatch(/^IM callback URL: +-$/m);
    expect(described.written()).toMatch(/^DNS of the domain: +CNAME <APPID>.ap-guangzhou.tencentscf.com$/m);
  });
});

describe('remove', () => {
  const removeFrom = async (
    stage: string,
    { terminal, ...options }: Change['options'] & Pick<RemoveOptions, 'terminal'> = {},
  ) => {
    const described = await describeDeployment(cloud, line.origin, { stage, options });
    await remove({ ...described, ...(terminal && { terminal }) });
    return described.written();
  };

  it('takes away what this service has in this stage, and nothing else', async () => {
    await deploySmallIn('gone');
    await deploySmallIn('gone-not');
    await takeCalls(cloud.cloud);
    await removeFrom('gone', { yes: true });
    expect((await takeWrites()).sort()).toEqual([
      'DeleteCustomDomain gone.example.com',
      'DeleteFunction small-gone-hello',
      'DeleteFunction small-gone-tick',
      'DeleteProvisionedConcurrencyConfig small-gone-hello',
    ]);
    expect((await invokeSmall(cloud, 'gone-not')).exitCode).toBe(0);
  });

  it('that is killed at any call comes to the same end in the next run', async () => {
    await deploySmallIn('removed');
    line.mend();
    await removeFrom('removed', { yes: true });
    const calls = line.calls();
    for (let call = 1; call <= calls; call += 1) {
      const stage = `removed-${call}`;
      await deploySmallIn(stage);
      line.cutAt(call);
      await messageOf(removeFrom(stage, { yes: true }));
      line.mend();
      await removeFrom(stage, { yes: true });
      const { looker, inventory } = openSession(await describeDeployment(cloud, cloud.cloud, { stage }));
      expect([stage, (await inventory()).owned.size]).toEqual([stage, 0]);
      expect([stage, (await looker.domains()).has(`${stage}.example.com`)]).toEqual([stage, false]);
    }
  });

  it('takes one function away with its path, and the domain with the last', async () => {
    const third = { handler: 'functions/third/index.main', events: [{ http: { path: '/third' } }] };
    await deploySmallIn('single', { functions: { third } });
    const described = await describeDeployment(cloud, cloud.cloud, { stage: 'single' });
    const { remote, looker } = openSession(described);
    const routes = { '/hello': 'small-single-hello', '/third': 'small-single-third' };
    await remote.route({ name: 'single.example.com', routes }, false);
    await removeFrom('single', { yes: true, function: 'hello' });
    expect((await looker.domains()).get('single.example.com')?.routes.map(({ path }) => path)).toEqual(['/third']);
    await removeFrom('single', { yes: true, function: 'third' });
    expect((await looker.domains()).has('single.example.com')).toBe(false);
    expect(await removeFrom('single', { yes: true })).toBe('Removed.');
  });

  it('takes away a domain whose functions are gone', async () => {
    await deploySmallIn('orphan');
    const { remote, looker } = openSession(await describeDeployment(cloud, cloud.cloud, { stage: 'orphan' }));
    await remote.provision('small-orphan-hello', '1', 0);
    await remote.delete('small-orphan-hello');
    await removeFrom('orphan', { yes: true });
    expect((await looker.domains()).has('orphan.example.com')).toBe(false);
  });

  it('asks on a terminal what it shall do with all that it names', async () => {
    await deploySmallIn('asked');
    const answer = async (line: string) => {
      const input = Object.assign(new PassThrough(), { isTTY: true });
      const output = new PassThrough();
      input.write(`${line}\n`);
      const written = await removeFrom('asked', { terminal: { input, output } });
      return { written, question: await text(output.end()) };
    };
    expect(await answer('no')).toEqual({
      written: 'Nothing was removed.',
      question: expect.stringMatching(/^asked.example.com\nsmall-asked-\w+\nsmall-asked-\w+\nRemove all of these\?/),
    });
    expect((await answer('yes')).written).toBe('Removed.');
  });

  it('removes nothing without a terminal to ask on', async () => {
    await deploySmallIn('kept');
    const terminal = { input: new PassThrough(), output: new PassThrough() };
    await expect(removeFrom('kept', { terminal })).rejects.toThrow('add --yes');
    expect((await invokeSmall(cloud, 'kept')).exitCode).toBe(0);
  });
});
