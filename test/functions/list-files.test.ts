import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHandler } from '../../functions/list-files/handler.ts';
import { createClasses } from '../../lib/classroom/class/classes.ts';
import { createBucketClient } from '../../lib/cos/bucket-client.ts';
import { createObjectList } from '../../lib/cos/object-list.ts';
import { createFetch } from '../../lib/http/fetch.ts';
import { parsePolicy } from '../../local/api/policy.ts';
import { createCos } from '../../local/cos/server.ts';
import { createStore } from '../../local/cos/store.ts';
import { type LocalReply, type LocalRequest, serve } from '../../local/http.ts';
import { createClock } from '../support/clock.ts';
import { holdDeadlines } from '../support/deadlines.ts';
import { makeDirectory } from '../support/directory.ts';
import { call, createHttp, eventOf, tokenOf } from '../support/http.ts';
import { finderOf, lessonOf, memberOf } from '../support/lesson.ts';
import { describeRefusals } from '../support/refusals.ts';
import { permanentKey, startSts, temporaryKeys } from '../support/sts.ts';

const clock = createClock();
const now = clock.seconds();
const day = 86_400;
const name = 'board-1250000000';
const region = 'ap-shanghai';
const lessons = finderOf(
  lessonOf(),
  lessonOf({ classId: 'c2', endedAt: now, status: 'ended' }),
  lessonOf({ classId: 'c3', endedAt: now - 30 * day, status: 'ended' }),
);
/** In every class, s1 has joined. */
const finder = {
  async findWith(classId: string, userId: string) {
    const found = await lessons.findWith(classId, userId);
    return found && { ...found, member: memberOf({ userId, joinedAt: userId === 's1' ? now : undefined }) };
  },
};

/** Of c1 and its neighbours; each file is as long as its key, and from a second of its own. */
const keys = [
  'c1/courseware/1 课件.pdf',
  'c1/courseware/2.pdf',
  'c1/u/a1/notes.txt',
  'c1/u/s1/a&b<c>+d%20e"f\'.txt',
  'c1/u/s1/deep/er/x',
  'c1/u/s1/😀',
  'c1/u/s10/x',
  'c1/u/t1/plan.md',
  'c10/courseware/x',
  'c10/u/s1/x',
];
const written = 1_750_000_000;

/** The local COS on loopback with those files until the test is done: it checks every signature and policy. */
const startCos = async () => {
  const directory = makeDirectory();
  const root = join(directory, 'cos');
  for (const [index, key] of keys.entries())
    await createStore(root, () => (written + index) * 1000 + 999).putObject(key, {}, Buffer.alloc(key.length));
  const [bucket, permanent] = [name, () => permanentKey];
  const cos = createCos({ clock: Date.now, bucket, region, permanentKey: permanent, temporaryKeys, directory: root });
  const requests: LocalRequest[] = [];
  let instead: (() => Promise<LocalReply>) | undefined;
  const server = await serve(0, (request) => {
    requests.push(request);
    return instead ? instead() : cos.handle(request);
  });
  onTestFinished(async () => {
    await server.close();
    rmSync(directory, { recursive: true });
  });
  return {
    origin: server.origin,
    /** Every request that arrived. */
    requests,
    /** From now on it answers so. */
    answerWith: (answer: () => Promise<LocalReply>) => {
      instead = answer;
    },
  };
};

const setUp = async () => {
  const [sts, cos] = [await startSts(), await startCos()];
  const { http, logText } = createHttp(clock);
  const bucket = { name, region, origin: cos.origin };
  const client = createBucketClient({ bucket, fetch: createFetch(Date.now) });
  const handler = createHandler({
    http,
    classes: createClasses({ finder, clock }),
    objectList: createObjectList({ bucket, sts: sts.client(), client }),
  });
  const list = async (body: object = {}, userId = 's1') =>
    call(handler, eventOf({ classId: 'c1', ...body }, await tokenOf(clock, userId, 'student')));
  return { list, sts, cos, logText };
};

/** A reply of COS that lists one file. */
const listing = (contents: string, rest = '<IsTruncated>false</IsTruncated>') => ({
  status: 200,
  body: `<?xml version='1.0' encoding='utf-8' ?>\n<ListBucketResult>\n\t${rest}<Contents>${contents}</Contents></ListBucketResult>`,
});
const file = (key: string, size = '1', lastModified = '2026-01-01T00:00:00.000Z') =>
  `<Key>${key}</Key><LastModified>${lastModified}</LastModified><Size>${size}</Size>`;

const keysOf = ({ body }: { body: { files: { key: string }[] } }) => body.files.map(({ key }) => key);
const readableBy = (...prefixes: string[]) => keys.filter((key) => prefixes.some((prefix) => key.startsWith(prefix)));

describe('list-files', () => {
  it('tells of each file its key, its size and when it was written', async () => {
    const { list } = await setUp();
    const { status, body } = await list();
    expect(status).toBe(200);
    expect(body).toEqual({
      files: readableBy('c1/courseware/', 'c1/u/s1/').map((key) => ({
        key,
        size: key.length,
        lastModified: written + keys.indexOf(key),
      })),
    });
  });

  it.each([
    ['s1', ['c1/courseware/', 'c1/u/s1/']],
    ['a1', ['c1/courseware/', 'c1/u/a1/']],
    ['t1', ['c1/']],
  ])('shows %s what they may read, with credentials that can list just that', async (userId, prefixes) => {
    const { list, cos } = await setUp();
    expect(keysOf(await list({}, userId))).toEqual(readableBy(...prefixes));
    const [request] = cos.requests;
    const policy = temporaryKeys.open(String(request?.headers['x-cos-security-token']))?.policy;
    expect(parsePolicy(policy ?? '')?.statement).toEqual([
      {
        effect: 'allow',
        action: ['name/cos:GetBucket'],
        resource: prefixes.map((prefix) => `qcs::cos:ap-shanghai:uid/1250000000:board-1250000000/${prefix}*`),
      },
    ]);
  });

  it.each([1, 2, 3, 4, 200])('goes through all of them in the order of their keys, %i at a time', async (limit) => {
    for (const userId of ['s1', 't1']) {
      const { list } = await setUp();
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const reply = await list({ limit, ...(cursor !== undefined && { cursor }) }, userId);
        expect(keysOf(reply).length).toBeLessThanOrEqual(limit);
        seen.push(...keysOf(reply));
        cursor = reply.body.nextCursor;
      } while (cursor !== undefined);
      expect(seen).toEqual(userId === 't1' ? readableBy('c1/') : readableBy('c1/courseware/', 'c1/u/s1/'));
    }
  });

  it('fills a page across courseware and own files, with one call for each and one for STS', async () => {
    const { list, cos, sts } = await setUp();
    const first = await list({ limit: 3 });
    expect(keysOf(first)).toEqual([...readableBy('c1/courseware/'), 'c1/u/s1/a&b<c>+d%20e"f\'.txt']);
    expect(cos.requests.map(({ query }) => [query.get('prefix'), query.get('max-keys')])).toEqual([
      ['c1/courseware/', '3'],
      ['c1/u/s1/', '1'],
    ]);
    expect(sts.actions).toHaveLength(1);
    await list({ cursor: first.body.nextCursor });
    expect(cos.requests.slice(2).map(({ query }) => query.get('prefix'))).toEqual(['c1/u/s1/']);
  });

  it('does not ask for own files once the page is full', async () => {
    const { list, cos } = await setUp();
    const { body } = await list({ limit: 2 });
    expect(body.nextCursor).toBeDefined();
    expect(cos.requests).toHaveLength(1);
  });

  it('asks for 50 when no limit is given', async () => {
    const { list, cos } = await setUp();
    await list({}, 't1');
    expect(cos.requests[0]?.query.get('max-keys')).toBe('50');
  });

  it('goes on where COS says, also when it gave fewer than it was asked for', async () => {
    const { list, cos } = await setUp();
    const more = '<IsTruncated>true</IsTruncated>\n\t<NextMarker>c1%2Fb%20c</NextMarker>';
    cos.answerWith(async () => listing(file('c1%2Fa'), more));
    const { body } = await list({ limit: 5 }, 't1');
    expect(body.files).toEqual([{ key: 'c1/a', size: 1, lastModified: 1_767_225_600 }]);
    expect(Buffer.from(body.nextCursor, 'base64url').toString()).toBe('c1/b c');
  });

  it('reads keys as XML may write them', async () => {
    const { list, cos } = await setUp();
    cos.answerWith(async () => listing(file('c1%2Fit&apos;s%20&#40;1&#x29;&amp;#39;')));
    expect(keysOf(await list({}, 't1'))).toEqual(["c1/it's (1)&#39;"]);
  });

  it('shows an empty class', async () => {
    const { list } = await setUp();
    expect(await list({ classId: 'c2' })).toMatchObject({ status: 200, body: { files: [] } });
  });

  it('refuses a cursor of what the caller may not read, and asks nothing', async () => {
    const { list, cos, sts } = await setUp();
    for (const key of ['c1/u/s10/x', 'c1/u/a1/notes.txt', 'c10/courseware/x', 'c1/u/s1', 'c1/']) {
      const reply = await list({ cursor: Buffer.from(key).toString('base64url') });
      expect(reply).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST', errors: [{ path: '/cursor' }] } });
    }
    expect([cos.requests, sts.actions]).toEqual([[], []]);
  });

  it.each(['s2', 't2'])('forbids %s, who has not joined, and asks nothing', async (userId) => {
    const { list, sts } = await setUp();
    expect(await list({}, userId)).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect(sts.actions).toEqual([]);
  });

  it('lists for 30 days after the end', async () => {
    const { list, sts } = await setUp();
    expect(await list({ classId: 'c2' })).toMatchObject({ status: 200 });
    expect(await list({ classId: 'c3' })).toMatchObject({ status: 410, body: { code: 'GONE' } });
    expect(await list({ classId: 'c0' })).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    expect(sts.actions).toHaveLength(1);
  });

  it.each([
    ['InternalError.DbError', 502, 'UPSTREAM_FAILED'],
    ['RequestLimitExceeded', 429, 'RATE_LIMITED'],
  ])('passes the refusal %s of STS on as %i', async (errorCode, status, code) => {
    const { list, sts, cos } = await setUp();
    sts.faults.order({ command: 'GetFederationToken', times: 1, errorCode });
    expect(await list()).toMatchObject({ status, body: { code } });
    expect(cos.requests).toEqual([]);
  });

  it('answers 502 when COS refuses, with its words in the log alone', async () => {
    const { list, cos, logText } = await setUp();
    const body = '<Error><Code>AccessDenied</Code><Message>Access Denied.</Message><RequestId>NTg4</RequestId></Error>';
    cos.answerWith(async () => ({ status: 403, body }));
    const reply = await list();
    expect(reply).toMatchObject({ status: 502, body: { code: 'UPSTREAM_FAILED' } });
    expect(JSON.stringify(reply)).not.toContain('AccessDenied');
    expect(logText()).toContain(
      '"vendor":"cos","vendorCode":"AccessDenied","vendorText":"Access Denied.","vendorRequestId":"NTg4"',
    );
  });

  it('answers 429 when COS asks to slow down', async () => {
    const { list, cos, logText } = await setUp();
    cos.answerWith(async () => ({ status: 503, body: '<Error><Code>SlowDown</Code></Error>' }));
    expect(await list()).toMatchObject({
      status: 429,
      headers: { 'retry-after': '1' },
      body: { code: 'RATE_LIMITED' },
    });
    expect(logText()).toContain('"vendorCode":"SlowDown"');
  });

  it.each([
    ['a failing gateway', { status: 502, body: 'Bad Gateway' }],
    ['a page', { status: 200, body: '<html>' }],
    ['nothing', { status: 200, body: '' }],
    ['half a page of files', listing(file('c1%2Fa'), '<IsTruncated>true</IsTruncated>')],
    ['half a file', listing('<Key>a</Key><Size>1</Size>')],
    ['a size in words', listing(file('a', 'big'))],
    ['no date', listing(file('a', '1', 'now'))],
    ['a key that cannot be decoded', listing(file('%'))],
    ['a hang-up', 'hang up' as const],
  ])('answers 502 when COS answers %s', async (_what, reply) => {
    const { list, cos } = await setUp();
    cos.answerWith(async () => reply);
    expect(await list()).toMatchObject({ status: 502, body: { code: 'UPSTREAM_FAILED' } });
  });

  it('answers 504 when COS says nothing for 5 seconds', async () => {
    const { list, cos } = await setUp();
    const deadlines = holdDeadlines();
    cos.answerWith(() => {
      deadlines.pass();
      return new Promise(() => {});
    });
    expect(await list()).toMatchObject({ status: 504, body: { code: 'UPSTREAM_TIMEOUT' } });
    expect(deadlines.set).toEqual([5000, 5000]);
  });

  it('answers 504 when STS says nothing', async () => {
    const { list, sts } = await setUp();
    const deadlines = holdDeadlines();
    sts.answerWith(() => {
      deadlines.pass();
      return new Promise(() => {});
    });
    expect(await list()).toMatchObject({ status: 504, body: { code: 'UPSTREAM_TIMEOUT' } });
  });

  it('tells no key, signature or token to anybody', async () => {
    const { list, cos, logText } = await setUp();
    const replies = [await list()];
    cos.answerWith(async () => 'hang up');
    replies.push(await list());
    const told = JSON.stringify(replies) + logText();
    expect(logText()).toContain('"userId":"s1"');
    for (const { headers } of cos.requests) {
      const token = String(headers['x-cos-security-token']);
      const secrets = [permanentKey.secretKey, String(headers.authorization), token];
      for (const secret of [...secrets, temporaryKeys.open(token)?.tmpSecretKey ?? ''])
        expect(told).not.toContain(secret);
    }
  });
});

describeRefusals('list-files', {
  clock,
  setUp: () => {
    const { http, logText } = createHttp(clock);
    const objectList = { page: async () => ({ objects: [], last: undefined }) };
    return { handler: createHandler({ http, classes: createClasses({ finder, clock }), objectList }), logText };
  },
  input: { classId: 'c1', limit: 1 },
  as: { userId: 't1', role: 'student' },
  otherRoles: [],
  badInputs: [
    ['no class', {}, '/classId'],
    ['a class id with a slash', { classId: 'c1/u' }, '/classId'],
    ['a limit of 0', { classId: 'c1', limit: 0 }, '/limit'],
    ['a limit of 201', { classId: 'c1', limit: 201 }, '/limit'],
    ['a prefix of the caller’s', { classId: 'c1', prefix: 'c2/' }, '/prefix'],
    ['an empty cursor', { classId: 'c1', cursor: '' }, '/cursor'],
    ['a cursor with a blank', { classId: 'c1', cursor: 'a b' }, '/cursor'],
    ['a cursor that is no text of ours', { classId: 'c1', cursor: '_w' }, '/cursor'],
    ['a cursor longer than any key', { classId: 'c1', cursor: 'a'.repeat(1135) }, '/cursor'],
  ],
});
