import createClient, { type Client } from 'openapi-fetch';
import type { components, operations, paths } from './openapi.d.ts';

/** The functions that apps call, by name. */
export type FunctionName = Exclude<keyof operations, 'im-callback' | 'trtc-callback'>;

/** What a function takes: `Input<'join-class'>`. */
export type Input<Name extends FunctionName> = NonNullable<
  operations[Name]['requestBody']
>['content']['application/json'];

/** What a function answers when all is well: `Reply<'join-class'>`. */
export type Reply<Name extends FunctionName> = operations[Name]['responses'][200]['content']['application/json'];

type Schemas = components['schemas'];

/** A class as its members see it. */
export type ClassView = Schemas['Class'];

/** What a function answers when something is wrong. */
export type Problem = Extract<Schemas[keyof Schemas], { code: string }>;

/** `NETWORK`: no reply came. `UNKNOWN`: one came, but not from the function. */
export type ErrorCode = Problem['code'] | 'NETWORK' | 'UNKNOWN';

interface Failure extends Partial<Pick<Problem, 'requestId' | 'errors'>> {
  code: ErrorCode;
  detail: string;
  status?: number;
  retryAfterSeconds?: number | undefined;
  cause?: unknown;
}

/** A call that failed. Switch on its `code`; `message` is for people. */
export class ClassroomError extends Error {
  override readonly name = 'ClassroomError';
  readonly code: ErrorCode;
  /** What is wrong, in the words of the service. */
  readonly detail: string;
  /** Of HTTP; 0 when no reply came. */
  readonly status: number;
  /** Which fields of the input were wrong. */
  readonly errors: readonly Schemas['FieldError'][];
  /** Finds the call in the log of the service. */
  readonly requestId: string | undefined;
  /** After which to try again, where the service knows. */
  readonly retryAfterSeconds: number | undefined;

  constructor({ code, detail, status = 0, errors = [], requestId, retryAfterSeconds, cause }: Failure) {
    super(detail, { cause });
    this.code = code;
    this.detail = detail;
    this.status = status;
    this.errors = errors;
    this.requestId = requestId;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

type Provide<T> = () => T | Promise<T>;

export interface ClassroomOptions {
  /** Where the functions are, without a slash at the end. */
  baseUrl: string;
  /** The JWT of whoever is signed in, without `Bearer`. Asked for at every call. */
  token: Provide<string>;
  /** A fresh one, after a 401: then the call is repeated once. */
  renewToken?: Provide<string>;
  fetch?: typeof globalThis.fetch;
}

export interface CallOptions {
  /** Makes `create-class` safe to repeat. */
  idempotencyKey?: string;
  signal?: AbortSignal;
}

/** The functions of one service, called as one user. */
export interface ClassroomClient {
  /** Calls a function. Throws a `ClassroomError`; what `token`, `renewToken` and `signal` throw comes through. */
  call<Name extends FunctionName>(name: Name, input: Input<Name>, options?: CallOptions): Promise<Reply<Name>>;
  /** The same by openapi-fetch: `api.POST('/join-class', { body })` → `{ data, error, response }`. */
  api: Client<paths>;
}

/** Makes the client of a classroom's functions, for browsers and Node.js. */
export const createClassroomClient = ({
  baseUrl,
  token,
  renewToken,
  ...options
}: ClassroomOptions): ClassroomClient => {
  const send = async (unsigned: Request, bearer: string): Promise<Response> => {
    const request = unsigned.clone();
    request.headers.set('authorization', `Bearer ${bearer}`);
    try {
      const reply = await (options.fetch ?? globalThis.fetch)(request);
      // Read here: a connection may break in the middle of a reply, too.
      return new Response(await reply.text(), reply);
    } catch (cause) {
      // What fetch throws when the network fails; an abort is something else.
      if (!(cause instanceof TypeError)) throw cause;
      throw new ClassroomError({ code: 'NETWORK', detail: 'The service cannot be reached.', cause });
    }
  };

  let renewal: Promise<string> | undefined;
  /** Calls that fail together ask for one token together. */
  const renewOnce = (renew: Provide<string>): Promise<string> => {
    renewal ??= Promise.resolve(renew()).finally(() => {
      renewal = undefined;
    });
    return renewal;
  };

  const api = createClient<paths>({
    baseUrl,
    async fetch(request) {
      const refused = await token();
      const reply = await send(request, refused);
      if (reply.status !== 401 || !renewToken) return reply;
      const current = await token();
      // Another call may have renewed it meanwhile.
      return send(request, current === refused ? await renewOnce(renewToken) : current);
    },
  });
  const post = api.POST as unknown as (
    path: string,
    init: object,
  ) => Promise<{ data?: unknown; response: Response; error?: unknown }>;

  return {
    api,
    async call<Name extends FunctionName>(name: Name, body: Input<Name>, { idempotencyKey, signal }: CallOptions = {}) {
      const headers = idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey };
      const { data, error, response } = await post(`/${name}`, { body, headers, signal }).catch(unreadable);
      if (!response.ok) throw toError(error, response);
      return data as Reply<Name>;
    },
  };
};

const toError = (body: unknown, { status, headers }: Response): ClassroomError => {
  const retryAfterSeconds = Number(headers.get('retry-after')) || undefined;
  return isProblem(body)
    ? new ClassroomError({ ...body, retryAfterSeconds })
    : new ClassroomError({ code: 'UNKNOWN', detail: `The reply is HTTP ${status}.`, status, retryAfterSeconds });
};

/** A reply that should be JSON and is not. */
const unreadable = (cause: unknown): never => {
  if (!(cause instanceof SyntaxError)) throw cause;
  throw new ClassroomError({ code: 'UNKNOWN', detail: 'The reply is not JSON.', status: 200, cause });
};

const isProblem = (body: unknown): body is Problem => typeof body === 'object' && body !== null && 'code' in body;
