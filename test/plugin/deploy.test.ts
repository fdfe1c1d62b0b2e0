import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
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

const cloud = await startTestCloud({
  functions: [],
  scfSettings: { settleMs: 3, functionsPerNamespace: 10_000, foreignDomains: ['taken.example.com'] },
});
const line = await createCutLine(cloud.cloud);

const deploySmallIn = (stage: string, change: Change = {}) => deploySmall(cloud, line.origin, { ...change, stage });
const takeWrites = async () => writesOf(await takeCalls(cloud.cloud));
const orderFault = (fault: object) => cloud.orderFault(fault);

const invokeHello = (stage: string) => invokeSmall(cloud, stage);

describe('deploy', () => {
  it('creates what is not there, and leads callers to it last', async () => {
    await takeCalls(cloud.cloud);
    const { written } = await deploySmallIn('fresh');
    expect(written).toBe('Deployed: 2 of 2 changed, and the domain fresh.example.com.');
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

  it('puts back an alias that somebody has led to $LATEST, or whose calls a second version shares', async () => {
    const mend = async (alias: object) => {
      const { scf } = openSession(await describeDeployment(cloud, cloud.cloud, { stage: 'alias' }));
      await scf('UpdateAlias', { FunctionName: 'small-alias-tick', Name: 'live', ...alias } as never);
      await takeCalls(cloud.cloud);
      await deploySmallIn('alias', { greeting: 'new' });
      return (await takeWrites()).join();
    };
    await deploySmallIn('alias');
    await deploySmallIn('alias', { greeting: 'new', functions: { tick: { timeout: 4 } } });
    expect(await mend({ FunctionVersion: '$LATEST' })).toMatch(
      /^UpdateFunctionConfiguration.*UpdateAlias small-alias-tick$/,
    );
    const weights = [{ Version: '2', Weight: 0.5 }];
    const shared = { FunctionVersion: '1', RoutingConfig: { AdditionalVersionWeights: weights } };
    expect(await mend(shared)).toBe('UpdateAlias small-alias-tick');
    expect((await deploySmallIn('alias', { greeting: 'new' })).written).toMatch(/^Nothing to do/);
  });

  it.each([
    ['a network and a role', { provider: { vpc: { vpcId: 'vpc-1', subnetId: 'subnet-1' }, role: 'other' } }],
    ['a log topic', { provider: { role: 'r', logs: { logsetId: 'set', topicId: 'topic' } } }],
    ['no variable any longer', { provider: { environment: [] }, functions: { hello: { environment: [] } } }],
    ['fewer instances', { functions: { hello: { reservedConcurrency: 2, provisionedConcurrency: 1 } } }],
    ['no instances of its own', { functions: { hello: { reservedConcurrency: 0, provisionedConcurrency: 0 } } }],
  ] satisfies [string, Change][])('configures %s, and once', async (what, change) => {
    const stage = what.replaceAll(' ', '-');
    await deploySmallIn(stage, { env: { LOG_LEVEL: 'warn' } });
    expect((await deploySmallIn(stage, change)).written).toMatch(/^Deployed/);
    expect((await deploySmallIn(stage, change)).written).toBe('Nothing to do: everything is as it shall be.');
  });

  it('keeps the latest versions of many', async () => {
    for (let timeout = 1; timeout <= 13; timeout += 1)
      await deploySmallIn('many', { functions: { tick: { timeout } }, only: 'tick' });
    const { looker } = openSession(await describeDeployment(cloud, cloud.cloud, { stage: 'many' }));
    const versions = (await looker.versions('small-many-tick')).map(({ version }) => Number(version));
    expect(versions).toEqual([13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3]);
  });

  it('takes HTTPS off a domain, and once', async () => {
    await deploySmallIn('https', { certificateId: 'cert' });
    expect((await deploySmallIn('https')).written).toBe('Deployed: 0 of 2 changed, and the domain https.example.com.');
    expect((await deploySmallIn('https')).written).toMatch(/^Nothing to do/);
  });

  it('names what is no longer wanted and still at work', async () => {
    await deploySmallIn('former', { functions: { third: { handler: 'functions/third/index.main', events: [] } } });
    const { written, noticed } = await deploySmallIn('former', { domain: 'new.example.com' });
    expect(written).toBe('Deployed: 0 of 2 changed, and the domain new.example.com.');
    expect(noticed).toMatch(/^small-former-third is still at work: serverless remove --function third ends it.$/m);
    expect(noticed).toMatch(/^The domain former.example.com still leads here: /m);
    expect((await deploySmallIn('former', { domain: 'new.example.com' })).written).toBe(
      'Nothing to do, but what is no longer in serverless.ts is still there: third, former.example.com.',
    );
  });

  it('brings an archive that is too large for a call through COS, and takes it away again', async () => {
    const bucket = { name: cloud.env.COS_BUCKET ?? '', region: cloud.env.COS_REGION ?? '', origin: cloud.cos };
    const change = { bulk: 7_100_000, bucket, only: 'tick' };
    for (const env of [{}, { LOG_LEVEL: 'debug' }]) {
      await takeCalls(cloud.cloud);
      await deploySmallIn('large', { ...change, env });
      const uploads = (await takeCalls(cloud.cloud)).filter(({ action }) => /Create|Code/.test(action));
      expect(JSON.stringify(uploads)).toMatch(/"CosObjectName":"\/serverless\/small\/large\/tick\/\w{32}.zip"/);
    }
    const { looker } = openSession(await describeDeployment(cloud, cloud.cloud, { stage: 'large' }));
    expect((await looker.get('small-large-tick'))?.CodeSize).toBeGreaterThan(7_100_000);
    const kept = readdirSync(join(cloud.dataDir, 'cos', 'objects'));
    expect(kept.filter((file) => file.endsWith('.bin'))).toEqual([]);
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
});

describe('deploy refuses, before it changes anything,', () => {
  const refusal = async (stage: string, change: Change = {}) => {
    await takeCalls(cloud.cloud);
    const message = await messageOf(deploySmallIn(stage, change));
    expect(await takeWrites()).toEqual([]);
    return message;
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

  it('an archive that is too large for a call, without a bucket', async () => {
    expect(await refusal('bad', { bulk: 7_100_000, only: 'tick' })).toMatch(
      /tick is packed into 71\d+ bytes, .+ \(DEPLOY_BUCKET\)/,
    );
  });

  it('half a log topic, and one without a role that writes to it', async () => {
    expect(await refusal('bad', { provider: { logs: { topicId: 't' } } })).toMatch(/needs logsetId .+ and topicId/);
    const logs = { logsetId: 's', topicId: 't' };
    expect(await refusal('bad', { provider: { logs } })).toMatch(/provider.logs needs provider.role/);
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
  const failure = (stage: string, change: Change = {}) => messageOf(deploySmallIn(stage, change));

  it.each([
    ['CreateFunction', 'InvalidParameterValue.Runtime'],
    ['PublishVersion', 'FailedOperation.InsufficientBalance'],
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

  it('a domain that another account has, before callers are led anywhere', async () => {
    await deploySmallIn('early', { domain: undefined });
    await takeCalls(cloud.cloud);
    expect(await failure('early', { domain: 'taken.example.com', greeting: 'new' })).toMatch(/ResourceInUse/);
    expect((await takeWrites()).join()).not.toContain('UpdateAlias');
    expect((await invokeHello('early')).reply.greeting).toBe('hello');
  });

  it('a domain whose DNS does not lead to SCF, and where it must', async () => {
    await orderFault({ command: 'CreateCustomDomain', errorCode: 'FailedOperation.CNAME' });
    expect(await failure('dns')).toMatch(
      /FailedOperation.CNAME: .+: dns.example.com needs a CNAME record to <APPID>.ap-guangzhou.tencentscf.com first.$/,
    );
    await deploySmallIn('dns');
  });

  it('a bucket that refuses', async () => {
    const bucket = { name: cloud.env.COS_BUCKET ?? '', region: cloud.env.COS_REGION ?? '', origin: cloud.cos };
    await orderFault({ command: 'PutObject', errorCode: 'AccessDenied' });
    expect(await failure('bucket', { bulk: 7_100_000, only: 'tick', bucket })).toMatch(
      /^PUT \/serverless\/.+: AccessDenied: .+ \(RequestId .+\)$/,
    );
  });

  it('a bucket that does not answer', async () => {
    const bucket = { name: 'nobody-1250000000', region: 'ap-shanghai', origin: 'http://127.0.0.1:9' };
    expect(await failure('bucket', { bulk: 7_100_000, only: 'tick', bucket })).toMatch(
      /^PUT \/serverless\/.+ in the bucket nobody-1250000000: no reply: /,
    );
  });

  it('why a version failed to be published, and the next run publishes another one', async () => {
    await deploySmallIn('unpublished');
    await orderFault({ command: 'Publishing', errorCode: 'InsufficientBalance' });
    expect(await failure('unpublished', { greeting: 'new' })).toBe(
      'version 2 of small-unpublished-hello is PublishFailed: InsufficientBalance: Ordered by a fault.',
    );
    await deploySmallIn('unpublished', { greeting: 'new' });
    expect((await invokeHello('unpublished')).reply.greeting).toBe('new');
    expect((await deploySmallIn('unpublished', { greeting: 'new' })).written).toMatch(/^Nothing to do/);
  });

  it('why instances did not become warm, and the next run warms them', async () => {
    await orderFault({ command: 'Provisioning', errorCode: 'NoResources' });
    expect(await failure('cold')).toMatch(/^version 1 of small-cold-hello has 0 of 2 instances: .+/);
    await deploySmallIn('cold');
    expect((await deploySmallIn('cold')).written).toMatch(/^Nothing to do/);
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

  it('a lost reply of a version that is being published still', async () => {
    await deploySmallIn('publishing');
    await orderFault({ command: 'Publishing', delayMs: 100 });
    await orderFault({ command: 'PublishVersion', dropReply: true });
    await deploySmallIn('publishing', { greeting: 'new' });
    expect((await invokeHello('publishing')).reply.greeting).toBe('new');
  });

  it('a bucket that fails for a moment', async () => {
    const bucket = { name: cloud.env.COS_BUCKET ?? '', region: cloud.env.COS_REGION ?? '', origin: cloud.cos };
    await orderFault({ command: 'PutObject', errorCode: 'InternalError' });
    await orderFault({ command: 'PutObject', dropReply: true });
    await deploySmallIn('moment', { bulk: 7_100_000, only: 'tick', bucket });
  });

  it('a lost reply of CreateCustomDomain', async () => {
    await orderFault({ command: 'CreateCustomDomain', dropReply: true });
    await deploySmallIn('lost-domain');
    expect((await deploySmallIn('lost-domain')).written).toMatch(/^Nothing to do/);
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
