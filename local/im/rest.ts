import type { Faults } from '../faults.ts';
import type { Reporter } from '../feed.ts';
import type { OrderedFault } from '../feed-event.ts';
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
  feed: Reporter;
  sleep(ms: number): Promise<unknown>;
}

/** IM asks for a retry after this one: for an ordered fault whose code is no number. */
const internalError = 10002;

/**
 * The REST API, `POST /v4/<service>/<command>`. HTTP is 200 whatever happens; `ErrorCode` tells.
 * Source: https://cloud.tencent.com/document/product/269/1519
 */
export const createRest = ({ im, credentials, faults, feed, sleep }: RestOptions) => {
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

  const read = (request: LocalRequest) => {
    assertForm(request);
    const { account } = identify(request.query, credentials);
    if (account !== im.adminUserId) throw new ImRefusal(60010, 'only the administrator of the app may call');
    return { account, ...requireCommand(request.path), input: parseJson(request.body) };
  };

  const answer = async (request: LocalRequest): Promise<Answer> => {
    const { account, name, command, input } = read(request);
    const fault = faults.take(lastWord(name)) ?? faults.take(name);
    const run = async () => {
      if (fault?.errorCode === undefined) return command.run(im, input, { account, platform: 'RESTAPI' });
      throw new ImRefusal(Number(fault.errorCode) || internalError, 'a fault that was ordered');
    };
    // The reply is held back or lost whatever it says, so a refusal is one, too.
    const reply = await run().then(succeed, refuse);
    if (fault?.delayMs !== undefined) await sleep(fault.delayMs);
    return { input, fault, reply };
  };

  return async (request: LocalRequest): Promise<LocalReply> => {
    const tell = feed.begin();
    const { input, fault, reply } = await answer(request).catch((error): Answer => ({ reply: refuse(error) }));
    const isLost = fault?.dropReply === true;
    const isOk = reply.ErrorCode === 0;
    tell({
      kind: 'upstream',
      service: 'IM',
      command: lastWord(request.path),
      request: input,
      reply,
      outcome: isLost ? 'reply lost' : isOk ? 'ok' : 'refused',
      ...(!isOk && { code: reply.ErrorCode, message: reply.ErrorInfo }),
      ...(fault && { fault }),
    });
    return isLost ? 'hang up' : json(reply);
  };
};

interface Answer {
  input?: unknown;
  fault?: OrderedFault | undefined;
  reply: { ActionStatus: 'OK' | 'FAIL'; ErrorInfo: string; ErrorCode: number };
}

const succeed = (fields: object): Answer['reply'] => ({ ActionStatus: 'OK', ErrorInfo: '', ErrorCode: 0, ...fields });

const refuse = (error: unknown): Answer['reply'] => {
  if (!(error instanceof ImRefusal)) throw error;
  return { ActionStatus: 'FAIL', ErrorInfo: error.message, ErrorCode: error.code };
};

/** A command is known by the last word of its path. */
const lastWord = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

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
