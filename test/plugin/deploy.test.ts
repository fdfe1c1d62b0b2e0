import { describe, expect, it, vi } from 'vitest';
import { invoke } from '../../plugin/deploy/invoke.ts';
import { remove } from '../../plugin/deploy/remove.ts';
import { rollback } from '../../plugin/deploy/rollback.ts';
import { openSession } from '../../plugin/deploy/session.ts';
import { describeWanted } from '../../plugin/deploy/wanted.ts';
import { createCutLine } from '../support/cut-line.ts';
import { type Change, deploySmall, describeDeployment, takeCalls, writesOf } from '../support/deployment.ts';
import { startTestCloud } from '../support/local-cloud.ts';

vi.setConfig({ testTimeout: 120_000 });

const cloud = await startTestCloud({
  functions: [],
  scfSettings: { settleMs: 3, functionsPerNamespace: 10_000, foreignDomains: ['taken.example.com'] },
});
const line = await createCutLine(cloud.cloud);

const deploySmallIn = (stage: string, change: Change = {}) => deploySmall(cloud, line.origin, { ...change, stage });
const takeWrites = async () => writesOf(await takeCalls(cloud.cloud));
const orderFault = (fault: object) => cloud.orderFault(fault);

/** What callers of a stage meet, and what the next deployment goes by. */
const stateOf = async (stage: string) => {
  const options = await describeDeployment(cloud, cloud.cloud, { stage });
  const { looker, owned, owner } = openSession(options);
  const functions = await Promise.all(
    options.packed.map(async (packed) => {
      const fn = describeWanted(packed, options.provider, owner, options.env);
      const found = await looker.look(fn, (await owned()).get(fn.deployedName));
      const live = found?.versions.find(({ version }) => version === found.live?.version);
      return {
        status: found?.status,
        code: found?.mark?.code === fn.code,
        configuration: found?.configuration,
        isLive: found?.live?.release === fn.release || live?.mark?.release === fn.release,
        reservedMb: found?.reservedMb,
        warm: Object.values(found?.provisioned ?? {}),
        triggers: found?.triggers.map(({ name, qualifier, isOpen }) => ({ name, qualifier, isOpen })),
      };
    }),
  );
  return { functions, domain: (await looker.domains()).get(`${stage}.example.com`) };
};

const invokeHello = async (stage: string) => {
  const options = await describeDeployment(cloud, cloud.cloud, {
    stage,
    options: { function: 'hello', data: '{}' },
  });
  const exitCode = await invoke({ ...options, serviceDir: '/' });
  return { exitCode, reply: JSON.parse(options.written()) };
};

describe('deploy', () => {
  it('creates what is not there, and leads callers to it last', async () => {
    await takeCalls(cloud.cloud);
    const { written } = await deploySmallIn('fresh');
    expect(written).toBe('Deployed: 2 of 2 changed.');
    const writes = await takeWrites();
    const of = (name: string) => writes.filter((write) => write.endsWith(name)).map((write) => write.split(' ')[0]);
    expect(of('small-fresh-hello')).toEqual([
      'CreateFunction',
      'PutReservedConcurrencyConfig',
      'PublishVersion',
      'PutProvisionedConcurrencyConfig',
      'CreateAlias',
      'CreateTrigger',
    ]);
    expect(of('small-fresh-tick')).toEqual(['CreateFunction', 'PublishVersion', 'CreateAlias', 'CreateTrigger']);
    expect(writes.at(-1)).toBe('CreateCustomDomain fresh.example.com');
    expect(writes).toHaveLength(11);
    expect(await invokeHello('fresh')).toEqual({
      exitCode: 0,
      reply: { greeting: 'hello', secret: 'a secret greeting' },
    });
  });

  it('changes nothing the second time, and says so', async () => {
    await deploySmallIn('again');
    await takeCalls(cloud.cloud);
    const { written } = await deploySmallIn('again');
    expect(written).toBe('Nothing to do: everything is as it shall be.');
    const calls = await takeCalls(cloud.cloud);
    expect(writesOf(calls)).toEqual([]);
    expect(calls.length).toBeLessThanOrEqual(2 * 2 + 5);
  });

  it('uploads the one code that is new, and leads callers to one new version', async () => {
    await deploySmallIn('code');
    await takeCalls(cloud.cloud);
    await deploySmallIn('code', { greeting: 'good morning' });
    expect(await takeWrites()).toEqual([
      'UpdateFunctionConfiguration small-code-hello',
      'UpdateFunctionCode small-code-hello',
      'UpdateFunctionConfiguration small-code-hello',
      'PublishVersion small-code-hello',
      'PutProvisionedConcurrencyConfig small-code-hello',
      'UpdateAlias small-code-hello',
      'DeleteProvisionedConcurrencyConfig small-code-hello',
    ]);
    expect((await invokeHello('code')).reply.greeting).toBe('good morning');
  });

  it('uploads no code for a variable that is new', async () => {
    await deploySmallIn('variable');
    await takeCalls(cloud.cloud);
    await deploySmallIn('variable', { env: { LOG_LEVEL: 'debug' } });
    expect((await takeWrites()).filter((write) => write.endsWith('tick'))).toEqual([
      'UpdateFunctionConfiguration small-variable-tick',
      'PublishVersion small-variable-tick',
      'UpdateAlias small-variable-tick',
    ]);
  });

  it('puts back what somebody has changed in the console, without a new version', async () => {
    await deploySmallIn('console');
    const { scf } = openSession(await describeDeployment(cloud, cloud.cloud, { stage: 'console' }));
    await scf('UpdateFunctionConfiguration', { FunctionName: 'small-console-tick', MemorySize: 1024 });
    await scf('DeleteTrigger', {
      FunctionName: 'small-console-tick',
      TriggerName: 'timer',
      Type: 'timer',
      Qualifier: 'live',
    });
    await takeCalls(cloud.cloud);
    await deploySmallIn('console');
    expect(await takeWrites()).toEqual([
      'UpdateFunctionConfiguration small-console-tick',
      'CreateTrigger small-console-tick',
    ]);
  });

  it('changes one function alone, and no path, when asked to', async () => {
    await deploySmallIn('one');
    await takeCalls(cloud.cloud);
    await deploySmallIn('one', { only: 'tick', domain: undefined, greeting: 'unseen', env: { LOG_LEVEL: 'warn' } });
    expect((await takeWrites()).filter((write) => !write.endsWith('small-one-tick'))).toEqual([]);
    expect((await invokeHello('one')).reply.greeting).toBe('hello');
  });

  it('shows what it would do, with no value in it, and does nothing', async () => {
    await deploySmallIn('dry');
    await takeCalls(cloud.cloud);
    const env = { GREETING_SECRET: 'another secret greeting', LOG_LEVEL: 'debug' };
    const change = { greeting: 'new', env, options: { 'dry-run': true }, provider: { memorySize: 256 } };
    const { written, noticed } = await deploySmallIn('dry', change);
    expect(written).toMatch(
      /^small-dry-hello +configure: memoryMb 128 → 256, GREETING_SECRET «changed», LOG_LEVEL added$/m,
    );
    expect(written).toMatch(/^small-dry-hello +lead callers from version 1 to the new version$/m);
    expect(written + noticed).not.toContain('secret greeting');
    expect(await takeWrites()).toEqual([]);
  });

  it('brings an archive that is too large for a call through COS', async () => {
    const bucket = { name: cloud.env.COS_BUCKET ?? '', region: cloud.env.COS_REGION ?? '', origin: cloud.cos };
    const options = await describeDeployment(cloud, line.origin, { stage: 'large', bucket });
    const { createCodeStore } = await import('../../plugin/deploy/code-store.ts');
    const { credentials, owner } = openSession(options);
    const codeStore = createCodeStore({ bucket, credentials, fetch, clock: Date.now, maxDirectBytes: 10 });
    const [packed] = options.packed;
    if (!packed) throw new Error('There is no function.');
    const fn = describeWanted(packed, options.provider, owner, options.env);
    const reference = await codeStore(fn);
    expect(reference).toMatchObject({ CosBucketName: 'classroom', CosBucketRegion: 'ap-shanghai' });
    const { scf, looker } = openSession(options);
    await scf('CreateFunction', {
      FunctionName: fn.deployedName,
      Handler: fn.handler,
      Runtime: 'Nodejs20.19',
      Code: reference,
    });
    expect(await looker.settle(fn.deployedName)).toMatchObject({ Status: 'Active', CodeSize: packed.archive.length });
  });
});

describe('deploy refuses, before it changes anything,', () => {
  const refusal = async (stage: string, change: Change = {}) => {
    await takeCalls(cloud.cloud);
    const error = await deploySmallIn(stage, change).then(
      () => undefined,
      (thrown: Error) => thrown,
    );
    expect(await takeWrites()).toEqual([]);
    return error?.message;
  };

  it('variables that are missing or malformed, all at once and before the first call', async () => {
    const before = line.calls();
    const message = await refusal('bad', {
      env: { LOG_LEVEL: 'value-one', DATABASE_URL: 'value-two', TENCENTCLOUD_SECRETID: undefined },
      functions: { hello: { environment: ['IM_SDK_APP_ID', 'IM_SECRET_KEY', 'IM_PRIVATE_KEY', 'DATABASE_URL'] } },
    });
    expect(message).toMatch(/TENCENTCLOUD_SECRETID is missing/);
    expect(message).toMatch(/LOG_LEVEL must be debug or info or warn or error/);
    expect(message).toMatch(/IM_SDK_APP_ID is missing/);
    expect(message).toMatch(/IM_SECRET_KEY or IM_PRIVATE_KEY is missing/);
    expect(message).toMatch(/DATABASE_URL must be a postgres:\/\/ URL/);
    expect(message).not.toMatch(/value-/);
    expect(line.calls()).toBe(before);
  });

  it('variables that are too large together, a network without its subnet, and too few instances to overlap', async () => {
    const message = await refusal('bad', {
      env: { GREETING_SECRET: 'x'.repeat(4096) },
      provider: { vpc: { vpcId: 'vpc-1' } },
      functions: { hello: { reservedConcurrency: 3 } },
    });
    expect(message).toMatch(/hello: its variables take more than the 4096 bytes/);
    expect(message).toMatch(/provider.vpc needs vpcId and subnetId/);
    expect(message).toMatch(/hello: reservedConcurrency must be twice provisionedConcurrency/);
  });

  it("a function of ours that is somebody else's", async () => {
    const options = await describeDeployment(cloud, cloud.cloud, { stage: 'foreign' });
    await openSession(options).scf('CreateFunction', {
      FunctionName: 'small-foreign-hello',
      Code: { ZipFile: options.packed[0]?.archive.toString('base64') ?? '' },
      Handler: 'index.main',
      Runtime: 'Nodejs20.19',
    });
    expect(await refusal('foreign')).toBe(
      'small-foreign-hello is there already and was not deployed from here: rename or remove it, or choose another stage.',
    );
  });

  it('a domain that leads to functions of others', async () => {
    await deploySmallIn('owner');
    expect(await refusal('thief', { domain: 'owner.example.com' })).toBe(
      'The domain owner.example.com leads to functions that were not deployed from here: it stays as it is.',
    );
  });
});

describe('deploy tells in a line, with code and RequestId,', () => {
  const failure = async (stage: string, change: Change = {}) =>
    deploySmallIn(stage, change).then(
      () => undefined,
      (thrown: Error) => thrown.message,
    );

  it.each([
    ['CreateFunction', 'InvalidParameterValue.Runtime'],
    ['PublishVersion', 'FailedOperation.PublishVersion'],
    ['PutReservedConcurrencyConfig', 'LimitExceeded.FunctionReservedConcurrencyMemory'],
    ['CreateAlias', 'ResourceNotFound.FunctionVersion'],
  ])('that %s was refused, and the next run does the rest', async (action, code) => {
    const stage = `refused-${action.toLowerCase()}`;
    await orderFault({ command: action, errorCode: code });
    expect(await failure(stage)).toMatch(
      new RegExp(`^${action} small-${stage}-\\w+: ${code}: Ordered by a fault. \\(RequestId [\\w-]{36}\\)$`),
    );
    await deploySmallIn(stage);
    expect((await deploySmallIn(stage)).written).toMatch(/^Nothing to do/);
  });

  it('a domain that another account has', async () => {
    expect(await failure('taken', { domain: 'taken.example.com' })).toMatch(
      /^CreateCustomDomain taken\.example\.com: ResourceInUse: .+ \(RequestId [\w-]{36}\)$/,
    );
  });

  it('wrong credentials', async () => {
    expect(await failure('wrong', { env: { TENCENTCLOUD_SECRETKEY: 'wrong' } })).toMatch(
      /^ListFunctions: AuthFailure\.SignatureFailure: .+ \(RequestId [\w-]{36}\)$/,
    );
  });

  it('that there is no reply', async () => {
    line.cutAt(1);
    expect(await failure('lost')).toMatch(/^ListFunctions: no reply from Tencent Cloud: /);
    line.mend();
  });

  it('why a function failed to be updated, and the next run mends it', async () => {
    await deploySmallIn('stuck');
    await orderFault({ command: 'Updating', errorCode: 'InsufficientBalance' });
    expect(await failure('stuck', { greeting: 'new' })).toBe(
      'small-stuck-hello is UpdateFailed: InsufficientBalance: Ordered by a fault.',
    );
    expect((await invokeHello('stuck')).reply.greeting).toBe('hello');
    await deploySmallIn('stuck', { greeting: 'new' });
    expect((await invokeHello('stuck')).reply.greeting).toBe('new');
  });

  it('why a function failed to be created, and the next run creates it anew', async () => {
    await orderFault({ command: 'Creating', errorCode: 'InsufficientBalance' });
    expect(await failure('unborn')).toMatch(/^small-unborn-\w+ is CreateFailed: InsufficientBalance: /);
    await deploySmallIn('unborn');
    expect((await invokeHello('unborn')).exitCode).toBe(0);
  });
});

describe('deploy makes good by itself', () => {
  it('calls over the rate limit', async () => {
    for (const command of ['CreateFunction', 'GetFunction', 'UpdateAlias', 'CreateAlias'])
      await orderFault({ command, errorCode: 'RequestLimitExceeded', times: 2 });
    await deploySmallIn('busy');
    expect((await invokeHello('busy')).exitCode).toBe(0);
  });

  it.each(['CreateFunction', 'PublishVersion', 'CreateAlias', 'CreateTrigger'])(
    'a lost reply of %s, without doing it twice',
    async (action) => {
      const stage = `lost-${action.toLowerCase()}`;
      await orderFault({ command: action, dropReply: true });
      await takeCalls(cloud.cloud);
      await deploySmallIn(stage);
      expect((await takeWrites()).filter((write) => write.startsWith(action))).toHaveLength(2);
      expect((await deploySmallIn(stage)).written).toMatch(/^Nothing to do/);
    },
  );
});

/** Deploys until it is cut at each call in turn, and a second time: that comes to the same end as a whole run. */
const cutEverywhere = async (name: string, before: Change | undefined, after: Change): Promise<void> => {
  const prepare = async (stage: string) => {
    if (before) await deploySmallIn(stage, before);
    line.mend();
  };
  await prepare(`${name}-whole`);
  await deploySmallIn(`${name}-whole`, after);
  const calls = line.calls();
  const wanted = await stateOf(`${name}-whole`);
  expect(calls).toBeGreaterThan(10);

  for (let call = 1; call <= calls; call += 1) {
    const stage = `${name}-${call}`;
    await prepare(stage);
    line.cutAt(call);
    await deploySmallIn(stage, after).catch(() => {});
    line.mend();
    await deploySmallIn(stage, after);
    const state = await stateOf(stage);
    expect({ stage, functions: state.functions }).toEqual({ stage, functions: wanted.functions });
    expect(state.domain?.routes.map(({ path, qualifier }) => [path, qualifier])).toEqual([['/hello', 'live']]);
    expect({ stage, ...(await invokeHello(stage)).reply }).toEqual({
      stage,
      greeting: 'hello',
      secret: 'a secret greeting',
    });
    const { written } = await deploySmallIn(stage, after);
    expect({ stage, written }).toEqual({ stage, written: 'Nothing to do: everything is as it shall be.' });
  }
};

describe('deploy that is killed at any call comes to the same end in the next run', () => {
  it('the first time', () => cutEverywhere('first', undefined, {}));

  it('with new code and a new variable', () =>
    cutEverywhere('second', { greeting: 'old', env: { LOG_LEVEL: 'warn' } }, {}));

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
      await deploySmallIn('torn', { greeting: `new ${call}` }).catch(() => {});
      line.mend();
      const isSwitched = (await takeWrites()).includes('UpdateAlias small-torn-hello');
      expect([call, (await invokeHello('torn')).reply.greeting]).toEqual([call, isSwitched ? `new ${call}` : 'hello']);
      answers.add(isSwitched ? 'new' : 'old');
    }
    expect(answers).toEqual(new Set(['old', 'new']));
  });
});

describe('rollback', () => {
  const rollBack = async (stage: string, only?: string) => {
    const options = await describeDeployment(cloud, cloud.cloud, {
      stage,
      options: only === undefined ? {} : { function: only },
    });
    await rollback({ ...options, provisioned: (name) => (name === 'hello' ? 2 : 0) });
    return options.written();
  };

  it('leads callers back to before the last deployment, and only those that it changed', async () => {
    await deploySmallIn('back');
    await deploySmallIn('back', { greeting: 'new' });
    await takeCalls(cloud.cloud);
    expect(await rollBack('back')).toMatch(/^Rolled back: 1 of 2/);
    expect(await takeWrites()).toEqual([
      'PutProvisionedConcurrencyConfig small-back-hello',
      'UpdateAlias small-back-hello',
      'DeleteProvisionedConcurrencyConfig small-back-hello',
    ]);
    expect((await invokeHello('back')).reply.greeting).toBe('hello');
  });

  it('is taken back by the next deployment, with the version that is there', async () => {
    await deploySmallIn('forth');
    await deploySmallIn('forth', { greeting: 'new' });
    await rollBack('forth', 'hello');
    await takeCalls(cloud.cloud);
    await deploySmallIn('forth', { greeting: 'new' });
    expect(await takeWrites()).toEqual([
      'PutProvisionedConcurrencyConfig small-forth-hello',
      'UpdateAlias small-forth-hello',
      'DeleteProvisionedConcurrencyConfig small-forth-hello',
    ]);
    expect((await invokeHello('forth')).reply.greeting).toBe('new');
  });

  it('says that there is nothing before the first deployment', async () => {
    await deploySmallIn('start');
    await expect(rollBack('start')).rejects.toThrow('There is no version to go back to');
  });
});

describe('remove', () => {
  it('takes away what this service has in this stage, and nothing else', async () => {
    await deploySmallIn('gone');
    await deploySmallIn('gone-not');
    await takeCalls(cloud.cloud);
    const options = await describeDeployment(cloud, cloud.cloud, { stage: 'gone', options: { yes: true } });
    await remove(options);
    expect((await takeWrites()).sort()).toEqual([
      'DeleteCustomDomain gone.example.com',
      'DeleteFunction small-gone-hello',
      'DeleteFunction small-gone-tick',
      'DeleteProvisionedConcurrencyConfig small-gone-hello',
    ]);
    expect((await invokeHello('gone-not')).exitCode).toBe(0);
  });

  it('asks, and without a terminal to ask on removes nothing', async () => {
    await deploySmallIn('kept');
    const options = await describeDeployment(cloud, cloud.cloud, { stage: 'kept' });
    await expect(remove(options)).rejects.toThrow('add --yes');
    expect((await invokeHello('kept')).exitCode).toBe(0);
  });
});
