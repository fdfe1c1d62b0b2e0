import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Faults } from '../faults.ts';
import { json, type LocalReply, type LocalRequest } from '../http.ts';
import { type Caller, type TencentAction, TencentApiError } from './action.ts';
import { isAllowed, parsePolicy } from './policy.ts';
import { type FindSecretKey, verifyTc3 } from './tc3.ts';
import type { TemporaryKeys } from './temporary-keys.ts';

export interface TencentApiOptions {
  /** Unix milliseconds. */
  clock: () => number;
  faults: Faults;
  permanentKey: () => { secretId: string; secretKey: string };
  temporaryKeys: TemporaryKeys;
  /** By `X-TC-Action`. */
  services: Readonly<Record<string, TencentAction>>;
}

/**
 * Tencent Cloud's API 3.0 on one port, told apart by `X-TC-Action`: status 200 always, the outcome within `Response`.
 * Source: https://cloud.tencent.com/document/api/1312/48201
 */
export const createTencentApi = ({ clock, faults, permanentKey, temporaryKeys, services }: TencentApiOptions) => {
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
    return verdict;
  };

  /** Keys with a policy can do no more than it says. STS looks at it itself: what it gives out are resources. */
  const assertMay = (name: string, { service }: TencentAction, { token }: Caller) => {
    const text = token === undefined ? undefined : temporaryKeys.open(token)?.policy;
    if (text === undefined || service === 'sts') return;
    const policy = parsePolicy(text);
    if (!policy || !isAllowed(policy, `name/${service}:${name}`, `qcs::${service}:::*`))
      throw new TencentApiError('UnauthorizedOperation', `The policy of these keys does not allow ${service}:${name}.`);
  };

  const run = async (request: LocalRequest, requestId: string): Promise<LocalReply> => {
    if (request.method !== 'POST') throw new TencentApiError('UnsupportedProtocol', 'Only POST is served here.');
    const { name, action } = findAction(request);
    const caller = authenticate(request, action);
    assertMay(name, action, caller);
    const fault = faults.take(name);
    if (fault?.errorCode !== undefined) throw new TencentApiError(String(fault.errorCode), 'Ordered by a fault.');
    const response = await action.run(parseJson(request.body), caller);
    // It is done by now: what is held back or lost is the reply.
    if (fault?.delayMs) await sleep(fault.delayMs);
    return fault?.dropReply ? 'hang up' : json({ Response: { ...response, RequestId: requestId } });
  };

  return {
    async handle(request: LocalRequest): Promise<LocalReply> {
      const requestId = randomUUID();
      try {
        return await run(request, requestId);
      } catch (error) {
        if (!(error instanceof TencentApiError)) throw error;
        return json({ Response: { Error: { Code: error.code, Message: error.message }, RequestId: requestId } });
      }
    },
  };
};

const parseJson = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new TencentApiError('InvalidParameter', 'The body is not JSON.');
  }
};
