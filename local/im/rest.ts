import type { Faults } from '../faults.ts';
import { json, type LocalReply, type LocalRequest } from '../http.ts';
import { commands } from './commands/all.ts';
import type { ImContext } from './context.ts';
import { type Credentials, identify } from './credentials.ts';
import { ImRefusal } from './refusal.ts';
import { createSecondCounts } from './second-counts.ts';

export interface RestOptions {
  im: ImContext;
  credentials: Credentials;
  faults: Faults;
  sleep(ms: number): Promise<unknown>;
}

/** IM asks for a retry after this one: for an ordered fault whose code is no number. */
const internalError = 10002;

/**
 * The REST API, `POST /v4/<service>/<command>`. HTTP is 200 whatever happens; `ErrorCode` tells.
 * Source: https://cloud.tencent.com/document/product/269/1519
 */
export const createRest = ({ im, credentials, faults, sleep }: RestOptions) => {
  const calls = createSecondCounts(im.clock);

  const requireCommand = (path: string) => {
    const name = path.replace(/^\/v4\//, '');
    const command = commands.get(name);
    if (!command) throw new ImRefusal(60009, 'no such command');
    const limit = Math.min(im.limits.restPerSecond, command.perSecond ?? im.limits.restPerSecond);
    if (calls.of(name) >= limit) throw new ImRefusal(60007, 'too many calls of this command');
    calls.add(name);
    return { name, command };
  };

  const answer = async (request: LocalRequest): Promise<LocalReply> => {
    assertForm(request);
    const account = identify(request.query, credentials);
    if (account !== im.adminUserId) throw new ImRefusal(60010, 'only the administrator of the app may call');
    const { name, command } = requireCommand(request.path);
    const input = parseJson(request.body);
    const fault = faults.take(name.split('/')[1] ?? name) ?? faults.take(name);
    if (fault?.errorCode !== undefined)
      throw new ImRefusal(Number(fault.errorCode) || internalError, 'a fault that was ordered');

    // The reply is held back or lost whatever it says, so a refusal is one, too.
    const reply = await command.run(im, input, { account, platform: 'RESTAPI' }).then(succeed, refuse);
    if (fault?.delayMs !== undefined) await sleep(fault.delayMs);
    return fault?.dropReply ? 'hang up' : reply;
  };

  return (request: LocalRequest): Promise<LocalReply> => answer(request).catch(refuse);
};

const succeed = (fields: object) => json({ ActionStatus: 'OK', ErrorInfo: '', ErrorCode: 0, ...fields });

const refuse = (error: unknown) => {
  if (!(error instanceof ImRefusal)) throw error;
  return json({ ActionStatus: 'FAIL', ErrorInfo: error.message, ErrorCode: error.code });
};

const assertForm = ({ method, query }: LocalRequest) => {
  if (method !== 'POST') throw new ImRefusal(60002, 'only POST');
  if (query.get('contenttype') !== 'json') throw new ImRefusal(60002, 'contenttype must be json');
  const random = query.get('random') ?? '';
  if (!/^\d{1,10}$/.test(random) || Number(random) > 0xffff_ffff)
    throw new ImRefusal(60002, 'random must be a 32-bit number');
};

const parseJson = (body: Buffer): unknown => {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // The same refusal as for JSON of another shape.
  }
  throw new ImRefusal(60003, 'the body is not a JSON object');
};
