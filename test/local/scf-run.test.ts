import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeDirectory } from '../support/directory.ts';
import { codeOf, startScf, type TestScf, temporaryKeys, twoTicks } from '../support/scf.ts';

const FunctionName = 'classroom-dev-f';
const named = { FunctionName };
const topic = '5cf10000-0000-4000-8000-000000000001';

/** A function of this source, Active. */
const run = async (source: string, over: object = {}, options: Parameters<typeof startScf>[0] = {}) => {
  const scf = await startScf(options);
  const client = scf.client();
  const Code = { ZipFile: await codeOf(source) };
  await client.CreateFunction({ ...named, Handler: 'index.main', Runtime: 'Nodejs20.19', Code, ...over });
  scf.settle();
  return { scf, client };
};

/** Its source as the next version, and `live` moved to it. */
const release = async (scf: TestScf, source?: string) => {
  const client = scf.client();
  if (source !== undefined) await client.UpdateFunctionCode({ ...named, ZipFile: await codeOf(source) });
  scf.settle();
  const { FunctionVersion = '' } = await client.PublishVersion(named);
  scf.settle();
  const alias = { ...named, Name: 'live', FunctionVersion };
  await (FunctionVersion === '1' ? client.CreateAlias(alias) : client.UpdateAlias(alias));
};

const bindUrl = async (scf: TestScf, Qualifier = 'live'): Promise<string> => {
  const TriggerDesc = JSON.stringify({
    AuthType: 'NONE',
    NetConfig: { EnableIntranet: false, EnableExtranet: true },
  });
  const { TriggerInfo } = await scf
    .client()
    .CreateTrigger({ ...named, TriggerName: 'url', Type: 'http', TriggerDesc, Qualifier });
  return JSON.parse(TriggerInfo?.TriggerDesc ?? '').NetConfig.ExtranetUrl;
};

const resultOf = async (scf: TestScf, event: unknown = {}) => {
  const { Result } = await scf.client().InvokeFunction({ ...named, Event: JSON.stringify(event), LogType: 'Tail' });
  return { ...Result, value: Result?.RetMsg ? JSON.parse(Result.RetMsg) : undefined };
};

const linesOf = async (scf: TestScf, query: string, at?: string): Promise<Record<string, unknown>[]> => {
  const hour = 3_600_000;
  const search = { TopicId: topic, From: Date.now() - hour, To: Date.now() + hour, Sort: 'asc', QueryString: query };
  const { Results } = await scf.cls(at).SearchLog(search);
  return (Results ?? []).map(({ LogJson = '' }) => JSON.parse(LogJson));
};

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    // There is no such process.
    return false;
  }
};

describe('an event', () => {
  it('gets the result of an async handler, and what it wrote', async () => {
    const { scf } = await run(`exports.main = async (event) => { console.log('seen', event.n); return event.n + 1; };`);
    expect(await resultOf(scf, { n: 1 })).toMatchObject({
      value: 2,
      Log: 'seen 1\n',
      ErrMsg: '',
      InvokeResult: 0,
      FunctionRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      MemUsage: expect.any(Number),
    });
  });

  it('gets the result of a callback, and nothing of what a plain handler returns', async () => {
    const called = await run('exports.main = (event, context, callback) => { setTimeout(callback, 1, null, 7); };');
    expect(await resultOf(called.scf)).toMatchObject({ value: 7 });
    const plain = await run('exports.main = () => 7;');
    expect(await resultOf(plain.scf)).toMatchObject({ value: null });
  });

  it.each([
    ['throws', `exports.main = async () => { throw new Error('broken'); };`, 430, 'broken'],
    [
      'throws later',
      `exports.main = () => new Promise(() => { setTimeout(() => { throw new Error('late'); }, 1); });`,
      430,
      'late',
    ],
    ['does not load', `require('no-such-module');`, 430, "Cannot find module 'no-such-module'"],
    ['exports nothing', 'exports.other = 1;', 430, 'index.main is not a function'],
    ['ends its process', 'exports.main = async () => process.abort();', 405, 'ContainerStateExited'],
    ['hangs', 'exports.main = () => new Promise(() => {});', 433, 'timed out after 1 seconds'],
    ['answers too much', `exports.main = async () => 'a'.repeat(6 * 1024 * 1024);`, 407, 'exceeds the upper limit'],
    [
      'takes too much memory',
      `let kept; exports.main = async () => { kept = Buffer.alloc(200 * 1024 * 1024, 1); };`,
      434,
      'MemoryLimitReached',
    ],
    ['never comes to rest', 'exports.main = async () => { setInterval(() => {}, 10); return 1; };', 433, 'timed out'],
    ['speaks for the instance', 'exports.main = async () => process._send({ a: 1 });', 430, 'what no instance says'],
  ])('that a function %s at says so', async (_what, source, statusCode, message) => {
    const { scf } = await run(source, { Timeout: statusCode === 433 ? 1 : 30 });
    const { ErrMsg = '', RetMsg, InvokeResult } = await resultOf(scf);
    expect(JSON.parse(ErrMsg)).toMatchObject({ statusCode, errorMessage: expect.stringContaining(message) });
    expect({ RetMsg, InvokeResult }).toEqual({ RetMsg: '', InvokeResult: statusCode });
  });

  it('finds the function as it was after one that ended badly', async () => {
    const source = `
      const never = new Promise(() => {});
      const ends = {
        exit: () => process.exit(1),
        throw: () => setTimeout(() => { throw new Error('late'); }, 1),
        hang: () => {},
      };
      exports.main = async ({ end }) => { ends[end]?.(); return end ? never : 'fine'; };`;
    const { scf } = await run(source, { Timeout: 1 });
    for (const [end, status] of Object.entries({ exit: 405, throw: 430, hang: 433 })) {
      expect(await resultOf(scf, { end })).toMatchObject({ InvokeResult: status });
      expect(await resultOf(scf)).toMatchObject({ value: 'fine' });
    }
  });

  it('is over when nothing is left to happen, unless its context says not to wait', async () => {
    const source = `exports.main = async ({ waits }, context) => {
      context.callbackWaitsForEmptyEventLoop = waits;
      setTimeout(() => console.log('later'), 100);
      return 'done';
    };`;
    const { scf } = await run(source);
    expect(await resultOf(scf, { waits: false })).toMatchObject({ value: 'done', Log: '' });
    // What was written between two events is found with the second.
    expect((await resultOf(scf, { waits: true })).Log).toMatch(/^(later\n){1,2}$/);
  });

  it('finds no parent to send to', async () => {
    const { scf } = await run('exports.main = async () => typeof process.send;');
    expect(await resultOf(scf)).toMatchObject({ value: 'undefined' });
  });

  it('is refused when it is no JSON or too large', async () => {
    const { client } = await run('exports.main = async () => 1;');
    const invoke = (ClientContext: string) => client.Invoke({ ...named, InvocationType: 'Event', ClientContext });
    await expect(invoke('{')).rejects.toMatchObject({ code: 'InvalidParameterValue.Param' });
    await expect(invoke(JSON.stringify('a'.repeat(128 * 1024)))).rejects.toMatchObject({
      code: 'InvalidParameter.Payload',
    });
  });

  it('that nobody waits for runs, too', async () => {
    const { client } = await run(`exports.main = async () => 'done';`);
    const { Result } = await client.Invoke({ ...named, InvocationType: 'Event' });
    expect(Result).toMatchObject({ RetMsg: '', Log: '' });
    const status = { ...named, FunctionRequestId: Result?.FunctionRequestId ?? '' };
    await expect
      .poll(async () => (await client.GetRequestStatus(status)).Data)
      .toMatchObject([{ RetCode: 0, RetMsg: '"done"' }]);
  });
});

describe('an instance', () => {
  const counting = `let n = 0; exports.main = async () => { n += 1; await new Promise((go) => setTimeout(go, 50)); return { n, pid: process.pid }; };`;

  it('keeps its module from event to event', async () => {
    const { scf } = await run(counting);
    const [first, second] = [await resultOf(scf), await resultOf(scf)];
    expect(second.value).toEqual({ n: 2, pid: first.value.pid });
    expect(first.value.pid).not.toBe(process.pid);
  });

  it('serves one event at a time: more events start more of them', async () => {
    const { scf } = await run(counting);
    const results = await Promise.all([resultOf(scf), resultOf(scf), resultOf(scf)]);
    expect(results.map(({ value }) => value.n)).toEqual([1, 1, 1]);
    expect(new Set(results.map(({ value }) => value.pid)).size).toBe(3);
  });

  it('is refused beyond what is reserved', async () => {
    const { scf, client } = await run(counting);
    await client.PutReservedConcurrencyConfig({ ...named, ReservedConcurrencyMem: 256 });
    const results = await Promise.all([resultOf(scf), resultOf(scf), resultOf(scf)]);
    expect(results.map(({ InvokeResult }) => InvokeResult).sort()).toEqual([0, 0, 432]);
    expect(await resultOf(scf)).toMatchObject({ InvokeResult: 0 });
  });

  it('is refused beyond what the region has left', async () => {
    const { scf } = await run(counting, {}, { settings: { concurrencyMemory: 128 } });
    const results = await Promise.all([resultOf(scf), resultOf(scf)]);
    expect(results.map(({ InvokeResult }) => InvokeResult).sort()).toEqual([0, 432]);
  });

  it('is gone after a while without an event', async () => {
    const { scf } = await run(counting, {}, { settings: { idleMs: 1 } });
    const first = await resultOf(scf);
    await expect.poll(() => isRunning(first.value.pid)).toBe(false);
  });

  it.each([
    ['ends by itself', 'process.exit()'],
    ['lets go of its parent', `process.removeAllListeners('disconnect'); process.disconnect();`],
  ])('is replaced when it %s between two events', async (_what, ending) => {
    const { scf } = await run(`exports.main = async (event, context) => {
      context.callbackWaitsForEmptyEventLoop = false;
      setTimeout(() => { ${ending} }, 1);
      setInterval(() => {}, 1000);
      return process.pid;
    };`);
    const { value: pid } = await resultOf(scf);
    await expect.poll(async () => (await resultOf(scf)).value ?? pid).not.toBe(pid);
    await expect.poll(() => isRunning(pid)).toBe(false);
  });

  it('is gone with its directory when SCF is stopped, whatever it does', async () => {
    const { scf } = await run(
      'exports.main = async ({ hangs }) => (hangs ? new Promise(() => {}) : [process.pid, process.env.USER_CODE_ROOT]);',
      { Timeout: 60 },
    );
    const { value } = await resultOf(scf);
    const [pid, root] = value;
    // The same instance is busy with it when the next event is answered.
    const hanging = resultOf(scf, { hangs: true }).catch(() => 'cut off');
    await expect.poll(async () => (await resultOf(scf)).value[0]).not.toBe(pid);
    await scf.stop();
    await hanging;
    expect(existsSync(root)).toBe(false);
    await expect.poll(() => isRunning(pid)).toBe(false);
  });

  it('is not started any more once SCF is being stopped', async () => {
    const directory = makeDirectory();
    const { scf: before } = await run('exports.main = async () => 1;', {}, { directory });
    await before.stop();
    const scf = await startScf({ directory });
    scf.settle();
    await scf.close();
    await expect(resultOf(scf)).rejects.toMatchObject({ code: 'InternalError' });
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith(`classroom-scf-${process.pid}-`))).toEqual([]);
    rmSync(directory, { recursive: true });
  });

  it('leaves no directory for good when its SCF is killed', async () => {
    const { pid } = spawnSync('true');
    const orphan = join(tmpdir(), `classroom-scf-${pid}-orphan`);
    mkdirSync(orphan);
    await startScf();
    expect(existsSync(orphan)).toBe(false);
  });

  it('has the variables of the function and of SCF, and none of this process', async () => {
    process.env.LOCAL_ONLY = 'a secret';
    const Environment = { Variables: [{ Key: 'IM_SDK_APP_ID', Value: '1400000000' }] };
    const { scf } = await run('exports.main = async (event, context) => ({ env: process.env, context });', {
      Environment,
      MemorySize: 256,
    });
    const { value } = await resultOf(scf);
    expect(value.env).toMatchObject({
      IM_SDK_APP_ID: '1400000000',
      SCF_FUNCTIONNAME: FunctionName,
      SCF_FUNCTIONVERSION: '$LATEST',
      SCF_NAMESPACE: 'default',
      SCF_RUNTIME: 'Nodejs20.19',
      TENCENTCLOUD_RUNENV: 'SCF',
      TENCENTCLOUD_REGION: 'ap-guangzhou',
      TRIGGER_SRC: 'invoke',
    });
    for (const name of ['LOCAL_ONLY', 'TENCENTCLOUD_SECRETID', 'NODE_ENV', 'VITEST'])
      expect(value.env).not.toHaveProperty(name);
    expect(value.context).toMatchObject({
      function_name: FunctionName,
      function_version: '$LATEST',
      memory_limit_in_mb: 256,
      time_limit_in_ms: 3000,
      request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    delete process.env.LOCAL_ONLY;
  });

  it('has temporary keys of its role', async () => {
    const { scf } = await run('exports.main = async () => process.env;', { Role: 'classroom' });
    const { value } = await resultOf(scf);
    expect(temporaryKeys.open(value.TENCENTCLOUD_SESSIONTOKEN)).toMatchObject({
      tmpSecretId: value.TENCENTCLOUD_SECRETID,
      tmpSecretKey: value.TENCENTCLOUD_SECRETKEY,
    });
  });

  it('finds nothing of the checkout that it was uploaded from', async () => {
    const { scf } = await run(`require('postgres'); exports.main = async () => 1;`);
    expect((await resultOf(scf)).ErrMsg).toContain("Cannot find module 'postgres'");
  });
});

describe('a function URL', () => {
  const echo = `exports.main = async (event) => ({
    statusCode: 201,
    headers: { 'content-type': 'application/json', 'set-cookie': ['a=1', 'b=2'] },
    body: JSON.stringify(event),
  });`;

  it('makes the event of a request and the reply of a result', async () => {
    const { scf } = await run(echo);
    await release(scf);
    const address = await bindUrl(scf);
    const headers = { 'Content-Type': 'application/json', 'X-Custom': 'Yes' };
    const response = await fetch(`${address}/some/path?a=1&b=%E8%AF%BE`, { method: 'POST', headers, body: '{"n":1}' });
    expect(response.status).toBe(201);
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    const event = await response.json();
    expect(event).toEqual({
      httpMethod: 'POST',
      path: '/some/path',
      headers: expect.objectContaining({
        'content-type': 'application/json',
        'x-custom': 'Yes',
        'x-scf-remote-addr': '127.0.0.1',
      }),
      queryString: { a: '1', b: '课' },
      body: '{"n":1}',
    });
    const requestId = response.headers.get('x-scf-request-id');
    expect(await linesOf(scf, `SCF_RequestId:"${requestId}"`)).not.toEqual([]);
  });

  it('takes a result without a status for the body', async () => {
    const { scf } = await run('exports.main = async () => ({ ErrorCode: 0 });');
    const response = await fetch(await bindUrl(scf, '$LATEST'));
    expect([response.status, await response.json()]).toEqual([200, { ErrorCode: 0 }]);
  });

  it('tells of a failure with its status', async () => {
    const { scf } = await run(`exports.main = async () => { throw new Error('broken'); };`);
    const response = await fetch(await bindUrl(scf, '$LATEST'));
    expect(response.status).toBe(430);
    expect(await response.json()).toMatchObject({ errorMessage: 'broken', statusCode: 430 });
  });

  it('sends the bytes of a result in base64', async () => {
    const { scf } = await run(`exports.main = async () => ({
      statusCode: 200,
      headers: { 'content-type': 'image/png' },
      body: Buffer.from([0, 255, 128]).toString('base64'),
      isBase64Encoded: true,
    });`);
    const response = await fetch(await bindUrl(scf, '$LATEST'));
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0, 255, 128]);
  });

  it('takes no event of more than 6 MB', async () => {
    const { scf } = await run('exports.main = async () => 1;');
    const address = await bindUrl(scf, '$LATEST');
    const response = await fetch(address, { method: 'POST', body: 'a'.repeat(6 * 1024 * 1024) });
    expect([response.status, await response.json()]).toEqual([
      406,
      expect.objectContaining({ errorMessage: 'RequestTooLarge: the event is too large' }),
    ]);
  });

  it('tells that its function does not run', async () => {
    const { scf, client } = await run('exports.main = async () => 1;');
    const address = await bindUrl(scf, '$LATEST');
    await client.DeleteFunction(named);
    expect((await fetch(address)).status).toBe(438);
    scf.settle();
    expect((await fetch(address)).status).toBe(404);
  });

  it('follows its alias, forth and back, in one step', async () => {
    const { scf, client } = await run('exports.main = async () => 1;');
    await release(scf);
    const address = await bindUrl(scf);
    const answer = async () => (await fetch(address)).json();
    expect(await answer()).toBe(1);
    await client.UpdateFunctionCode({ ...named, ZipFile: await codeOf('exports.main = async () => 2;') });
    expect(await answer()).toBe(1);
    await release(scf);
    expect(await answer()).toBe(2);
    await client.UpdateAlias({ ...named, Name: 'live', FunctionVersion: '1' });
    expect(await answer()).toBe(1);
  });

  it('is closed and gone with its trigger', async () => {
    const { scf, client } = await run('exports.main = async () => 1;');
    const address = await bindUrl(scf, '$LATEST');
    const trigger = { ...named, TriggerName: 'url', Type: 'http' };
    const answer = async () => (await fetch(address)).status;
    await client.UpdateTrigger({ ...trigger, Enable: 'CLOSE' });
    expect(await answer()).toBe(404);
    await client.UpdateTrigger({ ...trigger, Enable: 'OPEN' });
    expect(await answer()).toBe(200);
    await client.DeleteTrigger(trigger);
    expect(await answer()).toBe(404);
  });
});

describe('a domain', () => {
  it('leads each path to its function', async () => {
    const { scf, client } = await run('exports.main = async ({ path }) => [1, path];');
    const Code = { ZipFile: await codeOf('exports.main = async ({ path }) => [2, path];') };
    await client.CreateFunction({ FunctionName: 'other', Handler: 'index.main', Runtime: 'Nodejs20.19', Code });
    scf.settle();
    const endpoint = { Namespace: 'default', Qualifier: '$LATEST', FunctionName };
    await client.CreateCustomDomain({
      Domain: 'class.example.com',
      Protocol: 'HTTP',
      EndpointsConfig: [
        { ...endpoint, PathMatch: '/one' },
        {
          ...{ ...endpoint, FunctionName: 'other', PathMatch: '/one/*' },
          PathRewrite: [{ Path: '/one/cut/*', Type: 'WildcardRules', Rewrite: '/$1' }],
        },
        { ...endpoint, PathMatch: '/one/x' },
      ],
    });
    const get = async (path: string) => {
      const response = await fetch(`${scf.origin}/scf/domain/class.example.com${path}`);
      return response.ok ? response.json() : response.status;
    };
    expect(await get('/one')).toEqual([1, '/one']);
    expect(await get('/one/more')).toEqual([2, '/one/more']);
    expect(await get('/one/x')).toEqual([1, '/one/x']);
    expect(await get('/one/cut/this')).toEqual([2, '/this']);
    expect(await get('/two')).toBe(404);
  });

  it('tells that the alias of a path has gone', async () => {
    const { scf, client } = await run('exports.main = async () => 1;');
    await release(scf);
    const EndpointsConfig = [{ Namespace: 'default', FunctionName, Qualifier: 'live', PathMatch: '/*' }];
    await client.CreateCustomDomain({ Domain: 'class.example.com', Protocol: 'HTTP', EndpointsConfig });
    await client.DeleteAlias({ ...named, Name: 'live' });
    expect((await fetch(`${scf.origin}/scf/domain/class.example.com/`)).status).toBe(442);
  });
});

describe('a timer', () => {
  it('fires at what its qualifier stands for, until it is switched off', async () => {
    const { scf, client } = await run('exports.main = async (event) => { console.log(JSON.stringify(event)); };');
    await release(scf);
    const timer = { ...named, TriggerName: 'each-second', Type: 'timer', Qualifier: 'live' };
    await client.CreateTrigger({ ...timer, TriggerDesc: '* * * * * * *', CustomArgument: 'sweep' });
    const fired = () => linesOf(scf, 'SCF_Alias:live AND SCF_Type:Custom');
    await expect.poll(fired, { timeout: 5000 }).not.toEqual([]);
    const [line] = await fired();
    expect(line).toMatchObject({ SCF_FunctionName: FunctionName, SCF_Qualifier: '1' });
    expect(JSON.parse(String(line?.SCF_Message))).toEqual({
      Type: 'Timer',
      TriggerName: 'each-second',
      Time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      Message: 'sweep',
    });
    await client.UpdateTriggerStatus({ ...timer, Enable: 'CLOSE' });
  });

  it('ticks again after a restart, and no more once its function has gone', async () => {
    const directory = makeDirectory();
    const before = await run('exports.main = async () => {};', {}, { directory });
    const timer = { ...named, TriggerName: 'each-second', Type: 'timer', TriggerDesc: '* * * * * * *' };
    await before.client.CreateTrigger({ ...timer, Enable: 'CLOSE' });
    await before.client.UpdateTriggerStatus({ ...timer, Enable: 'OPEN' });
    await before.scf.stop();
    const scf = await startScf({ directory });
    scf.settle();
    const fired = async () => (await linesOf(scf, 'SCF_Message:START')).length;
    await expect.poll(fired, { timeout: 5000 }).toBeGreaterThan(0);
    await scf.client().DeleteFunction(named);
    const count = await fired();
    await twoTicks();
    expect(await fired()).toBe(count);
    rmSync(directory, { recursive: true });
  });
});

describe('logs', () => {
  it('are found by function, request and version, each line with its event', async () => {
    const { scf } = await run(
      `exports.main = async ({ n }) => { console.log('line', n); console.error('{"n":' + n + '}'); };`,
    );
    const [first, second] = await Promise.all([resultOf(scf, { n: 1 }), resultOf(scf, { n: 2 })]);
    const of = async (requestId = '') =>
      (await linesOf(scf, `SCF_FunctionName:"${FunctionName}" AND SCF_RequestId:"${requestId}"`)).map(
        ({ SCF_Message }) => SCF_Message,
      );
    expect(await of(first.FunctionRequestId)).toEqual([
      `START RequestId: ${first.FunctionRequestId}`,
      'line 1',
      '{"n":1}',
      `Response RequestId:${first.FunctionRequestId} RetMsg:null`,
      `END RequestId: ${first.FunctionRequestId}`,
      expect.stringMatching(/^Report RequestId: .* Duration:\d+ms Memory:128MB MemUsage:[\d.]+MB$/),
    ]);
    expect(await of(second.FunctionRequestId)).toContain('line 2');
    expect(await linesOf(scf, 'SCF_Qualifier:"1"')).toEqual([]);
    expect(await linesOf(scf, 'SCF_FunctionName:"other"')).toEqual([]);
    expect(await linesOf(scf, '', 'ap-shanghai')).toEqual([]);
  });

  it('are found by what they say, quotes and all', async () => {
    const { scf } = await run(`exports.main = async () => { console.log('say "a" AND b'); console.log('no'); };`);
    await resultOf(scf);
    const found = await linesOf(scf, `SCF_FunctionName:"${FunctionName}" AND SCF_Message:"\\"a\\" AND"`);
    expect(found.map(({ SCF_Message }) => SCF_Message)).toEqual(['say "a" AND b']);
  });

  it('are the newest first unless asked otherwise, so many at a time', async () => {
    const { scf } = await run('exports.main = async () => { for (const n of [1, 2, 3]) console.log(n); };');
    await resultOf(scf);
    const search = async (over: object) => {
      const range = { From: Date.now() - 3_600_000, To: Date.now() + 3_600_000 };
      const query = { TopicId: topic, ...range, QueryString: 'SCF_Type:"Custom"', ...over };
      const { Results, ListOver } = await scf.cls().SearchLog(query);
      return [(Results ?? []).map(({ LogJson = '' }) => JSON.parse(LogJson).SCF_Message), ListOver];
    };
    expect(await search({})).toEqual([['3', '2', '1'], true]);
    expect(await search({ Limit: 2 })).toEqual([['3', '2'], false]);
    expect(await search({ Limit: 2, Offset: 1, Sort: 'asc' })).toEqual([['2', '3'], true]);
  });

  it('tell what was answered, cut at 8 KB, in a line of SCF', async () => {
    const { scf } = await run(`exports.main = async () => 'a'.repeat(10_000);`);
    const { FunctionRequestId } = await resultOf(scf);
    const beginning = `Response RequestId:${FunctionRequestId} RetMsg:"a`;
    const [line, ...more] = await linesOf(scf, 'SCF_Type:"Platform" AND SCF_Message:"RetMsg"');
    expect(more).toEqual([]);
    expect(line?.SCF_Message).toBe(beginning.padEnd(8 * 1024, 'a'));
  });

  it('show the fields of a line of JSON beside the line', async () => {
    const { scf } = await run(
      `exports.main = async () => console.log('{"event":"invocation","ms":7,"calls":{"im":1},"SCF_Type":"mine"}');`,
    );
    await resultOf(scf);
    expect(await linesOf(scf, 'SCF_Type:"Custom"')).toMatchObject([
      {
        event: 'invocation',
        ms: 7,
        calls: '{"im":1}',
        SCF_Type: 'Custom',
        SCF_Message: expect.stringContaining('"event"'),
      },
    ]);
  });

  it('go to the topic that the function names', async () => {
    const ClsTopicId = '7e0c1d3a-0000-4000-8000-000000000001';
    const { scf, client } = await run('exports.main = async () => 1;', { ClsLogsetId: 'logset', ClsTopicId });
    expect(await client.GetFunction(named)).toMatchObject({ ClsLogsetId: 'logset', ClsTopicId });
    await resultOf(scf);
    const count = async (TopicId: string) => {
      const range = { From: Date.now() - 3_600_000, To: Date.now() + 3_600_000 };
      return (await scf.cls().SearchLog({ TopicId, ...range })).Results?.length;
    };
    expect([await count(ClsTopicId), await count(topic)]).toEqual([4, 0]);
    await expect(count('7e0c1d3a-0000-4000-8000-000000000002')).rejects.toMatchObject({
      code: 'ResourceNotFound.TopicNotExist',
    });
  });

  it('give every line of a function, uncut, to whoever listens', async () => {
    const heard: string[] = [];
    const { scf } = await run(
      `exports.main = async () => { console.log('a'.repeat(10_000)); throw new Error('broken'); };`,
      {},
      { onLine: (line) => heard.push(line) },
    );
    await resultOf(scf);
    expect(heard).toEqual(['a'.repeat(10_000), expect.stringMatching(/^Error: broken\n/)]);
  });

  it('tell the stack of what was thrown', async () => {
    const { scf } = await run(`exports.main = async () => { throw new Error('broken'); };`);
    await resultOf(scf);
    expect(await linesOf(scf, 'SCF_StatusCode:430 AND SCF_Type:Custom')).toMatchObject([
      { SCF_Message: expect.stringMatching(/^Error: broken\n\s+at /) },
    ]);
  });

  it('are not to be had from SCF itself, and not for queries that are not understood', async () => {
    const { scf, client } = await run('exports.main = async () => 1;');
    await expect(client.GetFunctionLogs({ ...named })).rejects.toMatchObject({ code: 'ActionOffline' });
    await expect(linesOf(scf, 'SCF_FunctionName:a OR b')).rejects.toMatchObject({
      code: 'FailedOperation.SyntaxError',
    });
  });
});
