import { describe, expect, it } from 'vitest';
import { createHandler } from '../../functions/vend-cos-credentials/handler.ts';
import { createClasses } from '../../lib/classroom/class/classes.ts';
import type { Sts } from '../../lib/cos/sts.ts';
import { isAllowed, parsePolicy } from '../../local/api/policy.ts';
import { createClock } from '../support/clock.ts';
import { holdDeadlines } from '../support/deadlines.ts';
import { call, createHttp, eventOf, tokenOf } from '../support/http.ts';
import { finderOf, lessonOf } from '../support/lesson.ts';
import { describeRefusals } from '../support/refusals.ts';
import { permanentKey, roleArn, startSts, temporaryKeys } from '../support/sts.ts';

const clock = createClock();
const now = clock.seconds();
const day = 86_400;
const bucket = { name: 'board-1250000000', region: 'ap-shanghai', origin: 'http://127.0.0.1:8789' };
const lessons = [
  lessonOf(),
  lessonOf({ classId: 'c2', endedAt: now, status: 'ended' }),
  lessonOf({ classId: 'c3', endedAt: now - 30 * day, status: 'ended' }),
  lessonOf({ classId: 'c4', endsAt: now - 7200 + 600 }),
  lessonOf({ classId: 'c5', status: 'opening' }),
  lessonOf({ classId: 'c6', endedAt: now - 30 * day + 120, status: 'ended' }),
];

const setUpWith = (sts: Sts) => {
  const { http, logText } = createHttp(clock);
  const classes = createClasses({ finder: finderOf(...lessons), clock });
  return { handler: createHandler({ http, classes, sts, bucket, ttlSeconds: 1800 }), logText };
};

/** Asks with a running STS, and reads what the keys that it gave may do. */
const vend = async (body: object, userId = 't1', role = 'student') => {
  const sts = await startSts();
  const { handler, logText } = setUpWith(sts.client({ roleArn }));
  const reply = await call(handler, eventOf(body, await tokenOf(clock, userId, role)));
  const policy = parsePolicy(temporaryKeys.open(reply.body.credentials?.sessionToken ?? '')?.policy ?? '');
  const may = (action: string, key: string) =>
    policy !== undefined &&
    isAllowed(policy, `name/cos:${action}`, `qcs::cos:ap-shanghai:uid/1250000000:board-1250000000/${key}`);
  return { ...reply, may, logText, actions: sts.actions };
};

describe('vend-cos-credentials', () => {
  it('answers in the shape that cos-js-sdk-v5 takes, and where to send it', async () => {
    const { status, body } = await vend({ classId: 'c1' });
    expect(status).toBe(200);
    expect(body).toEqual({
      credentials: {
        tmpSecretId: expect.any(String),
        tmpSecretKey: expect.any(String),
        sessionToken: expect.any(String),
      },
      startTime: expect.any(Number),
      expiredTime: body.startTime + 1800,
      bucket: 'board-1250000000',
      region: 'ap-shanghai',
      origin: 'http://127.0.0.1:8789',
      prefix: 'c1/u/t1/',
      coursewarePrefix: 'c1/courseware/',
    });
  });

  it.each(['t1', 'a1'])('lets %s upload below their own prefix and the courseware’s, and no more', async (userId) => {
    const { may, body } = await vend({ classId: 'c1', purpose: 'upload' }, userId);
    expect(body).toMatchObject({ prefix: `c1/u/${userId}/`, coursewarePrefix: 'c1/courseware/' });
    expect(may('PutObject', `c1/u/${userId}/a b.pdf`)).toBe(true);
    expect(may('UploadPart', 'c1/courseware/1.pdf')).toBe(true);
    for (const key of ['c1/u/s1/x', `c1/u/${userId}x/y`, 'c1/other', 'c1x/u/t1/a', 'c2/courseware/1.pdf', 'x'])
      expect(may('PutObject', key)).toBe(false);
    expect(may('GetObject', `c1/u/${userId}/a b.pdf`)).toBe(false);
    expect(may('DeleteObject', `c1/u/${userId}/a b.pdf`)).toBe(false);
  });

  it('lets the teacher download the whole class, and nothing of another', async () => {
    const { may, body } = await vend({ classId: 'c1', purpose: 'download' });
    expect(body.coursewarePrefix).toBe('c1/courseware/');
    expect(may('GetObject', 'c1/u/s1/x')).toBe(true);
    expect(may('HeadObject', 'c1/courseware/x')).toBe(true);
    expect(may('GetObject', 'c1x/u/s1/x')).toBe(false);
    expect(may('PutObject', 'c1/u/t1/x')).toBe(false);
  });

  it('lets an assistant download their own files and the courseware', async () => {
    const { may } = await vend({ classId: 'c1', purpose: 'download' }, 'a1');
    expect(may('GetObject', 'c1/u/a1/x')).toBe(true);
    expect(may('GetObject', 'c1/courseware/x')).toBe(true);
    expect(may('GetObject', 'c1/u/s1/x')).toBe(false);
  });

  it.each([
    ['s1', 'student'],
    ['t2', 'teacher'],
    ['admin1', 'admin'],
  ])('forbids %s, a %s who is not in the class, and asks nothing of STS', async (userId, role) => {
    for (const purpose of ['upload', 'download']) {
      const reply = await vend({ classId: 'c1', purpose }, userId, role);
      expect(reply).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' }, actions: [] });
    }
  });

  it.each(['c0', 'c5'])('knows no class %s', async (classId) => {
    expect(await vend({ classId })).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' }, actions: [] });
  });

  it('gives upload keys that end with the class, and none to an ended one', async () => {
    const { body } = await vend({ classId: 'c4' });
    expect(body.expiredTime - body.startTime).toBe(600);
    expect(await vend({ classId: 'c2' })).toMatchObject({ status: 410, body: { code: 'GONE' }, actions: [] });
  });

  it('gives download keys for 30 days more', async () => {
    const keys = async (classId: string) => (await vend({ classId, purpose: 'download' })).body;
    const [ended, nearly] = [await keys('c2'), await keys('c6')];
    expect(ended.expiredTime - ended.startTime).toBe(1800);
    expect(nearly.expiredTime - nearly.startTime).toBe(120);
    expect(await keys('c3')).toMatchObject({ status: 410, code: 'GONE' });
  });

  it('answers 502 when STS refuses, with its code in the log alone', async () => {
    const { client, faults } = await startSts();
    faults.order({ command: 'AssumeRole', times: 1, errorCode: 'InternalError.DbError' });
    const { handler, logText } = setUpWith(client({ roleArn }));
    const reply = await call(handler, eventOf({ classId: 'c1' }, await tokenOf(clock, 't1')));
    expect(reply).toMatchObject({ status: 502, body: { code: 'UPSTREAM_FAILED' } });
    expect(JSON.stringify(reply)).not.toContain('DbError');
    expect(logText()).toContain('"vendorCode":"InternalError.DbError"');
  });

  it('answers 429 when STS is at its rate limit', async () => {
    const { client, faults } = await startSts();
    faults.order({ command: 'AssumeRole', times: 1, errorCode: 'RequestLimitExceeded' });
    const { handler } = setUpWith(client({ roleArn }));
    const reply = await call(handler, eventOf({ classId: 'c1' }, await tokenOf(clock, 't1')));
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
    const reply = await call(handler, eventOf({ classId: 'c1' }, await tokenOf(clock, 't1')));
    expect(reply).toMatchObject({ status: 504, body: { code: 'UPSTREAM_TIMEOUT' } });
  });

  it('tells no key of its own to the caller, and no key at all to the log', async () => {
    const { body, logText } = await vend({ classId: 'c1' });
    expect(JSON.stringify(body)).not.toContain(permanentKey.secretKey);
    expect(logText()).toContain('"userId":"t1"');
    const { tmpSecretId, tmpSecretKey, sessionToken } = body.credentials;
    for (const secret of [permanentKey.secretKey, tmpSecretId, tmpSecretKey, sessionToken])
      expect(logText()).not.toContain(secret);
  });
});

describeRefusals('vend-cos-credentials', {
  clock,
  setUp: () =>
    setUpWith({
      vend: async () => ({
        credentials: { tmpSecretId: '', tmpSecretKey: '', sessionToken: '' },
        startTime: 0,
        expiredTime: 0,
      }),
    }),
  input: { classId: 'c1' },
  as: { userId: 't1', role: 'student' },
  otherRoles: [],
  badInputs: [
    ['no class', {}, '/classId'],
    ['another purpose', { classId: 'c1', purpose: 'delete' }, '/purpose'],
    ['a prefix of the caller’s', { classId: 'c1', prefix: 'c2/' }, '/prefix'],
    ['a class id with a slash', { classId: 'c1/u/s2' }, '/classId'],
  ],
});
