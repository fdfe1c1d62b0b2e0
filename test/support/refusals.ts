import { describe, expect, it } from 'vitest';
import type { HttpHandler } from '../../lib/scf/http-endpoint.ts';
import type { TestClock } from './clock.ts';
import { call, eventOf, tokenOf } from './http.ts';

export interface Refusing {
  clock: TestClock;
  /** A handler of its own for each test, and all that it logs. */
  setUp(): { handler: HttpHandler; logText(): string };
  /** A body that is taken from a caller of this role. */
  input: object;
  as: { userId: string; role: string };
  /** Roles that may not call at all. */
  otherRoles: readonly string[];
  /** Bodies that are refused, with the pointers of their errors. */
  badInputs: readonly (readonly [what: string, body: unknown, ...paths: string[]])[];
  maxBodyBytes?: number;
}

/** What every HTTP function refuses, always with a problem that holds neither stack nor token. */
export const describeRefusals = (
  name: string,
  { clock, setUp, input, as, otherRoles, badInputs, maxBodyBytes = 32 * 1024 }: Refusing,
): void => {
  const good = () => tokenOf(clock, as.userId, as.role);

  const refusal = async (event: object, status: number, code: string) => {
    const { handler, logText } = setUp();
    const reply = await call(handler, event);
    expect(reply.body).toMatchObject({ status, code, type: 'about:blank', requestId: 'r1' });
    expect(reply.status).toBe(status);
    expect(reply.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    const told = `${JSON.stringify(reply)} ${logText()}`;
    expect(told).not.toMatch(/eyJ[\w-]+\.eyJ/);
    expect(JSON.stringify(reply)).not.toMatch(/node_modules|\.ts:\d+/);
    return reply;
  };

  describe(`${name} refuses`, () => {
    it('a caller without a token, or with another app’s', async () => {
      const token = await good();
      await refusal(eventOf(input), 401, 'UNAUTHENTICATED');
      await refusal(eventOf(input, `${token.slice(0, -3)}AAA`), 401, 'UNAUTHENTICATED');
    });

    it('a token that has run out', async () => {
      const token = await good();
      clock.advance(3600 + 31);
      await refusal(eventOf(input, token), 401, 'UNAUTHENTICATED');
      clock.advance(-3600 - 31);
    });

    it.each([...otherRoles, 'superuser'])('the role %s', async (role) => {
      await refusal(eventOf(input, await tokenOf(clock, as.userId, role)), 403, 'FORBIDDEN');
    });

    it.each(['administrator', 'Administrator', 'TIC_record_user_1_2'])('the reserved id %s', async (userId) => {
      await refusal(eventOf(input, await tokenOf(clock, userId, as.role)), 403, 'FORBIDDEN');
    });

    it('any method but POST and OPTIONS', async () => {
      const reply = await refusal({ ...eventOf(input, await good()), httpMethod: 'GET' }, 405, 'METHOD_NOT_ALLOWED');
      expect(reply.headers.allow).toBe('POST, OPTIONS');
    });

    it('a body that is no JSON', async () => {
      await refusal(eventOf('{"', await good()), 400, 'BAD_REQUEST');
    });

    it('an unknown field', async () => {
      const reply = await refusal(eventOf({ ...input, more: 1 }, await good()), 400, 'BAD_REQUEST');
      expect(reply.body.errors).toEqual([{ path: '/more', message: 'is not a known field' }]);
    });

    it('a body over its limit', async () => {
      const padded = JSON.stringify(input).padEnd(maxBodyBytes + 1);
      await refusal(eventOf(padded, await good()), 413, 'PAYLOAD_TOO_LARGE');
    });

    it.each(badInputs)('%s', async (_what, body, ...paths) => {
      const reply = await refusal(eventOf(body, await good()), 400, 'BAD_REQUEST');
      expect(reply.body.errors.map(({ path }: { path: string }) => path)).toEqual(paths);
    });
  });

  it(`${name} takes a body of just its limit, in base64, under any spelling of the headers`, async () => {
    const event = {
      ...eventOf({}),
      headers: { AUTHORIZATION: `Bearer ${await good()}`, 'Content-Type': 'application/json' },
      body: Buffer.from(JSON.stringify(input).padEnd(maxBodyBytes)).toString('base64'),
      isBase64Encoded: true,
    };
    expect(await call(setUp().handler, event)).toMatchObject({ status: 200 });
  });
};
