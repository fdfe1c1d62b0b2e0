import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createHandler } from '../../functions/sign-cos-object/handler.ts';
import { createClasses } from '../../lib/classroom/class/classes.ts';
import type { CloudCredentials } from '../../lib/config.ts';
import { createObjectSigner } from '../../lib/cos/object-signer.ts';
import type { Sts } from '../../lib/cos/sts.ts';
import { parsePolicy } from '../../local/api/policy.ts';
import { createClock } from '../support/clock.ts';
import { holdDeadlines } from '../support/deadlines.ts';
import { call, createHttp, eventOf, tokenOf } from '../support/http.ts';
import { finderOf, lessonOf, memberOf } from '../support/lesson.ts';
import { describeRefusals } from '../support/refusals.ts';
import { permanentKey, roleArn, startSts, temporaryKeys } from '../support/sts.ts';

const clock = createClock();
const now = clock.seconds();
const day = 86_400;
const bucket = { name: 'board-1250000000', region: 'ap-shanghai', origin: 'http://127.0.0.1:8789' };
const resource = (key: string) => `qcs::cos:ap-shanghai:uid/1250000000:board-1250000000/${key}`;
const lessons = finderOf(
  lessonOf(),
  lessonOf({ classId: 'c2', endedAt: now, status: 'ended' }),
  lessonOf({ classId: 'c3', endedAt: now - 30 * day, status: 'ended' }),
  lessonOf({ classId: 'c4', endsAt: now - 7200 + 120 }),
  lessonOf({ classId: 'c5', endedAt: now - 30 * day + 90, status: 'ended' }),
);
/** In every class, s1 has joined. */
const finder = {
  async findWith(classId: string, userId: string) {
    const found = await lessons.findWith(classId, userId);
    return found && { ...found, member: memberOf({ userId, joinedAt: userId === 's1' ? now : undefined }) };
  },
};

const setUpWith = (sts: Sts, credentials: CloudCredentials = permanentKey) => {
  const { http, logText } = createHttp(clock);
  const random = { integer: () => 11162 };
  const objectSigner = createObjectSigner({ bucket, sts, credentials: () => credentials, clock, random });
  return {
    handler: createHandler({ http, classes: createClasses({ finder, clock }), objectSigner, ttlSeconds: 1800 }),
    logText,
  };
};

const put = { classId: 'c1', path: '课件 1.pdf', method: 'PUT', mode: 'once' } as const;
const get = { ...put, method: 'GET' } as const;
const v4 = { ...put, format: 'v4' } as const;

/** Asks with a running STS, and reads what the credentials behind the signature may do. */
const sign = async (body: object, userId = 't1') => {
  const sts = await startSts();
  const { handler, logText } = setUpWith(sts.client({ roleArn }));
  const reply = await call(handler, eventOf(body, await tokenOf(clock, userId, 'student')));
  const grant = temporaryKeys.open(reply.body.securityToken ?? '');
  return { ...reply, grant, statement: parsePolicy(grant?.policy ?? '')?.statement, logText, actions: sts.actions };
};

const signedSeconds = (authorization: string) => {
  const [, start, end] = /&q-sign-time=(\d+);(\d+)&/.exec(authorization) ?? [];
  return Number(end) - Number(start);
};

describe('sign-cos-object', () => {
  it('answers with a signature for the header, and a URL that needs none', async () => {
    const { status, body, grant } = await sign(put);
    expect(status).toBe(200);
    const { authorization, securityToken } = body;
    expect(body).toEqual({
      key: 'c1/u/t1/课件 1.pdf',
      authorization: expect.stringMatching(
        /^q-sign-algorithm=sha1&q-ak=AKID[\w-]+&q-sign-time=\d+;\d+&q-key-time=\d+;\d+&q-header-list=host&q-url-param-list=&q-signature=[0-9a-f]{40}$/,
      ),
      url: `http://127.0.0.1:8789/c1/u/t1/%E8%AF%BE%E4%BB%B6%201.pdf?${authorization}&x-cos-security-token=${securityToken}`,
      securityToken: expect.any(String),
      expiredTime: grant?.expiresAt,
    });
    expect(authorization).toContain(`;${body.expiredTime}&q-header-list`);
  });

  it.each([
    ['PUT', 'name/cos:PutObject'],
    ['GET', 'name/cos:GetObject'],
    ['HEAD', 'name/cos:HeadObject'],
  ])('signs %s with credentials for that request and that object alone', async (method, action) => {
    const { statement } = await sign({ ...put, method });
    expect(statement).toEqual([{ effect: 'allow', action: [action], resource: [resource('c1/u/t1/课件 1.pdf')] }]);
  });

  it.each([
    ['once', 300],
    ['reusable', 1800],
  ])('signs what is used %s for %i seconds', async (mode, seconds) => {
    const { body } = await sign({ ...put, mode });
    expect(signedSeconds(body.authorization)).toBe(seconds);
  });

  it.each([
    ['t1', 'courseware', 'PUT', 'c1/courseware/a.pdf'],
    ['a1', 'courseware', 'PUT', 'c1/courseware/a.pdf'],
    ['a1', 'own', 'PUT', 'c1/u/a1/a.pdf'],
    ['s1', 'own', 'PUT', 'c1/u/s1/a.pdf'],
    ['s1', 'own', 'GET', 'c1/u/s1/a.pdf'],
    ['s1', 'courseware', 'GET', 'c1/courseware/a.pdf'],
    ['s1', 'courseware', 'HEAD', 'c1/courseware/a.pdf'],
  ])('lets %s in %s do %s', async (userId, area, method, key) => {
    const { status, body, statement } = await sign({ ...put, path: 'a.pdf', area, method }, userId);
    expect([status, body.key]).toEqual([200, key]);
    expect(statement?.[0]?.resource).toEqual([resource(key)]);
  });

  it('lets no student write the courseware, and asks nothing of STS', async () => {
    const reply = await sign({ ...put, area: 'courseware' }, 's1');
    expect(reply).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' }, actions: [] });
  });

  it.each(['s2', 't2'])('forbids %s, who has not joined', async (userId) => {
    for (const body of [put, get, v4])
      expect(await sign(body, userId)).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' }, actions: [] });
  });

  it('knows no other class', async () => {
    expect(await sign({ ...put, classId: 'c0' })).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  });

  it('signs for writing no longer than the class, and not after it', async () => {
    for (const mode of ['once', 'reusable']) {
      const { body } = await sign({ ...put, classId: 'c4', mode });
      expect(signedSeconds(body.authorization)).toBe(120);
    }
    expect(await sign({ ...put, classId: 'c2' })).toMatchObject({ status: 410, body: { code: 'GONE' }, actions: [] });
  });

  it('signs for reading for 30 days more', async () => {
    const read = (classId: string) => sign({ ...get, classId });
    expect(signedSeconds((await read('c2')).body.authorization)).toBe(300);
    expect(signedSeconds((await read('c5')).body.authorization)).toBe(90);
    expect(await read('c3')).toMatchObject({ status: 410, body: { code: 'GONE' }, actions: [] });
  });

  it.each(['100%.pdf', 'a b+c&d=e?f#g.pdf', "it's (1)!.pdf", '😀/课件.pdf', '50%25.pdf', '...', 'a..b/.c', 'x:y;z,@$'])(
    'takes the path %s as it is',
    async (path) => {
      const { status, body } = await sign({ ...put, path });
      expect(status).toBe(200);
      expect(body.key).toBe(`c1/u/t1/${path}`);
      expect(decodeURIComponent(new URL(body.url).pathname)).toBe(`/c1/u/t1/${path}`);
    },
  );

  it('takes a key of 850 bytes and none of 851', async () => {
    const prefix = 'c1/u/t1/';
    const path = `${'课'.repeat(280)}aa`;
    expect(Buffer.byteLength(prefix + path)).toBe(850);
    expect(await sign({ ...put, path })).toMatchObject({ status: 200, body: { key: prefix + path } });
    expect(await sign({ ...put, path: `${path}a` })).toMatchObject({
      status: 400,
      body: { code: 'BAD_REQUEST', errors: [{ path: '/path', message: 'must be at most 842 bytes long here' }] },
      actions: [],
    });
  });

  it('answers 502 when STS refuses, with its code in the log alone', async () => {
    const { client, faults } = await startSts();
    faults.order({ command: 'AssumeRole', times: 1, errorCode: 'InternalError.DbError' });
    const { handler, logText } = setUpWith(client({ roleArn }));
    const reply = await call(handler, eventOf(put, await tokenOf(clock, 't1')));
    expect(reply).toMatchObject({ status: 502, body: { code: 'UPSTREAM_FAILED' } });
    expect(JSON.stringify(reply)).not.toContain('DbError');
    expect(logText()).toContain('"vendorCode":"InternalError.DbError"');
  });

  it('answers 429 when STS is at its rate limit', async () => {
    const { client, faults } = await startSts();
    faults.order({ command: 'AssumeRole', times: 1, errorCode: 'RequestLimitExceeded' });
    const { handler } = setUpWith(client({ roleArn }));
    const reply = await call(handler, eventOf(put, await tokenOf(clock, 't1')));
    expect(reply).toMatchObject({ status: 429, headers: { 'retry-after': '1' }, body: { code: 'RATE_LIMITED' } });
  });

  it('answers 504 when STS says nothing', async () => {
    const { client, answerWith } = await startSts();
    const deadlines = holdDeadlines();
    answerWith(() => {
      deadlines.pass();
      return new Promise(() => {});
    });
    const { handler } = setUpWith(client());
    const reply = await call(handler, eventOf(put, await tokenOf(clock, 't1')));
    expect(reply).toMatchObject({ status: 504, body: { code: 'UPSTREAM_TIMEOUT' } });
  });

  it('tells no secret key to the caller, and no key, signature or token to the log', async () => {
    const { body, grant, logText } = await sign(put);
    expect(logText()).toContain('"userId":"t1"');
    for (const secret of [permanentKey.secretKey, grant?.tmpSecretKey ?? ''])
      expect(JSON.stringify(body)).not.toContain(secret);
    for (const secret of [permanentKey.secretKey, grant?.tmpSecretKey ?? '', body.authorization, body.securityToken])
      expect(logText()).not.toContain(secret);
  });
});

describe('sign-cos-object in the form v4', () => {
  /** What the signature covers, once its own code has been checked. */
  const read = (authorization: string) => {
    const bytes = Buffer.from(authorization, 'base64');
    const original = bytes.subarray(20).toString();
    const mac = createHmac('sha1', permanentKey.secretKey).update(original).digest();
    expect(bytes.subarray(0, 20).equals(mac)).toBe(true);
    return original;
  };

  it.each([
    ['once', 300, 0],
    ['reusable', 1800, now + 1800],
  ])('signs what is used %s with the permanent keys, and asks nothing of STS', async (mode, seconds, e) => {
    const { status, body, actions } = await sign({ ...v4, mode });
    expect([status, actions]).toEqual([200, []]);
    expect(body).toEqual({
      key: 'c1/u/t1/课件 1.pdf',
      authorization: expect.any(String),
      expiredTime: now + seconds,
    });
    expect(read(body.authorization)).toBe(
      `a=1250000000&b=board&k=${permanentKey.secretId}&e=${e}&t=${now}&r=11162&f=/1250000000/board/c1/u/t1/%E8%AF%BE%E4%BB%B6%201.pdf`,
    );
  });

  it('ends with the class, whatever it is for', async () => {
    const { body } = await sign({ ...v4, classId: 'c4', mode: 'reusable' });
    expect(body.expiredTime).toBe(now + 120);
    for (const method of ['PUT', 'GET', 'HEAD'])
      expect(await sign({ ...v4, classId: 'c2', method })).toMatchObject({ status: 410, body: { code: 'GONE' } });
  });

  it('is for those who may write, since it covers no method', async () => {
    for (const method of ['PUT', 'GET', 'HEAD']) {
      expect(await sign({ ...v4, area: 'courseware', method }, 's1')).toMatchObject({ status: 403 });
      expect(await sign({ ...v4, area: 'courseware', method }, 'a1')).toMatchObject({ status: 200 });
      expect(await sign({ ...v4, method }, 's1')).toMatchObject({ status: 200, body: { key: 'c1/u/s1/课件 1.pdf' } });
    }
  });

  it('is refused where the API credentials are temporary', async () => {
    const { handler } = setUpWith((await startSts()).client({ roleArn }), { ...permanentKey, sessionToken: 'token' });
    const reply = await call(handler, eventOf(v4, await tokenOf(clock, 't1')));
    expect(reply).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST', errors: [{ path: '/format' }] } });
  });

  it('tells no secret key to anybody', async () => {
    const { body, logText } = await sign(v4);
    expect(Buffer.from(body.authorization, 'base64').toString('latin1')).not.toContain(permanentKey.secretKey);
    expect(logText()).toContain('"userId":"t1"');
    for (const secret of [permanentKey.secretKey, body.authorization]) expect(logText()).not.toContain(secret);
  });
});

describeRefusals('sign-cos-object', {
  clock,
  setUp: () =>
    setUpWith({
      vend: async () => ({
        credentials: { tmpSecretId: '', tmpSecretKey: '', sessionToken: '' },
        startTime: 0,
        expiredTime: 0,
      }),
    }),
  input: { ...put, path: 'a.pdf' },
  as: { userId: 't1', role: 'student' },
  otherRoles: [],
  badInputs: [
    ['no field at all', {}, '/classId', '/path', '/method', '/mode'],
    ['another area', { ...put, area: 'class' }, '/area'],
    ['another method', { ...put, method: 'DELETE' }, '/method'],
    ['another mode', { ...put, mode: 'forever' }, '/mode'],
    ['another format', { ...put, format: 'v5' }, '/format'],
    ['a key of the caller’s', { ...put, key: 'c2/u/t1/a' }, '/key'],
    ['a class id with a slash', { ...put, classId: 'c1/u/s2' }, '/classId'],
    ['a path that is a number', { ...put, path: 1 }, '/path'],
    ['no path', { ...put, path: '' }, '/path'],
    ['a path that climbs', { ...put, path: '../s1/a.pdf' }, '/path'],
    ['an absolute path', { ...put, path: '/c1/u/s1/a.pdf' }, '/path'],
    ['an encoded slash', { ...put, path: 'a%2Fb.pdf' }, '/path'],
    ['a path for a whole folder', { ...put, path: 'a/*' }, '/path'],
  ],
});
