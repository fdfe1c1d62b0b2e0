import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Faults } from '../faults.ts';
import { type Reporter, unheard } from '../feed.ts';
import type { OrderedFault, Service } from '../feed-event.ts';
import { json, type LocalReply, type LocalRequest } from '../http.ts';
import { type Caller, type TencentAction, TencentApiError } from './action.ts';
import { isAllowed, parsePolicy } from './policy.ts';
import { type FindSecretKey, verifyTc3 } from './tc3.ts';
import type { TemporaryKeys } from './temporary-keys.ts';

export interface TencentApiOptions {
  /** Unix milliseconds. */
  clock: () => number;
  faults: Faults;
  feed?: Reporter;
  permanentKey: () => { secretId: string; secretKey: string };
  temporaryKeys: TemporaryKeys;
  /** By `X-TC-Action`. */
  services: Readonly<Record<string, TencentAction>>;
}

/**
 * Tencent Cloud's API 3.0 on one port, told apart by `X-TC-Action`: status 200 always, the outcome within `Response`.
 * Source: https://cloud.tencent.com/document/api/1312/48201
 */
export const createTencentApi = ({
  clock,
  faults,
  feed = unheard,
  permanentKey,
  temporaryKeys,
  services,
}: TencentApiOptions) => {
  const findSecretKey: FindSecretKey = (secretId, token) => {
    if (token === undefined) {
      const key = permanentKey();
      return key.secretId === secretId ? key.secretKey : undefined;
    }
    const keys = temporaryKeys.open(token);
    return keys?.tmpSecretId === secretId && keys.expiresAt * 1000 > clock() ? keys.tmpSecretKey : undefined;
  };

  const findAction = (request: LocalRequest) => {
    const name = String(request.headers['x-tc-action'] ?? '');
    const action = Object.hasOwn(services, name) ? services[name] : undefined;
    if (!action) throw new TencentApiError('InvalidAction', `The action ${name} does not exist here.`);
    if (request.headers['x-tc-version'] !== action.version)
      throw new TencentApiError('NoSuchVersion', `${name} is of version ${action.version}.`);
    return { name, action };
  };

  const authenticate = (request: LocalRequest, { service }: TencentAction): Caller => {
    const verdict = verifyTc3(request, findSecretKey, Math.floor(clock() / 1000), service);
    if (!verdict.ok) throw new TencentApiError(verdict.code, verdict.message);
    const region = request.headers['x-tc-region'];
    return { ...verdict, ...(region !== undefined && { region: String(region) }) };
  };

  /** Keys with a policy can do no more than it says. STS looks at it itself: what it gives out are resources. */
  const assertMay = (name: string, { service }: TencentAction, { token }: Caller) => {
    const text = token === undefined ? undefined : temporaryKeys.open(token)?.policy;
    if (text === undefined || service === 'sts') return;
    const policy = parsePolicy(text);
    if (!policy || !isAllowed(policy, `name/${service}:${name}`, `qcs::${service}:::*`))
      throw new TencentApiError('UnauthorizedOperation', `The policy of these keys does not allow ${service}:${name}.`);
  };

  const run = async (request: LocalRequest, { name, action }: ReturnType<typeof findAction>): Promise<Answer> => {
    if (request.body.length > maxRequestBytes)
      throw new TencentApiError('RequestSizeLimitExceeded', 'The request is larger than 10 MB.');
    const caller = authenticate(request, action);
    assertMay(name, action, caller);
    const input = parseJson(request.body);
    const fault = faults.take(name);
    const act = async (): Promise<Response> => {
      if (fault?.errorCode !== undefined) throw new TencentApiError(String(fault.errorCode), 'Ordered by a fault.');
      return action.run(input, caller);
    };
    // It is done or refused by now: what is held back or lost is the reply.
    const response = await act().catch(refuse);
    if (fault?.delayMs) await sleep(fault.delayMs);
    return { input, fault, response };
  };

  /** Runs the action that a request is for, and tells of it. */
  const answer = async (request: LocalRequest): Promise<Answer> => {
    const tell = feed.begin();
    if (request.method !== 'POST') throw new TencentApiError('UnsupportedProtocol', 'Only POST is served here.');
    const found = findAction(request);
    const answered = await run(request, found).catch((error): Answer => ({ response: refuse(error) }));
    const { input, fault, response } = answered;
    const { service, tellable } = found.action;
    tell({
      kind: 'upstream',
      service: serviceNames[service],
      command: found.name,
      request: tellable ? tellable(input) : input,
      ...(tellsReplies.has(service) && { reply: response }),
      outcome: fault?.dropReply ? 'reply lost' : response.Error ? 'refused' : 'ok',
      ...(response.Error && { code: response.Error.Code, message: response.Error.Message }),
      ...(fault && { fault }),
    });
    return answered;
  };

  return {
    async handle(request: LocalRequest): Promise<LocalReply> {
      const { fault, response } = await answer(request).catch((error): Answer => ({ response: refuse(error) }));
      return fault?.dropReply ? 'hang up' : json({ Response: { ...response, RequestId: randomUUID() } });
    },
  };
};

/** Of a request that is signed by TC3-HMAC-SHA256. Source: https://cloud.tencent.com/document/api/583/17238 */
const maxRequestBytes = 10 * 1024 * 1024;

const serviceNames = { sts: 'STS', trtc: 'TRTC', scf: 'SCF', cls: 'CLS' } as const satisfies Record<string, Service>;

/** The variables of a function, which SCF answers, are nobody's business. */
const tellsReplies: ReadonlySet<TencentAction['service']> = new Set(['sts', 'trtc']);

/** The fields of a `Response`. */
type Response = { Error?: { Code: string; Message: string } } & object;

interface Answer {
  input?: unknown;
  fault?: OrderedFault | undefined;
  response: Response;
}

const refuse = (error: unknown): Response => {
  if (error instanceof TencentApiError) return { Error: { Code: error.code, Message: error.message } };
  console.error(error);
  return { Error: { Code: 'InternalError', Message: 'The local cloud failed; its terminal says why.' } };
};

const parseJson = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new TencentApiError('InvalidParameter', 'The body is not JSON.');
  }
};
