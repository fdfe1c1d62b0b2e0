import { describe, expect, it } from 'vitest';
import { statusOfCode } from '../../lib/errors.ts';
import { type Reply, startTestCloud } from '../support/local-cloud.ts';
import { assertDescribed } from '../support/openapi.ts';

const cloud = await startTestCloud();
const [student, teacher, admin] = await Promise.all(
  ['student', 'teacher', 'admin'].map((role) => cloud.signIn(role, role)),
);

const counted = 1000;
await cloud.orderFault({ command: 'create_group', times: counted });

interface Endpoint {
  name: string;
  /** Somebody who may call, and somebody who may not. */
  allowed: string | undefined;
  forbidden?: string | undefined;
  /** With a field of the wrong type, and where it is. */
  wrong: [body: object, path: string];
  maxBodyBytes?: number;
}

const endpoints: Endpoint[] = [
  { name: 'issue-sig', allowed: student, wrong: [{ ttlSeconds: '60' }, '/ttlSeconds'] },
  { name: 'verify-sig', allowed: admin, forbidden: teacher, wrong: [{ userSig: 1 }, '/userSig'] },
  { name: 'create-class', allowed: teacher, forbidden: student, wrong: [{ name: ['x'] }, '/name'] },
  { name: 'get-class', allowed: student, wrong: [{ classId: 'no such id!' }, '/classId'] },
  { name: 'vend-cos-credentials', allowed: teacher, wrong: [{ classId: 'c', purpose: 'all' }, '/purpose'] },
  {
    name: 'edit-dirty-words',
    allowed: admin,
    forbidden: teacher,
    wrong: [{ add: [{ word: 'x' }, { word: '' }] }, '/add/1/word'],
    maxBodyBytes: 5 * 1024 * 1024,
  },
  { name: 'list-dirty-words', allowed: admin, forbidden: student, wrong: [{ limit: 201 }, '/limit'] },
];

/** Expects the problem reply of a code, as RFC 9457 and the contract have it. */
const expectProblem = ({ status, headers, body }: Reply, code: keyof typeof statusOfCode): void => {
  expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect([status, body]).toEqual([
    statusOfCode[code],
    {
      type: 'about:blank',
      title: expect.any(String),
      status: statusOfCode[code],
      detail: expect.any(String),
      code,
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      ...(body.errors && { errors: body.errors }),
    },
  ]);
};

const request = async (name: string, init: RequestInit): Promise<Reply> => {
  const response = await fetch(`${cloud.gateway}/${name}`, init);
  const text = await response.text();
  const reply = { status: response.status, headers: response.headers, text, body: text && JSON.parse(text) };
  assertDescribed(name, reply);
  return reply;
};

describe.each(endpoints)('$name', ({ name, allowed, wrong, maxBodyBytes = 32 * 1024 }) => {
  it('answers 405 with the method that it takes to any other', async () => {
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const reply = await request(name, { method });
      expectProblem(reply, 'METHOD_NOT_ALLOWED');
      expect(reply.headers.get('allow')).toBe('POST, OPTIONS');
    }
  });

  it('answers 401 without a token, or with one that is not ours', async () => {
    const [header = '', payload, signature] = (allowed ?? '').split('.');
    const flipped = `${header}.${payload}.${signature?.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))}`;
    const unsigned = `Bearer ${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
    for (const authorization of [
      undefined,
      'Bearer',
      'Bearer x.y.z',
      allowed?.replace('Bearer', 'Basic'),
      flipped,
      unsigned,
    ])
      expectProblem(await cloud.post(name, {}, authorization), 'UNAUTHENTICATED');
  });

  it('answers 400 to what is not JSON', async () => {
    for (const body of ['{', 'null', '[]', '"text"', '{"a":1}}', new Uint8Array([0x7b, 0xff, 0xfe, 0x7d])])
      expectProblem(await cloud.post(name, body, allowed), 'BAD_REQUEST');
  });

  it('answers 400 to a field that it does not know, and names it', async () => {
    const reply = await cloud.post(name, { ...wrong[0], surprise: 1 }, allowed);
    expectProblem(reply, 'BAD_REQUEST');
    expect(JSON.stringify(reply.body.errors)).toContain('surprise');
  });

  it('answers 400 to a field of the wrong kind, and points to it', async () => {
    const reply = await cloud.post(name, wrong[0], allowed);
    expectProblem(reply, 'BAD_REQUEST');
    expect(reply.body.errors).toContainEqual({ path: wrong[1], message: expect.any(String) });
  });

  it('answers 413 to a body that is one byte too large, and reads one that is not', async () => {
    expectProblem(await cloud.post(name, ' '.repeat(maxBodyBytes + 1), allowed), 'PAYLOAD_TOO_LARGE');
    expectProblem(await cloud.post(name, ' '.repeat(maxBodyBytes), allowed), 'BAD_REQUEST');
  });
});

describe('a function for some roles only', () => {
  it.each(endpoints.filter(({ forbidden }) => forbidden))(
    '$name answers 403 to another role, before it looks at the body',
    async ({ name, forbidden }) => {
      expectProblem(await cloud.post(name, 'no JSON', forbidden), 'FORBIDDEN');
    },
  );
});

describe('im-callback', () => {
  it('answers every refusal with an empty object', async () => {
    const answers = [
      await request('im-callback', { method: 'GET' }),
      await cloud.post('im-callback', {}),
      await cloud.post('im-callback?Sign=0&RequestTime=1', {}),
      await cloud.post('im-callback', ' '.repeat(256 * 1024 + 1)),
    ];
    expect(answers.map(({ status, text }) => [status, text])).toEqual([
      [405, '{}'],
      [401, '{}'],
      [401, '{}'],
      [413, '{}'],
    ]);
  });
});

describe('the gateway', () => {
  it('routes no timer and no stranger', async () => {
    for (const name of ['sweep', 'nothing', 'issue-sig/x', '__proto__'])
      expect((await cloud.post(name, {}, admin)).status).toBe(404);
  });

  it('hands on a token of a reserved id, which the functions refuse', async () => {
    for (const userId of ['administrator', 'Administrator', 'tic_record_user_1_2'])
      expectProblem(await cloud.post('issue-sig', {}, await cloud.signIn(userId, 'admin')), 'FORBIDDEN');
  });
});

describe('a function', () => {
  it('takes the header in any case, and a body in base64', async () => {
    const event = {
      httpMethod: 'post',
      headers: { AUTHORIZATION: student, 'Content-Type': 'text/plain' },
      body: Buffer.from('{"ttlSeconds":60}').toString('base64'),
      isBase64Encoded: true,
    };
    expect(await cloud.invoke('issue-sig', event)).toMatchObject({ statusCode: 200 });
  });

  it('answers 400 to an event that is none', async () => {
    for (const event of [null, 'text', 7, [], {}, { httpMethod: 3 }])
      expect(await cloud.invoke('issue-sig', event)).toMatchObject({ statusCode: 400 });
  });
});

describe('nothing of this', () => {
  it('was a failure of ours, left a stack in a reply, or made anything', async () => {
    const log = cloud.log();
    expect(log.length).toBeGreaterThan(100);
    expect(log.filter(({ level }) => level !== 'info')).toEqual([]);
    const { body } = await cloud.post('list-dirty-words', {}, admin);
    expect(body.words).toEqual([]);
    expect(await cloud.callsOf('create_group', counted)).toBe(0);
  });
});
