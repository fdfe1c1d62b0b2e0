import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type LocalReply, type LocalRequest, serve } from '../../local/http.ts';
import { complaintsOf } from '../../plugin/check-secrets/complaints.ts';
import { secretVariables } from '../../plugin/secret-variables.ts';
import { extend, startTestCloud } from '../support/local-cloud.ts';
import { assertDescribed, type DescribedReply } from '../support/openapi.ts';
import { serverless } from '../support/run.ts';
import { copyService } from '../support/service.ts';
import { assertWholeClass, readWalk, takeWalk } from '../support/walk.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const domain = 'class.example.com';
const atDomain = (cloud: string) => `${cloud}/scf/domain/${domain}`;

// It runs no functions of its own: whatever answers was deployed.
const cloud = await startTestCloud({
  stays: true,
  functions: [],
  scfSettings: { settleMs: 5 },
  callbackOrigin: atDomain,
});

const replies: [name: string, reply: DescribedReply][] = [];

/** What the domain's name would lead to, and beside it the gateway's tokens. */
const forward = async ({ method, path, query, headers, body }: LocalRequest): Promise<LocalReply> => {
  const isToken = path === '/local/token';
  const { authorization = '', 'content-type': type = '' } = headers;
  const response = await fetch(`${isToken ? cloud.gateway : atDomain(cloud.cloud)}${path}?${query}`, {
    method,
    headers: { ...(authorization && { authorization }), ...(type && { 'content-type': type }) },
    body: new Uint8Array(body),
  });
  const { status, headers: replied } = response;
  const text = await response.text();
  if (!isToken) replies.push([path.slice(1), { status, headers: replied, body: JSON.parse(text) }]);
  return { status, headers: { 'content-type': replied.get('content-type') ?? '' }, body: text };
};

const front = await serve(0, forward);
const deployed = extend({ ...cloud, gateway: front.origin }, cloud.dataDir, []);
const sql = postgres(cloud.env.DATABASE_URL ?? '', { max: 1 });
afterAll(async () => {
  await sql.end();
  await front.close();
});

const cwd = copyService();
const command = (...args: string[]) =>
  serverless([...args, '--stage', 'test', '--endpoint', cloud.cloud], {
    cwd,
    env: { LOCAL_DATA_DIR: cloud.dataDir, DEPLOY_ROLE: 'classroom', DEPLOY_DOMAIN: domain, NOTICE_LANGUAGE: 'en' },
    endAfterMs: 100_000,
  });

beforeAll(async () => {
  expect(await command('deploy')).toMatchObject({
    exitCode: 0,
    stdout: `Deployed: 26 of 26 changed, and the domain ${domain}.\n`,
  });
});

describe('what was deployed', () => {
  it('holds a whole class, with its callbacks, and answers as openapi.json says', async () => {
    // IM waits 2 s for an answer, and an instance takes its time to start.
    for (const name of ['im-callback', 'trtc-callback']) expect((await deployed.post(name, {})).status).toBe(401);

    assertWholeClass(await takeWalk(readWalk(front.origin), { cloud, cwd }));

    for (const [name, reply] of replies) assertDescribed(name, reply);
  });

  it('holds no secret, neither as it was uploaded nor as it was packaged', async () => {
    const secrets = secretVariables.flatMap((name) => {
      const value = cloud.env[name];
      return value ? [{ name, value }] : [];
    });
    const places = [join(cloud.dataDir, 'scf', 'code'), join(cwd, '.serverless')];
    expect(secrets.map(({ name }) => name)).toContain('IM_SECRET_KEY');
    expect(await complaintsOf({ places, secrets })).toEqual([]);
  });

  it('is reached by function URLs, too, and sweeps up what nobody has ended', async () => {
    const { stdout } = await command('info');
    const url = /^classroom-test-get-class .* (http:\S+)$/m.exec(stdout)?.[1];
    const classId = 'forgotten';
    const teacher = await deployed.clientOf('t2', 'teacher');
    await teacher.call('create-class', { classId, name: 'Maths' });
    await sql`update classes set created_at = created_at - 2 * 86400 where class_id = ${classId}`;

    expect((await command('invoke', '--function', 'sweep')).exitCode).toBe(0);

    const headers = { authorization: await cloud.signIn('t2', 'teacher') };
    const found = async () =>
      (await fetch(`${url}/get-class`, { method: 'POST', headers, body: JSON.stringify({ classId }) })).json();
    // The timer may have been a little earlier, and be at it still.
    await expect.poll(found, { timeout: 10_000 }).toMatchObject({ classId, status: 'ended' });
  });
});
