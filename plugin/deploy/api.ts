import { Agent } from 'node:http';
import { connect } from 'node:net';
import type { AbstractClient } from 'tencentcloud-sdk-nodejs/tencentcloud/common/abstract_client.js';
import type { ClientConfig } from 'tencentcloud-sdk-nodejs/tencentcloud/common/interface.js';
import type { Client as ScfClient } from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_client.js';
import type { CloudCredentials } from '../../lib/config.ts';
import { secretVariables } from '../secret-variables.ts';

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
  /** How long a reply may take. */
  timeoutSeconds?: number | undefined;
  /** How often a call is tried at most. */
  attempts?: number | undefined;
  sleep: (ms: number) => Promise<unknown>;
  /** As `Math.random`: calls that were refused together do not come back together. */
  random?: (() => number) | undefined;
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

const usualAttempts = 5;
const usualTimeoutSeconds = 60;
const firstPauseMs = 500;

/** What sends code, or waits for what a function answers: for that SCF takes 300 s itself. Source: https://cloud.tencent.com/document/api/583/17243 */
const slowActions: ReadonlySet<string> = new Set(['CreateFunction', 'UpdateFunctionCode', 'Invoke', 'InvokeFunction']);
const slowTimeoutSeconds = 310;

/**
 * One of Tencent Cloud's APIs through its client in the official SDK. Tried again are calls over the rate limit, which
 * were not carried out, and reads that got no reply. Whether a write without a reply was carried out is for the caller to
 * look up. Source: https://cloud.tencent.com/document/api/583/17237
 */
export const createApi = <Client extends AbstractClient>(
  ClientOf: new (config: ClientConfig) => Client,
  {
    credentials: { secretId, secretKey, sessionToken: token },
    region,
    endpoint,
    timeoutSeconds = usualTimeoutSeconds,
    attempts = usualAttempts,
    sleep,
    random = Math.random,
  }: ApiOptions,
): Api<Client> => {
  const credential = { secretId, secretKey, ...(token !== undefined && { token }) };
  const clientWith = (reqTimeout: number): Client => {
    const client = new ClientOf({ credential, region, profile: { httpProfile: { reqTimeout } } });
    return endpoint === undefined ? client : redirect(client, endpoint);
  };
  const client = clientWith(timeoutSeconds);
  const patientClient = clientWith(Math.max(timeoutSeconds, slowTimeoutSeconds));

  return async (action, request) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await (slowActions.has(action) ? patientClient : client).request(action, request);
      } catch (error) {
        const failure = explain(error, action, request);
        if (attempt === attempts || !mayRepeat(failure, action)) throw failure;
      }
      await sleep((firstPauseMs * 2 ** (attempt - 1) * (1 + random())) / 2);
    }
  };
};

const mayRepeat = ({ code }: ApiError, action: string): boolean =>
  code === undefined || code.startsWith('InternalError')
    ? /^(Get|List|Search)/.test(action)
    : code.startsWith('RequestLimitExceeded');

/** The last are those of a status that forbids it. Source: the error codes of https://cloud.tencent.com/document/api/583/17244 */
const passing =
  /^(InternalError|ResourceInUse)|^FailedOperation\.(\w+InProgress|OperationConflict|\w+Status(Error|NotActive)|UpdateFunctionCode|UpdateFunctionConfiguration|PublishVersion|CreateTrigger|(Create|Update)Alias|DeleteFunction)$/;

/** A write that may have been carried out, or that found something else than was there a moment ago. */
export const isWorthAnotherLook = (error: unknown): boolean =>
  error instanceof ApiError && (error.code === undefined || passing.test(error.code));

export const isNotFound = (error: unknown): boolean =>
  error instanceof ApiError && Boolean(error.code?.startsWith('ResourceNotFound'));

/** A connection that breaks has a code as well: the cloud's are those that come with a RequestId. */
const explain = (error: unknown, action: string, request: object): ApiError => {
  const { code, message, requestId } = error as { code?: string; message: string; requestId?: string };
  const target = 'FunctionName' in request ? request.FunctionName : 'Domain' in request ? request.Domain : undefined;
  const call = [action, target].filter(Boolean).join(' ');
  const said = withoutSecrets(message, request).replace(/\s+/g, ' ').trim();
  return requestId
    ? new ApiError(`${call}: ${code}: ${said} (RequestId ${requestId})`, code)
    : new ApiError(`${call}: no reply from Tencent Cloud: ${said}`, undefined);
};

/** The cloud may quote what it did not like, as it is or as JSON. */
const withoutSecrets = (message: string, request: object): string => {
  const { Environment: sent } = request as { Environment?: { Variables?: { Key?: string; Value?: string }[] } };
  return (sent?.Variables ?? [])
    .filter(({ Key }) => secretVariables.some((name) => name === Key))
    .flatMap(({ Value = '' }) => [Value, JSON.stringify(Value).slice(1, -1)])
    .filter(Boolean)
    .sort((a, b) => b.length - a.length)
    .reduce((text, value) => text.replaceAll(value, '«…»'), message);
};

/**
 * A stand-in gets what Tencent Cloud would get, its host and so the signature included: only the connection leads elsewhere.
 * Of another endpoint of Tencent's each API has its own host. Throws an `Error` for one that secrets must not be sent to.
 */
const redirect = <Client extends AbstractClient>(client: Client, endpoint: string): Client => {
  if (!URL.canParse(endpoint)) throw new Error('--endpoint must be an origin such as http://127.0.0.1:8788.');
  const { protocol, hostname, port, host } = new URL(endpoint);
  if (protocol === 'https:') {
    const [service = ''] = client.endpoint.split('.');
    client.endpoint = [service, ...host.split('.').slice(1)].join('.');
    return client;
  }
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(hostname))
    throw new Error('--endpoint must be https, or on this machine: secrets are sent there.');
  const address = { host: hostname.replace(/[[\]]/g, ''), port: Number(port || 80) };
  const agent = Object.assign(new Agent(), { createConnection: () => connect(address) });
  Object.assign(client.profile.httpProfile ?? {}, { protocol: 'http://', agent });
  return client;
};
