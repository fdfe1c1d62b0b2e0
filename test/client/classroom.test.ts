import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { ClassroomError, createClassroomClient } from '../../client/classroom.ts';
import { startTestCloud } from '../support/local-cloud.ts';

const cloud = await startTestCloud();
const teacher = await cloud.clientOf('t1', 'teacher');
const { class: lesson } = await teacher
  .call('create-class', { classId: 'c1', name: 'Maths', passcode: 'sesame' })
  .then(() => teacher.call('join-class', { classId: 'c1' }));
const student = await cloud.clientOf('s1', 'student');

const bearer = async (userId: string) => (await cloud.signIn(userId, 'student')).replace('Bearer ', '');

/** A server that answers everything with these bytes and hangs up. */
const answering = async (bytes: string): Promise<string> => {
  const server = createServer((socket) => socket.once('data', () => socket.end(bytes))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterAll(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

/** The failure of a call. */
const failureOf = (call: Promise<unknown>): Promise<ClassroomError> =>
  call.then(
    () => Promise.reject(new Error('the call did not fail')),
    (error) => {
      expect(error).toBeInstanceOf(ClassroomError);
      return error;
    },
  );

describe('the typed client', () => {
  it('answers what the function answers', async () => {
    const joined = await student.call('join-class', { classId: 'c1', passcode: 'sesame' });

    expect(joined).toMatchObject({ class: { ...lesson, status: joined.class.status }, role: 'student', board: false });
    expect(joined.sig.refreshAt).toBeLessThan(joined.sig.expiresAt);
  });

  it('throws the problem that the function answers', async () => {
    const error = await failureOf(student.call('join-class', { classId: 'nowhere' }));

    expect(error).toMatchObject({
      name: 'ClassroomError',
      code: 'NOT_FOUND',
      status: 404,
      detail: 'There is no such class.',
      message: 'There is no such class.',
      errors: [],
      requestId: expect.stringMatching(/./),
      retryAfterSeconds: undefined,
    });
  });

  it('says which fields are wrong', async () => {
    const error = await failureOf(student.call('get-class', { classId: 'no such id!' }));

    expect(error).toMatchObject({ code: 'BAD_REQUEST', errors: [{ path: '/classId', message: expect.any(String) }] });
  });

  it('says after how many seconds to try again', async () => {
    const guess = () => failureOf(intruder.call('join-class', { classId: 'c1', passcode: 'wrong' }));
    const intruder = await cloud.clientOf('s2', 'student');
    for (let tries = 0; tries < 5; tries += 1) expect(await guess()).toMatchObject({ code: 'FORBIDDEN' });

    const error = await guess();

    expect(error.code).toBe('RATE_LIMITED');
    expect(error.retryAfterSeconds).toBeGreaterThan(0);
    expect(error.retryAfterSeconds).toBeLessThanOrEqual(60);
  });

  it('makes create-class safe to repeat with an Idempotency-Key', async () => {
    const create = (idempotencyKey: string) => teacher.call('create-class', { name: 'Once' }, { idempotencyKey });

    const [first, again, other] = [await create('a'), await create('a'), await create('b')];

    expect(again.classId).toBe(first.classId);
    expect(other.classId).not.toBe(first.classId);
  });

  it('renews a token that has run out once for all calls, and repeats them', async () => {
    let renewals = 0;
    let token = 'run.out.long-ago';
    const client = createClassroomClient({
      baseUrl: cloud.gateway,
      token: () => token,
      async renewToken() {
        renewals += 1;
        token = await bearer('s3');
        return token;
      },
    });

    const replies = await Promise.all([client.call('issue-sig', {}), client.call('list-classes', {})]);

    expect(replies).toMatchObject([{ userId: 's3' }, { classes: [] }]);
    expect(renewals).toBe(1);
  });

  it('tries a renewed token once', async () => {
    let renewals = 0;
    const renewToken = () => {
      renewals += 1;
      return 'no.better.one';
    };
    const client = createClassroomClient({ baseUrl: cloud.gateway, token: () => 'x.y.z', renewToken });

    expect(await failureOf(client.call('issue-sig', {}))).toMatchObject({ code: 'UNAUTHENTICATED', status: 401 });
    expect(renewals).toBe(1);
  });

  it('throws NETWORK when no reply comes, or only half of one', async () => {
    const silent = await answering('');
    const breaking = await answering('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"us');
    for (const baseUrl of ['http://127.0.0.1:1', silent, breaking]) {
      const error = await failureOf(createClassroomClient({ baseUrl, token: () => 'x' }).call('issue-sig', {}));
      expect(error).toMatchObject({ code: 'NETWORK', status: 0, cause: expect.any(TypeError) });
    }
  });

  it('throws UNKNOWN for a reply of something on the way', async () => {
    for (const [status, body] of [
      [502, '<html>Bad Gateway</html>'],
      [404, '{"title":"Local gateway"}'],
      [200, '<html>Sign in to this network</html>'],
    ]) {
      const baseUrl = await answering(`HTTP/1.1 ${status} \r\nconnection: close\r\n\r\n${body}`);
      const error = await failureOf(createClassroomClient({ baseUrl, token: () => 'x' }).call('issue-sig', {}));
      expect(error).toMatchObject({ code: 'UNKNOWN', status });
    }
  });

  it('lets an abort through as it is', async () => {
    const signal = AbortSignal.abort(new DOMException('no longer wanted', 'AbortError'));

    await expect(student.call('issue-sig', {}, { signal })).rejects.toThrow('no longer wanted');
  });

  it('offers the same by paths', async () => {
    const { data, error, response } = await student.api.POST('/list-classes', { body: { limit: 1 } });

    expect([response.status, data?.classes.length, error]).toEqual([200, 1, undefined]);
  });
});
