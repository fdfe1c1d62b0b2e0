import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { AppError, type ErrorCode, statusOfCode } from '../../lib/errors.ts';
import { type CallbackEndpoint, type CallbackRequest, callbackEndpoint } from '../../lib/scf/callback-endpoint.ts';
import type { ScfContext } from '../../lib/scf/event.ts';
import { createHttpDeps } from '../../lib/scf/http-deps.ts';
import { type HttpEndpoint, httpEndpoint } from '../../lib/scf/http-endpoint.ts';
import { Created } from '../../lib/scf/reply.ts';
import { timerEndpoint } from '../../lib/scf/timer-endpoint.ts';
import { createClock } from '../support/clock.ts';
import { call, createHttp, eventOf, jwtSecret, tokenOf } from '../support/http.ts';
import { createTestLog } from '../support/log.ts';

const clock = createClock();
const token = await tokenOf(clock, 's1');
const input = z.strictObject({
  text: z.optional(z.string()),
  list: z.optional(z.array(z.strictObject({ n: z.int() }))),
});
type Input = z.output<typeof input>;
type Run = HttpEndpoint<typeof input>['run'];

/** An endpoint that answers what it was given, or runs what the test says. */
const setUp = (run: Run = async (given: Input) => ({ given }), options: Partial<HttpEndpoint<typeof input>> = {}) => {
  const { http, logText, captured } = createHttp(clock);
  return { handler: httpEndpoint(http, { input, run, ...options }), logText, captured };
};

const origin = 'https://class.example.com';
const allowed = {
  'access-control-allow-origin': origin,
  'access-control-expose-headers': 'retry-after',
  vary: 'Origin',
};

describe('an HTTP function', () => {
  it('answers 200 with JSON that nobody keeps', async () => {
    const reply = await setUp().handler(eventOf({ text: 'hi' }, token), {});
    expect(reply).toEqual({
      statusCode: 200,
      headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', vary: 'Origin' },
      body: '{"given":{"text":"hi"}}',
      isBase64Encoded: false,
    });
  });

  it('answers 201 for what is newly made', async () => {
    const { handler } = setUp(async () => new Created({ id: 7 }));
    expect(await call(handler, eventOf({}, token))).toMatchObject({ status: 201, body: { id: 7 } });
  });

  it('hands the caller and the headers to its action', async () => {
    const { handler } = setUp(async (_input, caller, { headers }) => ({ caller, key: headers['idempotency-key'] }));
    const { body } = await call(handler, eventOf({}, token, { 'Idempotency-Key': 'k1' }));
    expect(body).toEqual({ caller: { userId: 's1', role: 'student' }, key: 'k1' });
  });

  it('lets SCF freeze the instance once it has replied, also after a refusal', async () => {
    const { handler } = setUp();
    const contexts: ScfContext[] = [{}, {}];
    await handler(eventOf({}, token), contexts[0] ?? {});
    await handler({}, contexts[1] ?? {});
    expect(contexts).toEqual([{ callbackWaitsForEmptyEventLoop: false }, { callbackWaitsForEmptyEventLoop: false }]);
  });

  it.each(['GET', 'PUT', 'DELETE', 'get'])(
    'refuses %s before anything else, and says what it takes',
    async (httpMethod) => {
      const reply = await call(setUp().handler, { ...eventOf('{'), httpMethod });
      expect(reply).toMatchObject({
        status: 405,
        headers: { allow: 'POST, OPTIONS' },
        body: { code: 'METHOD_NOT_ALLOWED' },
      });
    },
  );

  it('asks who is calling before it reads the body', async () => {
    expect(await call(setUp().handler, eventOf('{'))).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
  });

  it('asks for the role before it reads the body', async () => {
    const { handler } = setUp(undefined, { roles: ['teacher', 'admin'] });
    expect(await call(handler, eventOf('{', token))).toMatchObject({
      status: 403,
      body: { detail: 'This is for teacher and admin only.' },
    });
    const teacher = await tokenOf(clock, 't1', 'teacher');
    expect(await call(handler, eventOf('{', teacher))).toMatchObject({ status: 400 });
  });

  it('lets an HTTP method be written in lower case', async () => {
    expect(await call(setUp().handler, { ...eventOf({}, token), httpMethod: 'post' })).toMatchObject({ status: 200 });
  });

  it.each([undefined, null, 'text', [], {}, { Type: 'Timer', Time: '2026-01-01T00:00:00Z' }, { httpMethod: 7 }])(
    'refuses %j, which is no HTTP event',
    async (event) => {
      expect(await call(setUp().handler, event)).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
    },
  );
});

describe('a body', () => {
  const given = async (event: object) => (await call(setUp().handler, event)).body.given;

  it('may be empty or absent when no field is needed', async () => {
    expect(await given(eventOf('', token))).toEqual({});
    expect(await given({ ...eventOf({}, token), body: undefined })).toEqual({});
    expect(await given({ ...eventOf({}, token), body: null })).toEqual({});
  });

  it('may come in base64, and then counts decoded', async () => {
    const text = '课'.repeat(8 * 1024);
    const event = { ...eventOf({}, token), isBase64Encoded: true };
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64');
    expect(await given({ ...event, body: encode({ text }) })).toEqual({ text });
    expect(encode({ text }).length).toBeGreaterThan(32 * 1024);
  });

  it('may have 32 KiB, in bytes of UTF-8, and not one more', async () => {
    const ofSize = (bytes: number) => {
      const empty = JSON.stringify({ text: '' }).length;
      return JSON.stringify({ text: '课'.repeat(2) + 'x'.repeat(bytes - empty - 6) });
    };
    expect(await call(setUp().handler, eventOf(ofSize(32_768), token))).toMatchObject({ status: 200 });
    expect(await call(setUp().handler, eventOf(ofSize(32_769), token))).toMatchObject({
      status: 413,
      body: { code: 'PAYLOAD_TOO_LARGE', detail: 'The body is larger than 32768 bytes.' },
    });
  });

  it('has the limit that its function sets', async () => {
    const { handler } = setUp(undefined, { maxBodyBytes: 10 });
    expect(await call(handler, eventOf('{       }', token))).toMatchObject({ status: 200 });
    expect(await call(handler, eventOf('{         }', token))).toMatchObject({ status: 413 });
  });

  it.each([
    ['half a JSON', '{"text":'],
    ['words', 'hello'],
    ['blanks', '   '],
    ['a byte order mark alone', '\ufeff'],
  ])('of %s is refused', async (_what, body) => {
    expect(await call(setUp().handler, eventOf(body, token))).toMatchObject({
      status: 400,
      body: { code: 'BAD_REQUEST', detail: 'The body is not JSON in UTF-8.' },
    });
  });

  it('that is not UTF-8 is refused, and not repaired', async () => {
    const body = Buffer.from([...Buffer.from('{"text":"'), 0xff, 0xfe, ...Buffer.from('"}')]).toString('base64');
    const reply = await call(setUp().handler, { ...eventOf({}, token), body, isBase64Encoded: true });
    expect(reply).toMatchObject({ status: 400, body: { detail: 'The body is not JSON in UTF-8.' } });
  });

  it('with wrong and unknown fields is refused with a pointer to each', async () => {
    const body = { text: 7, list: [{ n: 1 }, { n: 'x', 'a/b': 1 }], secret: 'value' };
    const reply = await call(setUp().handler, eventOf(body, token));
    expect(reply.status).toBe(400);
    expect(reply.body.errors).toEqual([
      { path: '/text', message: 'must be a string' },
      { path: '/list/1/n', message: 'must be a number' },
      { path: '/list/1/a~1b', message: 'is not a known field' },
      { path: '/secret', message: 'is not a known field' },
    ]);
  });

  it('with very many wrong fields is refused, too, in a reply that SCF can carry', async () => {
    const { handler } = setUp(undefined, { maxBodyBytes: 5_000_000 });
    const wrong = (count: number) => JSON.stringify({ list: Array.from({ length: count }, () => ({})) });
    const few = await call(handler, eventOf(wrong(1001), token));
    expect([few.status, few.body.errors?.length]).toEqual([400, 1000]);
    const detail = 'The body has too many wrong fields to name them.';
    expect(await call(handler, eventOf(wrong(300_000), token))).toMatchObject({ status: 400, body: { detail } });
  });

  it.each(['null', '[]', '"text"', '7'])('of %s is refused as no object', async (body) => {
    const reply = await call(setUp().handler, eventOf(body, token));
    expect(reply).toMatchObject({ status: 400, body: { errors: [{ path: '', message: 'must be an object' }] } });
  });

  it('cannot reach the prototype of anything', async () => {
    const reply = await call(setUp().handler, eventOf('{"__proto__":{"text":"x"}}', token));
    expect(reply.status).toBe(400);
    expect(({} as { text?: string }).text).toBeUndefined();
  });
});

describe('an event', () => {
  const authorization = `Bearer ${token}`;

  it('of the API Gateway is understood like one of a function URL', async () => {
    const { handler } = setUp();
    const event = {
      requestContext: { serviceId: 'service-f94sy04v', httpMethod: 'POST', sourceIp: '10.0.2.14', stage: 'release' },
      headers: { Authorization: authorization, 'Content-Type': 'application/json' },
      body: Buffer.from('{"text":"hi"}').toString('base64'),
      isBase64Encoded: true,
      pathParameters: {},
      queryStringParameters: {},
      headerParameters: {},
      stageVariables: {},
      path: '/test',
      queryString: {},
      httpMethod: 'POST',
    };
    expect(await call(handler, event)).toMatchObject({ status: 200, body: { given: { text: 'hi' } } });
  });

  it.each(['authorization', 'Authorization', 'AUTHORIZATION'])('may write the header %s so', async (name) => {
    const event = { ...eventOf({}), headers: { [name]: authorization } };
    expect(await call(setUp().handler, event)).toMatchObject({ status: 200 });
  });

  it('may hold a header several times: the first counts', async () => {
    const first = { ...eventOf({}), headers: { authorization: [authorization, 'Bearer x'] } };
    const second = { ...eventOf({}), headers: { authorization: ['Bearer x', authorization] } };
    expect(await call(setUp().handler, first)).toMatchObject({ status: 200 });
    expect(await call(setUp().handler, second)).toMatchObject({ status: 401 });
  });

  it.each([undefined, null, [], 'authorization', { authorization: { x: 1 } }])(
    'with the headers %j is unauthenticated, not a failure',
    async (headers) => {
      expect(await call(setUp().handler, { ...eventOf({}), headers })).toMatchObject({ status: 401 });
    },
  );
});

describe('cross-origin', () => {
  const preflight = (from: string) => ({ httpMethod: 'OPTIONS', headers: { Origin: from }, path: '/' });

  it('answers a preflight of a listed origin without asking who calls', async () => {
    expect(await setUp().handler(preflight(origin), {})).toEqual({
      statusCode: 204,
      headers: {
        ...allowed,
        'access-control-allow-methods': 'POST',
        'access-control-allow-headers': 'authorization, content-type, idempotency-key, traceparent',
        'access-control-max-age': '600',
      },
      body: '',
      isBase64Encoded: false,
    });
  });

  it.each(['https://evil.example.com', `${origin}.evil.com`, 'https://CLASS.example.com', 'null'])(
    'answers a preflight of %s without a permission',
    async (from) => {
      const reply = await setUp().handler(preflight(from), {});
      expect(reply).toMatchObject({ statusCode: 204, headers: { vary: 'Origin' } });
      expect(Object.keys(reply.headers)).toEqual(['vary']);
    },
  );

  it('permits listed origins to read replies and refusals alike', async () => {
    const { handler } = setUp();
    const good = await call(handler, eventOf({}, token, { origin }));
    const refused = await call(handler, eventOf({}, undefined, { origin }));
    expect([good.status, refused.status]).toEqual([200, 401]);
    expect(good.headers).toMatchObject(allowed);
    expect(refused.headers).toMatchObject(allowed);
  });

  it('permits nobody else', async () => {
    const reply = await call(setUp().handler, eventOf({}, token, { origin: 'https://evil.example.com' }));
    expect(reply.headers).toMatchObject({ vary: 'Origin' });
    expect(reply.headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('says nothing of origins when none is listed', async () => {
    const { http } = createHttp(clock);
    const handler = httpEndpoint({ ...http, allowedOrigins: [] }, { input, run: async () => ({}) });
    const reply = await handler(preflight(origin), {});
    expect(reply).toMatchObject({ statusCode: 204, headers: {} });
    expect(Object.keys(reply.headers)).toEqual([]);
  });
});

describe('a failure', () => {
  const failing = (error: unknown) =>
    setUp(async () => {
      throw error;
    });

  it.each(Object.entries(statusOfCode) as [ErrorCode, number][])(
    '%s is a problem with status %i',
    async (code, status) => {
      const { handler } = failing(new AppError(code, 'What the caller may know.', { details: { vendor: 'im' } }));
      const reply = await call(handler, eventOf({}, token));
      expect(reply.status).toBe(status);
      expect(reply.headers).toMatchObject({
        'content-type': 'application/problem+json; charset=utf-8',
        'cache-control': 'no-store',
      });
      expect(reply.body).toEqual({
        type: 'about:blank',
        title: code.charAt(0) + code.slice(1).toLowerCase().replaceAll('_', ' '),
        status,
        detail: 'What the caller may know.',
        code,
        requestId: 'r1',
      });
    },
  );

  it('tells when to come back, in whole seconds', async () => {
    const { handler } = failing(new AppError('RATE_LIMITED', 'Slower.', { retryAfterSeconds: 1.2 }));
    expect((await call(handler, eventOf({}, token))).headers).toHaveProperty('retry-after', '2');
  });

  it('names wrong fields', async () => {
    const errors = [{ path: '/endsAt', message: 'has passed' }];
    const { handler } = failing(new AppError('BAD_REQUEST', 'No.', { errors }));
    expect((await call(handler, eventOf({}, token))).body.errors).toEqual(errors);
  });

  it.each([
    ['an error', new TypeError('password hunter2')],
    ['a text', 'password hunter2'],
    ['an error like ours', Object.assign(new Error('password hunter2'), { code: 'FORBIDDEN' })],
  ])('that is %s is a 500 that tells nothing, and the log tells all', async (_what, error) => {
    const { handler, captured } = failing(error);
    const reply = await call(handler, eventOf({}, token));
    expect(reply.body).toEqual({
      type: 'about:blank',
      title: 'Internal',
      status: 500,
      detail: 'Something failed on our side. The request id finds it in the log.',
      code: 'INTERNAL',
      requestId: 'r1',
    });
    expect(captured.lines).toEqual([
      expect.objectContaining({ level: 'error', code: 'INTERNAL', error: expect.stringContaining('hunter2') }),
    ]);
  });

  it('of a vendor is told to the log with its code and text, and to the caller without', async () => {
    const details = { vendor: 'im', vendorCode: 10002, vendorText: 'svr inner error' };
    const { handler, captured } = failing(new AppError('UPSTREAM_FAILED', 'The IM service failed.', { details }));
    const reply = await handler(eventOf({}, token), { request_id: 'r1' });
    expect(reply.body).not.toContain('svr inner error');
    expect(reply.body).not.toContain('10002');
    expect(captured.lines).toEqual([expect.objectContaining({ level: 'error', status: 502, ...details })]);
  });

  it('has no stack in any reply', async () => {
    for (const error of [new Error('x'), new AppError('INTERNAL', 'y'), new AppError('CONFLICT', 'z')]) {
      const reply = await failing(error).handler(eventOf({}, token), {});
      expect(reply.body).not.toMatch(/\bat .*:\d+|node_modules|\.ts/);
    }
  });
});

describe('the log', () => {
  it('has one line for each invocation', async () => {
    const { handler, captured } = setUp(async () => {
      clock.advance(0.25);
      return {};
    });
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const context = { request_id: 'r1', function_name: 'echo' };
    await handler(eventOf({}, token, { traceparent }), { ...context });
    await handler(eventOf({}), { ...context, request_id: 'r2' });
    const line = { time: expect.any(String), level: 'info', event: 'invocation', function: 'echo' };
    expect(captured.lines).toEqual([
      {
        ...line,
        requestId: 'r1',
        userId: 's1',
        status: 200,
        code: 'OK',
        ms: 250,
        cold: true,
        traceId: '0af7651916cd43dd8448eb211c80319c',
      },
      { ...line, requestId: 'r2', status: 401, ms: 0, cold: false, code: 'UNAUTHENTICATED' },
    ]);
  });

  it('never has a token or a body in it', async () => {
    const { handler, logText } = setUp(async () => {
      throw new Error('boom');
    });
    await handler(eventOf({ text: 'a private text' }, token), {});
    await handler(eventOf({ unknown: 'a private text' }, token), {});
    expect(logText().split('\n')).toHaveLength(2);
    expect(logText()).not.toContain(token);
    expect(logText()).not.toContain('a private text');
  });
});

describe('createHttpDeps', () => {
  it('puts together what an HTTP function is given', async () => {
    const lines: string[] = [];
    const { reserved, ...http } = createHttpDeps(
      {
        auth: { key: { secret: jwtSecret }, userIdClaim: 'sub', roleClaim: 'role' },
        adminUserId: 'robot',
        allowedOrigins: [origin],
        logLevel: 'info',
      },
      {
        fetch: async () => {
          throw new Error('nothing is fetched here');
        },
        clock,
        write: (line) => lines.push(line),
      },
    );
    const handler = httpEndpoint(http, { input, run: async (given) => given });
    const reply = await call(handler, eventOf({ text: 'hi' }, token, { origin }));
    expect(reply).toMatchObject({ status: 200, headers: allowed, body: { text: 'hi' } });
    expect(lines).toHaveLength(1);
    expect(reserved.isReserved('Robot')).toBe(true);
    const asRobot = await call(handler, eventOf({}, await tokenOf(clock, 'robot', 'admin')));
    expect(asRobot.status).toBe(403);
  });
});

describe('a callback function', () => {
  const setUpCallback = (endpoint: Partial<CallbackEndpoint> = {}) => {
    const requests: CallbackRequest[] = [];
    const test = createTestLog();
    const handler = callbackEndpoint(test.log, clock, {
      maxBodyBytes: 16,
      verify: () => {},
      answer: async (request) => {
        requests.push(request);
        return { ok: true };
      },
      ...endpoint,
    });
    return { handler: (event: unknown) => handler(event, { request_id: 'r1' }), requests, test };
  };
  const post = { httpMethod: 'POST', headers: { 'X-Sign': 'abc' }, queryString: { a: '1' }, body: '{"x":1}' };

  it('gives its action the raw body, the query and the headers', async () => {
    const { handler, requests } = setUpCallback();
    const reply = await handler(post);
    expect(reply).toMatchObject({ statusCode: 200, body: '{"ok":true}' });
    expect(requests).toMatchObject([{ headers: { 'x-sign': 'abc' }, query: { a: '1' }, body: Buffer.from('{"x":1}') }]);
  });

  it('reads the query of either shape of an event', async () => {
    const { handler, requests } = setUpCallback();
    await handler({ ...post, queryString: undefined, queryStringParameters: { a: ['2', '3'] } });
    expect(requests[0]?.query).toEqual({ a: '2' });
  });

  it('checks the method, then the size, then the signature', async () => {
    const { handler } = setUpCallback({
      verify: () => {
        throw new AppError('UNAUTHENTICATED', 'This is no callback of ours.');
      },
    });
    const large = { ...post, body: 'x'.repeat(17) };
    const get = await handler({ ...large, httpMethod: 'GET' });
    expect(get).toMatchObject({ statusCode: 405, headers: { allow: 'POST' }, body: '{}' });
    expect(await handler(large)).toMatchObject({ statusCode: 413, body: '{}' });
    expect(await handler(post)).toMatchObject({ statusCode: 401, body: '{}' });
    expect(await handler('no event')).toMatchObject({ statusCode: 400, body: '{}' });
  });

  it('tells the log alone why it failed', async () => {
    const { handler, test } = setUpCallback({
      answer: async (request) => {
        request.note({ command: 'C' });
        throw new Error('a private text');
      },
    });
    expect(await handler(post)).toMatchObject({ statusCode: 500, body: '{}' });
    expect(test.lines).toEqual([
      expect.objectContaining({ level: 'error', code: 'INTERNAL', command: 'C', error: 'Error: a private text' }),
    ]);
  });

  it('lets SCF freeze the instance once it has replied', async () => {
    const { log } = createTestLog();
    const handler = callbackEndpoint(log, clock, { maxBodyBytes: 16, verify: () => {}, answer: async () => ({}) });
    const context: ScfContext = {};
    await handler(post, context);
    expect(context.callbackWaitsForEmptyEventLoop).toBe(false);
  });
});

describe('a timer function', () => {
  it('answers its report and logs one line', async () => {
    const test = createTestLog();
    const context: ScfContext = { request_id: 'r1' };
    const report = await timerEndpoint(test.log, clock, async () => ({ repaired: 1 }))({ Type: 'Timer' }, context);
    expect(report).toEqual({ repaired: 1 });
    expect(context.callbackWaitsForEmptyEventLoop).toBe(false);
    expect(test.lines).toEqual([expect.objectContaining({ level: 'info', event: 'invocation', requestId: 'r1' })]);
  });

  it('fails the invocation when its work fails', async () => {
    const test = createTestLog();
    const handler = timerEndpoint(test.log, clock, async () => {
      throw new AppError('UPSTREAM_FAILED', 'The database cannot be reached. Try again.');
    });
    await expect(handler({ Type: 'Timer' }, {})).rejects.toThrow('The database cannot be reached');
    expect(test.lines).toEqual([expect.objectContaining({ level: 'error', code: 'UPSTREAM_FAILED' })]);
  });
});
