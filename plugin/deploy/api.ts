import { Agent } from 'node:http';
import { connect } from 'node:net';
import type { AbstractClient } from 'tencentcloud-sdk-nodejs/tencentcloud/common/abstract_client.js';
import type { ClientConfig } from 'tencentcloud-sdk-nodejs/tencentcloud/common/interface.js';
import type { Client as ScfClient } from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_client.js';
import type { CloudCredentials } from '../../lib/config.ts';

type Action<Client> = Extract<keyof Client, Capitalize<string>>;
type RequestOf<Method> = Method extends (request: infer Request, ...rest: never[]) => unknown
  ? NonNullable<Request>
  : never;
type ReplyOf<Method> = Method extends (...given: never[]) => Promise<infer Reply> ? Reply : never;

/** Calls one action of an API, with the types that the SDK has for it. Throws `ApiError`. */
export type Api<Client> = <A extends Action<Client>>(
  action: A,
  request: RequestOf<Client[A]>,
) => Promise<ReplyOf<Client[A]>>;

export type Scf = Api<ScfClient>;
export type ResponseOf<A extends Action<ScfClient>> = ReplyOf<ScfClient[A]>;

export interface ApiOptions {
  credentials: CloudCredentials;
  region: string;
  /** Origin of a stand-in on this machine, or of another endpoint of Tencent's. */
  endpoint?: string | undefined;
  sleep: (ms: number) => Promise<unknown>;
}

/** A call that was refused, or whose reply did not come: one line with the cloud's code and its RequestId. */
export class ApiError extends Error {
  override name = 'ApiError';
  /** `ResourceNotFound.Function` and the like; `undefined` when there was no reply. */
  readonly code: string | undefined;

  constructor(message: string, code: string | undefined, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

const maxAttempts = 5;
const firstPauseMs = 500;

/**
 * One of Tencent Cloud's APIs through its client in the official SDK. Tried again are calls over the rate limit, which
 * were not carried out, and reads that got no reply. Whether a write without a reply was carried out is for the caller to
 * look up. Source: https://cloud.tencent.com/document/api/583/17237
 */
export const createApi = <Client extends AbstractClient>(
  ClientOf: new (config: ClientConfig) => Client,
  { credentials, region, endpoint, sleep }: ApiOptions,
): Api<Client> => {
  const { secretId, secretKey, sessionToken: token } = credentials;
  const httpProfile = { reqTimeout: 60, ...(endpoint !== undefined && redirect(endpoint)) };
  const client = new ClientOf({
    credential: { secretId, secretKey, ...(token !== undefined && { token }) },
    region,
    profile: { httpProfile },
  });

  return async (action, request) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await client.request(action, request);
      } catch (error) {
        const failure = explain(error, action, request);
        if (attempt === maxAttempts || !mayRepeat(failure, action)) throw failure;
      }
      await sleep(firstPauseMs * 2 ** (attempt - 1));
    }
  };
};

const mayRepeat = ({ code }: ApiError, action: string): boolean =>
  code === undefined || code.startsWith('InternalError')
    ? /^(Get|List|Search)/.test(action)
    : code.startsWith('RequestLimitExceeded');

/** A write that may have been carried out, or that found something else than was there a moment ago. */
export const isWorthAnotherLook = (error: unknown): boolean =>
  error instanceof ApiError &&
  (error.code === undefined ||
    /^(InternalError|ResourceInUse)|^FailedOperation\..*Status(Error|NotActive)$/.test(error.code));

export const isNotFound = (error: unknown): boolean =>
  error instanceof ApiError && Boolean(error.code?.startsWith('ResourceNotFound'));

const explain = (error: unknown, action: string, request: object): ApiError => {
  const { code, message, requestId } = error as { code?: string; message: string; requestId?: string };
  const target = 'FunctionName' in request ? request.FunctionName : 'Domain' in request ? request.Domain : undefined;
  const call = [action, target].filter(Boolean).join(' ');
  const said = withoutValues(message, request);
  return code === undefined
    ? new ApiError(`${call}: no reply from Tencent Cloud: ${said}`, undefined)
    : new ApiError(`${call}: ${code}: ${said} (RequestId ${requestId})`, code);
};

/** The cloud may quote what it did not like. */
const withoutValues = (message: string, request: object): string => {
  const { Environment: sent } = request as { Environment?: { Variables?: { Value?: string }[] } };
  const values = (sent?.Variables ?? []).map(({ Value = '' }) => Value).filter((value) => value.length >= 4);
  return values.reduce((text, value) => text.replaceAll(value, '«…»'), message);
};

/**
 * A stand-in gets what Tencent Cloud would get, its host and so the signature included: only the connection leads elsewhere.
 * Throws an `Error` for an endpoint that secrets must not be sent to.
 */
const redirect = (endpoint: string): { protocol?: string; endpoint?: string; agent?: Agent } => {
  if (!URL.canParse(endpoint)) throw new Error('--endpoint must be an origin such as http://127.0.0.1:8788.');
  const { protocol, hostname, port, host } = new URL(endpoint);
  if (protocol === 'https:') return { endpoint: host };
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(hostname))
    throw new Error('--endpoint must be https, or on this machine: secrets are sent there.');
  const address = { host: hostname.replace(/[[\]]/g, ''), port: Number(port || 80) };
  const agent = Object.assign(new Agent(), { createConnection: () => connect(address) });
  return { protocol: 'http://', agent };
};
