import { rmSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { zip } from '../../plugin/zip.ts';
import { makeDirectory } from '../support/directory.ts';
import { codeOf, permanentKey, startScf, type TestScf } from '../support/scf.ts';

const ZipFile = await codeOf('exports.main = async () => 1;');
const FunctionName = 'classroom-dev-issue-sig';
const named = { FunctionName };
const wanted = { ...named, Handler: 'index.main', Runtime: 'Nodejs20.19', Code: { ZipFile } };
const open = JSON.stringify({ AuthType: 'NONE', NetConfig: { EnableIntranet: false, EnableExtranet: true } });
const url = { ...named, TriggerName: 'url', Type: 'http', TriggerDesc: open };
const timer = { ...named, TriggerName: 'each-minute', Type: 'timer', TriggerDesc: '0 * * * * * *' };

const startWith = async (...more: Parameters<typeof startScf>) => {
  const scf = await startScf(...more);
  const client = scf.client();
  await client.CreateFunction(wanted);
  scf.settle();
  return { scf, client };
};

/** With a version `1` and an alias `live` that stands for it. */
const startLive = async (...more: Parameters<typeof startScf>) => {
  const { scf, client } = await startWith(...more);
  await client.PublishVersion(named);
  scf.settle();
  await client.CreateAlias({ ...named, Name: 'live', FunctionVersion: '1' });
  return { scf, client };
};

const statusOf = async (scf: TestScf, Qualifier = '$LATEST') =>
  (await scf.client().GetFunction({ ...named, Qualifier })).Status;

describe('a function', () => {
  it('is Creating, then Active, and answers what it was made of', async () => {
    const scf = await startScf();
    const client = scf.client();
    const Environment = { Variables: [{ Key: 'IM_SDK_APP_ID', Value: '1400000000' }] };
    const VpcConfig = { VpcId: 'vpc-1', SubnetId: 'subnet-1' };
    const more = { Description: 'A UserSig. code 1a2b', MemorySize: 512, Timeout: 10, Role: 'classroom' };
    const Tags = [{ Key: 'service', Value: 'classroom-dev' }];
    await client.CreateFunction({ ...wanted, ...more, Environment, VpcConfig, Tags });
    expect(await statusOf(scf)).toBe('Creating');
    scf.settle();
    expect(await client.GetFunction(named)).toMatchObject({
      ...named,
      ...more,
      ...{ Environment, VpcConfig, Tags },
      Status: 'Active',
      StatusReasons: [],
      Handler: 'index.main',
      Runtime: 'Nodejs20.19',
      Type: 'Event',
      Namespace: 'default',
      Qualifier: '$LATEST',
      CodeSize: Buffer.from(ZipFile, 'base64').length,
      PublicNetConfig: { PublicNetStatus: 'ENABLE' },
      AddTime: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
      Triggers: [],
      RequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  it.each([
    ['a name that ends in a hyphen', { FunctionName: 'a-' }, 'InvalidParameterValue.FunctionName'],
    ['a name of 61 characters', { FunctionName: 'a'.repeat(61) }, 'InvalidParameterValue.FunctionName'],
    ['no code', { Code: undefined }, 'MissingParameter.Code'],
    ['two sources of code', { Code: { ZipFile, CosBucketName: 'b' } }, 'InvalidParameterValue.Code'],
    ['code that is no zip', { Code: { ZipFile: 'bm8gemlw' } }, 'InvalidParameterValue.ZipFile'],
    ['code that is no base64', { Code: { ZipFile: '?' } }, 'InvalidParameterValue.ZipFileBase64BinasciiError'],
    ['no runtime', { Runtime: undefined }, 'MissingParameter.Runtime'],
    ['an unknown runtime', { Runtime: 'Nodejs4.0' }, 'InvalidParameterValue.Runtime'],
    ['a handler without its file', { Handler: 'main' }, 'InvalidParameterValue.Handler'],
    ['192 MB', { MemorySize: 192 }, 'InvalidParameterValue.MemorySize'],
    ['4 GB', { MemorySize: 4096 }, 'LimitExceeded.Memory'],
    ['901 seconds', { Timeout: 901 }, 'LimitExceeded.Timeout'],
    ['a description of 1001 characters', { Description: 'a'.repeat(1001) }, 'InvalidParameterValue.Description'],
    ['a hyphen in the description', { Description: 'sha-256' }, 'InvalidParameterValue.Description'],
    ['half a VPC', { VpcConfig: { VpcId: 'vpc-1', SubnetId: '' } }, 'ResourceNotFound.Vpc'],
    ['an unknown namespace', { Namespace: 'elsewhere' }, 'ResourceNotFound.Namespace'],
    ['an unknown parameter', { Memory: 128 }, 'UnknownParameter'],
  ])('is refused with %s', async (_what, over, code) => {
    const scf = await startScf();
    await expect(scf.client().request('CreateFunction', { ...wanted, ...over })).rejects.toMatchObject({ code });
    expect(await scf.client().ListFunctions({})).toMatchObject({ TotalCount: 0 });
  });

  it.each([
    ['TENCENTCLOUD_REGION', 'a', 'InvalidParameterValue.EnvironmentSystemProtect'],
    ['1ST', 'a', 'InvalidParameterValue.Environment'],
    ['EMPTY', '', 'InvalidParameterValue.Environment'],
    ['LONG', 'a'.repeat(4093), 'InvalidParameterValue.EnvironmentExceededLimit'],
  ])('is refused the variable %s', async (Key, Value, code) => {
    const { client } = await startWith();
    const Environment = { Variables: [{ Key, Value }] };
    await expect(client.UpdateFunctionConfiguration({ ...named, Environment })).rejects.toMatchObject({ code });
  });

  it('takes 4 KB of variables', async () => {
    const { scf, client } = await startWith();
    const Environment = { Variables: [{ Key: 'LONG', Value: 'a'.repeat(4092) }] };
    await client.UpdateFunctionConfiguration({ ...named, Environment });
    scf.settle();
    expect(await client.GetFunction(named)).toMatchObject({ Environment });
  });

  it('has a name of its own, in its namespace and region', async () => {
    const { scf, client } = await startWith();
    await expect(client.CreateFunction(wanted)).rejects.toMatchObject({ code: 'ResourceInUse.Function' });
    await client.CreateNamespace({ Namespace: 'test' });
    await client.CreateFunction({ ...wanted, Namespace: 'test' });
    await scf.client(permanentKey, 'ap-shanghai').CreateFunction(wanted);
    expect(await client.ListFunctions({ Namespace: 'default' })).toMatchObject({ TotalCount: 1 });
  });

  it('finds no room in a namespace that is full', async () => {
    const { client } = await startWith({ settings: { functionsPerNamespace: 1 } });
    await expect(client.CreateFunction({ ...wanted, FunctionName: 'another' })).rejects.toMatchObject({
      code: 'LimitExceeded.Function',
    });
  });

  it('is not changed before it is Active', async () => {
    const scf = await startScf();
    const client = scf.client();
    await client.CreateFunction(wanted);
    const refused = (work: Promise<unknown>, code: string) => expect(work).rejects.toMatchObject({ code });
    await refused(client.UpdateFunctionCode({ ...named, ZipFile }), 'FailedOperation.UpdateFunctionCode');
    await refused(
      client.UpdateFunctionConfiguration({ ...named, Timeout: 5 }),
      'FailedOperation.UpdateFunctionConfiguration',
    );
    await refused(client.PublishVersion(named), 'FailedOperation.PublishVersion');
    await refused(client.CreateTrigger(url), 'FailedOperation.CreateTrigger');
    await refused(client.InvokeFunction(named), 'FailedOperation.InvokeFunction');
    await refused(client.DeleteFunction(named), 'FailedOperation.DeleteFunction');
    scf.settle();
    await client.UpdateFunctionCode({ ...named, ZipFile });
    expect(await statusOf(scf)).toBe('Updating');
    scf.settle();
    expect(await statusOf(scf)).toBe('Active');
  });

  it('keeps what an update of its configuration does not name', async () => {
    const { client } = await startWith();
    await client.UpdateFunctionConfiguration({ ...named, Timeout: 30 });
    expect(await client.GetFunction(named)).toMatchObject({ Timeout: 30, MemorySize: 128, Handler: 'index.main' });
  });

  it('has one runtime for good', async () => {
    const { client } = await startWith();
    const change = client.UpdateFunctionConfiguration({ ...named, Runtime: 'Nodejs18.15' });
    await expect(change).rejects.toMatchObject({ code: 'InvalidParameterValue.Runtime' });
  });

  it('fails to be created when that is ordered, and can only be removed then', async () => {
    const scf = await startScf();
    const client = scf.client();
    scf.faults.order({ command: 'Creating', times: 1, errorCode: 'InternalError' });
    await client.CreateFunction(wanted);
    scf.settle();
    expect(await client.GetFunction(named)).toMatchObject({
      Status: 'CreateFailed',
      StatusReasons: [{ ErrorCode: 'InternalError' }],
    });
    await expect(client.UpdateFunctionCode({ ...named, ZipFile })).rejects.toMatchObject({
      code: 'FailedOperation.UpdateFunctionCode',
    });
    await client.DeleteFunction(named);
    scf.settle();
    await client.CreateFunction(wanted);
    scf.settle();
    expect(await statusOf(scf)).toBe('Active');
  });

  it('stays as it was when its update is ordered to fail, and may be updated anew', async () => {
    const { scf, client } = await startWith();
    scf.faults.order({ command: 'Updating', times: 1, errorCode: 'InternalError' });
    await client.UpdateFunctionConfiguration({ ...named, Timeout: 30 });
    scf.settle();
    expect(await client.GetFunction(named)).toMatchObject({ Status: 'UpdateFailed', Timeout: 3 });
    await client.UpdateFunctionConfiguration({ ...named, Timeout: 30 });
    scf.settle();
    expect(await client.GetFunction(named)).toMatchObject({ Status: 'Active', Timeout: 30 });
  });

  it('is stuck for as long as that is ordered', async () => {
    const { scf, client } = await startWith();
    scf.faults.order({ command: 'Updating', times: 1, delayMs: 60_000 });
    await client.UpdateFunctionCode({ ...named, ZipFile });
    scf.settle();
    expect(await statusOf(scf)).toBe('Updating');
  });

  it('is Deleting, then gone, and of no use meanwhile', async () => {
    const { scf, client } = await startLive();
    await client.DeleteFunction(named);
    expect(await statusOf(scf)).toBe('Deleting');
    const refused = (work: Promise<unknown>, code: string) => expect(work).rejects.toMatchObject({ code });
    await refused(client.CreateFunction(wanted), 'ResourceInUse.Function');
    await refused(client.DeleteFunction(named), 'FailedOperation.DeleteFunction');
    await refused(client.InvokeFunction({ ...named, Qualifier: 'live' }), 'FailedOperation.InvokeFunction');
    scf.settle();
    for (const call of [client.GetFunction(named), client.DeleteFunction(named), client.ListTriggers(named)])
      await refused(call, 'ResourceNotFound.Function');
    expect(await client.ListFunctions({})).toMatchObject({ TotalCount: 0 });
  });

  it('fails to be deleted when that is ordered, and is deleted by the next call', async () => {
    const { scf, client } = await startWith();
    scf.faults.order({ command: 'Deleting', times: 1, errorCode: 'InternalError' });
    await client.DeleteFunction(named);
    scf.settle();
    expect(await client.GetFunction(named)).toMatchObject({
      Status: 'DeleteFailed',
      StatusReasons: [{ ErrorCode: 'InternalError' }],
    });
    await client.DeleteFunction(named);
    scf.settle();
    await expect(client.GetFunction(named)).rejects.toMatchObject({ code: 'ResourceNotFound.Function' });
  });

  it('is not deleted, and no version of it, while instances are kept warm', async () => {
    const { scf, client } = await startLive();
    const version = { ...named, Qualifier: '1' };
    await client.PutProvisionedConcurrencyConfig({ ...version, VersionProvisionedConcurrencyNum: 1 });
    scf.settle();
    await client.DeleteAlias({ ...named, Name: 'live' });
    const refused = { code: 'FailedOperation.ProvisionedInProgress' };
    await expect(client.DeleteFunction(named)).rejects.toMatchObject(refused);
    await expect(client.DeleteFunctionVersion(version)).rejects.toMatchObject(refused);
    await client.DeleteProvisionedConcurrencyConfig(version);
    await expect(client.DeleteFunction(named)).rejects.toMatchObject(refused);
    scf.settle();
    await client.DeleteFunction(named);
  });

  it('that has gone while its new code was read is not found', async () => {
    const { client } = await startWith({
      settings: { settleMs: 0 },
      readObject: async () => {
        await client.DeleteFunction(named);
        return Buffer.from(ZipFile, 'base64');
      },
    });
    const object = { CosBucketName: 'classroom', CosObjectName: '/deploy/code.zip' };
    await expect(client.UpdateFunctionCode({ ...named, ...object })).rejects.toMatchObject({
      code: 'ResourceNotFound.Function',
    });
  });

  it('gets the same code as others at the same time', async () => {
    const scf = await startScf();
    const names = Array.from({ length: 8 }, (_, index) => `same-code-${index}`);
    await Promise.all(names.map((name) => scf.client().CreateFunction({ ...wanted, FunctionName: name })));
    expect(await scf.client().ListFunctions({})).toMatchObject({ TotalCount: 8 });
  });

  it('is refused a role that does not exist', async () => {
    const { client } = await startWith({ settings: { roles: ['classroom'] } });
    const configure = (Role: string) => client.UpdateFunctionConfiguration({ ...named, Role });
    await expect(configure('other')).rejects.toMatchObject({ code: 'ResourceNotFound.Role' });
    await configure('classroom');
  });

  it('loses its variables to one without a name, and to no empty list', async () => {
    const { scf, client } = await startWith();
    const Environment = { Variables: [{ Key: 'IM_SDK_APP_ID', Value: '1400000000' }] };
    const configure = async (Variables: { Key: string; Value: string }[]) => {
      await client.UpdateFunctionConfiguration({ ...named, Environment: { Variables } });
      scf.settle();
      return client.GetFunction(named);
    };
    await configure(Environment.Variables);
    expect(await configure([])).toMatchObject({ Environment });
    expect(await configure([{ Key: '', Value: '' }])).toMatchObject({ Environment: { Variables: [] } });
  });

  it('is listed page by page, by tags and by status', async () => {
    const { scf, client } = await startWith();
    const Tags = [{ Key: 'service', Value: 'classroom' }];
    for (const name of ['b', 'a', 'c'])
      await client.CreateFunction({ ...wanted, FunctionName: `tagged-${name}`, Tags });
    const order = { Orderby: 'FunctionName', Order: 'ASC' };
    const page = await client.ListFunctions({ ...order, SearchKey: 'tagged', Offset: 1, Limit: 1 });
    expect(page).toMatchObject({ TotalCount: 3, Functions: [{ FunctionName: 'tagged-b', Tags, Status: 'Creating' }] });
    const Filters = [{ Name: 'tag-service', Values: ['classroom'] }];
    expect(await client.ListFunctions({ Filters })).toMatchObject({ TotalCount: 3 });
    scf.settle();
    expect(await client.ListFunctions({ Filters: [{ Name: 'Status', Values: ['Active'] }] })).toMatchObject({
      TotalCount: 4,
    });
  });

  it('gets code that is too large for a request through COS', async () => {
    const archive = await zip({ 'index.js': 'exports.main = async () => 2;' });
    const objects = new Map([['classroom-1250000000 ap-guangzhou deploy/code.zip', archive]]);
    const { scf, client } = await startWith({
      readObject: async (...name) => objects.get(name.join(' ')),
    });
    const tooLarge = client.UpdateFunctionCode({ ...named, ZipFile: 'A'.repeat(10 * 1024 * 1024) });
    await expect(tooLarge).rejects.toMatchObject({ code: 'RequestSizeLimitExceeded' });
    const object = { CosBucketName: 'classroom', CosObjectName: '/deploy/code.zip' };
    await client.UpdateFunctionCode({ ...named, ...object });
    scf.settle();
    expect(await client.GetFunction(named)).toMatchObject({ CodeSize: archive.length });
    const missing = { ...named, ...object, CosObjectName: '/deploy/none.zip' };
    await expect(client.UpdateFunctionCode(missing)).rejects.toMatchObject({ code: 'InvalidParameterValue.Cos' });
  });

  it('gives its code out again', async () => {
    const { client } = await startWith();
    const { Url = '', CodeSha256 } = await client.GetFunctionAddress(named);
    const body = Buffer.from(await (await fetch(Url)).arrayBuffer());
    expect(body).toEqual(Buffer.from(ZipFile, 'base64'));
    expect(CodeSha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is kept with all that belongs to it', async () => {
    const directory = makeDirectory();
    const first = await startLive({ directory });
    await first.client.CreateTrigger({ ...url, Qualifier: 'live' });
    const look = async (scf: TestScf) => {
      const { RequestId: _, Triggers, ...version } = await scf.client().GetFunction({ ...named, Qualifier: '1' });
      const { FunctionVersion } = await scf.client().GetAlias({ ...named, Name: 'live' });
      return { version, FunctionVersion, Triggers: Triggers?.map(({ Qualifier, Type }) => ({ Qualifier, Type })) };
    };
    const before = await look(first.scf);
    await first.scf.stop();
    const second = await startScf({ directory });
    second.settle();
    second.settle();
    expect(await look(second)).toEqual(before);
    expect(before.Triggers).toEqual([{ Qualifier: 'live', Type: 'http' }]);
    rmSync(directory, { recursive: true });
  });
});

describe('a version', () => {
  it('is Publishing, then Active, and stays as it was published', async () => {
    const { scf, client } = await startWith();
    const published = await client.PublishVersion({ ...named, Description: 'code 1a2b' });
    expect(published).toMatchObject({ FunctionVersion: '1', MemorySize: 128, Description: 'code 1a2b' });
    expect(await statusOf(scf, '1')).toBe('Publishing');
    scf.settle();
    await client.UpdateFunctionConfiguration({ ...named, MemorySize: 512 });
    expect(await client.GetFunction({ ...named, Qualifier: '1' })).toMatchObject({ MemorySize: 128, Status: 'Active' });
    expect(await client.ListVersionByFunction({ ...named, Order: 'ASC' })).toMatchObject({
      TotalCount: 2,
      FunctionVersion: ['$LATEST', '1'],
      Versions: [{ Status: 'Updating' }, { Description: 'code 1a2b', Status: 'Active' }],
    });
  });

  it('goes once no alias stands for it, and its number never comes again', async () => {
    const { scf, client } = await startLive();
    const Qualifier = '1';
    for (const call of [
      client.DeleteFunction({ ...named, Qualifier }),
      client.DeleteFunctionVersion({ ...named, Qualifier }),
    ])
      await expect(call).rejects.toMatchObject({ code: 'UnsupportedOperation.AliasBind' });
    await client.DeleteAlias({ ...named, Name: 'live' });
    await client.DeleteFunction({ ...named, Qualifier });
    await expect(client.GetFunction({ ...named, Qualifier })).rejects.toMatchObject({
      code: 'ResourceNotFound.Version',
    });
    expect(await client.PublishVersion(named)).toMatchObject({ FunctionVersion: '2' });
    expect(await statusOf(scf)).toBe('Active');
  });
});

describe('an alias', () => {
  it('moves from version to version', async () => {
    const { scf, client } = await startLive();
    await client.PublishVersion(named);
    const move = () => client.UpdateAlias({ ...named, Name: 'live', FunctionVersion: '2' });
    await expect(move()).rejects.toMatchObject({ code: 'FailedOperation.UpdateAlias' });
    scf.settle();
    await move();
    expect(await client.GetAlias({ ...named, Name: 'live' })).toMatchObject({ Name: 'live', FunctionVersion: '2' });
    const { Aliases = [] } = await client.ListAliases(named);
    expect(Aliases.map(({ Name, FunctionVersion }) => [Name, FunctionVersion])).toEqual([
      ['$DEFAULT', '$LATEST'],
      ['live', '2'],
    ]);
  });

  it('keeps the share of a second version until it is told that there is none', async () => {
    const { scf, client } = await startLive();
    for (const _ of ['2', '3']) {
      await client.PublishVersion(named);
      scf.settle();
    }
    const alias = { ...named, Name: 'live' };
    const share = (Version: string) => ({ AdditionalVersionWeights: [{ Version, Weight: 0.1 }] });
    const routing = async () => (await client.GetAlias(alias)).RoutingConfig?.AdditionalVersionWeights;
    await client.UpdateAlias({ ...alias, FunctionVersion: '1', RoutingConfig: share('2') });
    await client.UpdateAlias({ ...alias, FunctionVersion: '3' });
    expect(await routing()).toEqual([{ Version: '2', Weight: 0.1 }]);
    for (const [move, code] of [
      [{ FunctionVersion: '2' }, 'InvalidParameterValue.AdditionalVersionWeights'],
      [{ FunctionVersion: '3', RoutingConfig: share('7') }, 'ResourceNotFound.FunctionVersion'],
    ] as const)
      await expect(client.UpdateAlias({ ...alias, ...move })).rejects.toMatchObject({ code });
    await expect(client.DeleteFunctionVersion({ ...named, Qualifier: '2' })).rejects.toMatchObject({
      code: 'UnsupportedOperation.AliasBind',
    });
    await client.UpdateAlias({ ...alias, FunctionVersion: '2', RoutingConfig: { AdditionalVersionWeights: [] } });
    expect(await routing()).toEqual([]);
  });

  it.each([
    [
      'of a version that is not there',
      'CreateAlias',
      { Name: 'a', FunctionVersion: '7' },
      'ResourceNotFound.FunctionVersion',
    ],
    ['that is there already', 'CreateAlias', { Name: 'live', FunctionVersion: '1' }, 'ResourceInUse.Alias'],
    [
      'with a name that begins with a digit',
      'CreateAlias',
      { Name: '1a', FunctionVersion: '1' },
      'InvalidParameterValue.Name',
    ],
    ['that is not there', 'UpdateAlias', { Name: 'a', FunctionVersion: '1' }, 'ResourceNotFound.Alias'],
    ['that is not there', 'GetAlias', { Name: 'a' }, 'ResourceNotFound.Alias'],
    ['that is the default', 'DeleteAlias', { Name: '$DEFAULT' }, 'InvalidParameterValue.Alias'],
  ])('%s is refused by %2$s', async (_what, action, input, code) => {
    const { client } = await startLive();
    await expect(client.request(action, { ...named, ...input })).rejects.toMatchObject({ code });
  });
});

describe('a trigger', () => {
  it('of a URL answers with the address that it got', async () => {
    const { scf, client } = await startLive();
    const { TriggerInfo } = await client.CreateTrigger({ ...url, Qualifier: 'live' });
    expect(TriggerInfo).toMatchObject({ Type: 'http', TriggerName: 'url', Qualifier: 'live', Enable: 1 });
    const { NetConfig } = JSON.parse(TriggerInfo?.TriggerDesc ?? '');
    expect(NetConfig).toEqual({
      EnableIntranet: false,
      EnableExtranet: true,
      ExtranetUrl: expect.stringContaining(`${scf.origin}/scf/url/`),
    });
    const { Triggers } = await client.ListTriggers(named);
    expect(Triggers).toMatchObject([TriggerInfo]);
    expect(await client.GetFunction(named)).toMatchObject({ Triggers: [TriggerInfo] });
  });

  it('of a timer is listed as JSON, and is switched off and changed', async () => {
    const { client } = await startLive();
    await client.CreateTrigger({ ...timer, Qualifier: 'live', Enable: 'CLOSE' });
    const at = { ...named, TriggerName: timer.TriggerName, Type: 'timer', Qualifier: 'live' };
    expect((await client.ListTriggers(named)).Triggers).toMatchObject([
      { TriggerDesc: '{"cron":"0 * * * * * *"}', Enable: 0 },
    ]);
    await client.UpdateTrigger({ ...at, TriggerDesc: '0 0 3 * * * *' });
    await client.UpdateTriggerStatus({ ...at, Enable: 'OPEN' });
    expect((await client.ListTriggers(named)).Triggers).toMatchObject([
      { TriggerDesc: '{"cron":"0 0 3 * * * *"}', Enable: 1 },
    ]);
    await client.UpdateTriggerStatus({ ...at, Enable: 'CLOSE' });
  });

  it('is one of its qualifier: what names none means $LATEST', async () => {
    const { client } = await startLive();
    await client.CreateTrigger({ ...url, Qualifier: 'live' });
    const { TriggerDesc: _, ...name } = url;
    await expect(client.DeleteTrigger(name)).rejects.toMatchObject({ code: 'ResourceNotFound.Trigger' });
    await client.DeleteTrigger({ ...name, Qualifier: 'live' });
    expect((await client.ListTriggers(named)).Triggers).toEqual([]);
  });

  it.each([
    ['at an alias that is not there', { ...url, Qualifier: 'none' }, 'ResourceNotFound.Qualifier'],
    ['with half a description', { ...url, TriggerDesc: '{"AuthType":"NONE"}' }, 'InvalidParameterValue.TriggerDesc'],
    ['with six fields of time', { ...timer, TriggerDesc: '0 * * * * *' }, 'InvalidParameterValue.TriggerDesc'],
    ['at the 61st minute', { ...timer, TriggerDesc: '0 61 * * * * *' }, 'InvalidParameterValue.TriggerDesc'],
    ['of the gateway that has gone', { ...url, Type: 'apigw' }, 'InvalidParameterValue.Type'],
    ['with a space in its name', { ...timer, TriggerName: 'each minute' }, 'InvalidParameterValue.TriggerName'],
    ['that is there already', { ...url, Qualifier: 'live' }, 'ResourceInUse.Trigger'],
    ['that would be a second URL', { ...url, Qualifier: 'live', TriggerName: 'more' }, 'ResourceInUse.Trigger'],
  ])('%s is refused', async (_what, input, code) => {
    const { client } = await startLive();
    await client.CreateTrigger({ ...url, Qualifier: 'live' });
    await expect(client.CreateTrigger(input)).rejects.toMatchObject({ code });
  });

  it('is one of ten of its type', async () => {
    const { client } = await startLive();
    const create = (number: number) =>
      client.CreateTrigger({ ...timer, TriggerName: `timer-${number}`, Enable: 'CLOSE' });
    for (let number = 1; number <= 10; number += 1) await create(number);
    await expect(create(11)).rejects.toMatchObject({ code: 'LimitExceeded.Trigger' });
  });
});

describe('concurrency', () => {
  it('is reserved up to what must be left for others', async () => {
    const { scf, client } = await startLive({ settings: { concurrencyMemory: 64_000 } });
    const reserve = (ReservedConcurrencyMem: number) =>
      client.PutReservedConcurrencyConfig({ ...named, ReservedConcurrencyMem });
    await expect(reserve(51_201)).rejects.toMatchObject({
      code: 'LimitExceeded.FunctionReservedConcurrencyMemory',
    });
    await reserve(51_200);
    expect(await client.GetReservedConcurrencyConfig(named)).toMatchObject({ ReservedMem: 51_200 });
    scf.settle();
    await client.DeleteReservedConcurrencyConfig(named);
    expect(await client.GetReservedConcurrencyConfig(named)).toMatchObject({ ReservedMem: null });
  });

  it('is reserved for what is Active, and takes its time', async () => {
    const { scf, client } = await startLive();
    const reserve = () => client.PutReservedConcurrencyConfig({ ...named, ReservedConcurrencyMem: 256 });
    await client.UpdateFunctionConfiguration({ ...named, Timeout: 5 });
    await expect(reserve()).rejects.toMatchObject({ code: 'FailedOperation.FunctionVersionStatusNotActive' });
    scf.settle();
    await reserve();
    const refused = { code: 'FailedOperation.ReservedInProgress' };
    await expect(reserve()).rejects.toMatchObject(refused);
    await expect(client.DeleteReservedConcurrencyConfig(named)).rejects.toMatchObject(refused);
    await expect(client.UpdateFunctionConfiguration({ ...named, Timeout: 6 })).rejects.toMatchObject(refused);
    scf.settle();
    await client.UpdateFunctionConfiguration({ ...named, Timeout: 6 });
  });

  it('is provisioned for published versions, and takes its time', async () => {
    const { scf, client } = await startLive();
    const provision = (Qualifier: string, VersionProvisionedConcurrencyNum = 2) =>
      client.PutProvisionedConcurrencyConfig({ ...named, Qualifier, VersionProvisionedConcurrencyNum });
    await expect(provision('$LATEST')).rejects.toMatchObject({ code: 'InvalidParameterValue.Qualifier' });
    await expect(provision('2')).rejects.toMatchObject({ code: 'ResourceNotFound.FunctionVersion' });
    await provision('1');
    await expect(provision('1')).rejects.toMatchObject({ code: 'FailedOperation.ProvisionedInProgress' });
    const get = async () => (await client.GetProvisionedConcurrencyConfig(named)).Allocated;
    expect(await get()).toMatchObject([{ Qualifier: '1', Status: 'InProgress' }]);
    scf.settle();
    expect(await get()).toMatchObject([{ AllocatedProvisionedConcurrencyNum: 2, Status: 'Done' }]);
    expect((await client.ListFunctions({})).Functions).toMatchObject([{ TotalProvisionedConcurrencyMem: 256 }]);
    const give = () => client.DeleteProvisionedConcurrencyConfig({ ...named, Qualifier: '1' });
    await give();
    await expect(give()).rejects.toMatchObject({ code: 'FailedOperation.ProvisionedInProgress' });
    expect(await get()).toMatchObject([{ AllocatedProvisionedConcurrencyNum: 0, Status: 'InProgress' }]);
    scf.settle();
    expect(await get()).toEqual([]);
  });

  it('fails to be provisioned when that is ordered, and says why', async () => {
    const { scf, client } = await startLive();
    const provision = () =>
      client.PutProvisionedConcurrencyConfig({ ...named, Qualifier: '1', VersionProvisionedConcurrencyNum: 2 });
    const get = async () => (await client.GetProvisionedConcurrencyConfig(named)).Allocated;
    scf.faults.order({ command: 'Provisioning', times: 1, errorCode: 'ResourceInsufficient' });
    await provision();
    scf.settle();
    expect(await get()).toMatchObject([
      {
        AvailableProvisionedConcurrencyNum: 0,
        Status: 'Failed',
        StatusReason: 'ResourceInsufficient: Ordered by a fault.',
      },
    ]);
    await provision();
    scf.settle();
    expect(await get()).toMatchObject([{ AvailableProvisionedConcurrencyNum: 2, Status: 'Done', StatusReason: '' }]);
  });

  it('counts each version with its own memory', async () => {
    const { scf, client } = await startLive();
    await client.PutProvisionedConcurrencyConfig({ ...named, Qualifier: '1', VersionProvisionedConcurrencyNum: 2 });
    await client.UpdateFunctionConfiguration({ ...named, MemorySize: 1024 });
    scf.settle();
    const reserve = (ReservedConcurrencyMem: number) =>
      client.PutReservedConcurrencyConfig({ ...named, ReservedConcurrencyMem });
    await expect(reserve(255)).rejects.toMatchObject({ code: 'FailedOperation.ProvisionedExceedReserved' });
    await reserve(256);
  });

  it('is provisioned within what is reserved', async () => {
    const { client } = await startLive();
    await client.PutReservedConcurrencyConfig({ ...named, ReservedConcurrencyMem: 256 });
    const three = { ...named, Qualifier: '1', VersionProvisionedConcurrencyNum: 3 };
    await expect(client.PutProvisionedConcurrencyConfig(three)).rejects.toMatchObject({
      code: 'FailedOperation.ProvisionedExceedReserved',
    });
  });
});

describe('a domain', () => {
  const Domain = 'class.example.com';
  const endpoint = { Namespace: 'default', FunctionName, Qualifier: 'live', PathMatch: '/issue-sig' };
  const bound = { Domain, Protocol: 'HTTP', EndpointsConfig: [endpoint] };

  it('is bound, changed, listed and given up', async () => {
    const { client } = await startLive();
    await client.CreateCustomDomain(bound);
    expect(await client.GetCustomDomain({ Domain })).toMatchObject(bound);
    const EndpointsConfig = [endpoint, { ...endpoint, PathMatch: '/sig/*' }];
    await client.UpdateCustomDomain({ Domain, EndpointsConfig });
    expect(await client.ListCustomDomains({})).toMatchObject({ Total: 1, Domains: [{ ...bound, EndpointsConfig }] });
    await client.DeleteCustomDomain({ Domain });
    await expect(client.GetCustomDomain({ Domain })).rejects.toMatchObject({ code: 'ResourceNotFound' });
    expect(await client.ListCustomDomains({})).toMatchObject({ Total: 0, Domains: null });
  });

  it('loses its certificate when it changes to HTTP', async () => {
    const { client } = await startLive();
    await client.CreateCustomDomain({ ...bound, Protocol: 'HTTPS', CertConfig: { CertificateId: 'certificate' } });
    await client.UpdateCustomDomain({ Domain, Protocol: 'HTTP' });
    expect(await client.GetCustomDomain({ Domain })).toMatchObject({ ...bound, CertConfig: { CertificateId: '' } });
    await expect(client.UpdateCustomDomain({ Domain, Protocol: 'HTTPS' })).rejects.toMatchObject({
      code: 'InvalidParameterValue',
    });
  });

  it('is bound in one region only', async () => {
    const { scf, client } = await startLive();
    await client.CreateCustomDomain(bound);
    await expect(scf.client(permanentKey, 'ap-shanghai').CreateCustomDomain(bound)).rejects.toMatchObject({
      code: 'ResourceInUse',
    });
  });

  it('is bound once its CNAME is there', async () => {
    const { client } = await startLive({ settings: { cnames: ['other.example.com'] } });
    await expect(client.CreateCustomDomain(bound)).rejects.toMatchObject({ code: 'FailedOperation.CNAME' });
    await client.CreateCustomDomain({ ...bound, Domain: 'other.example.com' });
  });

  it.each([
    ["that is somebody else's", { Domain: 'taken.example.com' }, 'ResourceInUse'],
    ['with HTTPS and no certificate', { Protocol: 'HTTP&HTTPS' }, 'InvalidParameterValue'],
    ['with a wildcard', { Domain: '*.example.com' }, 'InvalidParameterValue'],
    [
      'with a path that begins nowhere',
      { EndpointsConfig: [{ ...endpoint, PathMatch: 'a' }] },
      'InvalidParameterValue',
    ],
    ['with one path twice', { EndpointsConfig: [endpoint, endpoint] }, 'InvalidParameterValue'],
    [
      'of a function that is not there',
      { EndpointsConfig: [{ ...endpoint, FunctionName: 'none' }] },
      'ResourceNotFound.Function',
    ],
    [
      'of an alias that is not there',
      { EndpointsConfig: [{ ...endpoint, Qualifier: 'none' }] },
      'ResourceNotFound.Qualifier',
    ],
  ])('%s is refused', async (_what, over, code) => {
    const { client } = await startLive({ settings: { foreignDomains: ['taken.example.com'] } });
    await expect(client.CreateCustomDomain({ ...bound, ...over })).rejects.toMatchObject({ code });
    expect(await client.ListCustomDomains({})).toMatchObject({ Total: 0 });
  });
});

describe('the API', () => {
  it('refuses another key', async () => {
    const scf = await startScf();
    const stranger = scf.client({ ...permanentKey, secretKey: 'other' });
    await expect(stranger.ListFunctions({})).rejects.toMatchObject({ code: 'AuthFailure.SignatureFailure' });
  });

  it('is called in a region that there is', async () => {
    const scf = await startScf();
    const list = (at: string) => scf.client(permanentKey, at).ListFunctions({});
    await expect(list('')).rejects.toMatchObject({ code: 'MissingParameter' });
    await expect(list('ap-guangzhuo')).rejects.toMatchObject({ code: 'UnsupportedRegion' });
    await list('na-siliconvalley');
  });

  it('refuses what is called too often, each action by itself', async () => {
    const { client } = await startWith({ settings: { callsPerSecond: 2 } });
    const calls = await Promise.allSettled(Array.from({ length: 8 }, () => client.GetFunction(named)));
    const refused = calls.flatMap((call) => (call.status === 'rejected' ? [call.reason.code] : []));
    // They may have come within two seconds.
    expect([4, 6]).toContain(refused.length);
    expect(new Set(refused)).toEqual(new Set(['RequestLimitExceeded']));
    await client.ListFunctions({});
  });

  it('suffers the faults that are ordered for its actions', async () => {
    const { scf, client } = await startWith();
    scf.faults.order({ command: 'PublishVersion', times: 1, errorCode: 'RequestLimitExceeded' });
    scf.faults.order({ command: 'PublishVersion', times: 1, dropReply: true });
    await expect(client.PublishVersion(named)).rejects.toMatchObject({ code: 'RequestLimitExceeded' });
    await expect(client.PublishVersion(named)).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect(await client.ListVersionByFunction(named)).toMatchObject({ TotalCount: 2 });
  });

  it('records every call with its outcome, and nothing of code and variables', async () => {
    const { scf, client } = await startWith();
    const Environment = { Variables: [{ Key: 'IM_SECRET_KEY', Value: 'a secret' }] };
    await client.UpdateFunctionConfiguration({ ...named, Environment });
    await client.CreateFunction(wanted).catch(() => {});
    const calls = await scf.calls();
    expect(calls).toMatchObject([
      { action: 'CreateFunction', request: { ...named, Code: { ZipFile: '•••' } }, outcome: 'ok' },
      { action: 'UpdateFunctionConfiguration', request: { ...named, Environment: '•••' }, outcome: 'ok' },
      { action: 'CreateFunction', outcome: 'refused', code: 'ResourceInUse.Function' },
    ]);
    expect(JSON.stringify(calls)).not.toContain('a secret');
    await fetch(`${scf.origin}/local/scf/calls`, { method: 'DELETE' });
    expect(await scf.calls()).toEqual([]);
  });

  it('records no value of a parameter that it does not know', async () => {
    const scf = await startScf();
    const call = scf.client().request('ListFunctions', { Variables: [{ Key: 'IM_SECRET_KEY', Value: 'a secret' }] });
    await expect(call).rejects.toMatchObject({ code: 'UnknownParameter' });
    expect(await scf.calls()).toMatchObject([{ action: 'ListFunctions', request: { Variables: '•••' } }]);
  });

  it('records what it failed at itself', async () => {
    const { scf, client } = await startWith({
      readObject: async () => {
        throw new Error('The disk is full.');
      },
    });
    const quiet = vi.spyOn(console, 'error').mockImplementation(() => {});
    const object = { CosBucketName: 'classroom', CosObjectName: '/deploy/code.zip' };
    await expect(client.UpdateFunctionCode({ ...named, ...object })).rejects.toMatchObject({ code: 'InternalError' });
    expect(quiet).toHaveBeenCalledOnce();
    quiet.mockRestore();
    expect((await scf.calls()).at(-1)).toMatchObject({
      action: 'UpdateFunctionCode',
      request: object,
      outcome: 'refused',
      code: 'InternalError',
    });
  });
});
