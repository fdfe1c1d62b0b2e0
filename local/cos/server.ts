import { randomUUID } from 'node:crypto';
import type { Faults } from '../faults.ts';
import { type Reporter, unheard } from '../feed.ts';
import type { LocalReply, LocalRequest } from '../http.ts';
import { pause } from '../pause.ts';
import { type AuthorizerOptions, createAuthorizer } from './authorization.ts';
import { bucketOperations, corsRule } from './bucket-operations.ts';
import { CosError, isCosErrorCode } from './cos-error.ts';
import { multipartOperations } from './multipart-operations.ts';
import { objectOperations } from './object-operations.ts';
import type { Operation } from './operation.ts';
import { createStore } from './store.ts';
import { xml } from './xml.ts';

export interface CosOptions extends AuthorizerOptions {
  /** Where the objects live; it is made when it is missing. */
  directory: string;
  /** By the action, as a policy names it: `PutObject`. */
  faults?: Pick<Faults, 'take'>;
  feed?: Reporter;
  sleep?(ms: number): Promise<unknown>;
}

/**
 * The one bucket of COS, with its XML API: an object is `/<key>`, the signed host whatever the request names.
 * Source: https://cloud.tencent.com/document/product/436/10111
 */
export const createCos = ({ faults, feed = unheard, sleep = pause, ...options }: CosOptions) => {
  const { bucket, directory, clock } = options;
  const store = createStore(directory, clock);
  const authorize = createAuthorizer(options);

  const run = async (request: LocalRequest, path: string, { action, target, run }: Operation): Promise<LocalReply> => {
    const key = path.slice(1);
    const resourceKey = target === 'object' ? key : (request.query.get('prefix') ?? '');
    authorize(request, { action: `name/cos:${action}`, path, resourceKey });
    return run({ request, key, bucket, store });
  };

  /** Does what is asked for in the way that was ordered, and tells of what goes wrong. Throws a `CosError`. */
  const answer = async (request: LocalRequest): Promise<LocalReply> => {
    const tell = feed.begin();
    const path = decodePath(request.path);
    const operation = findOperation(request, path);
    const fault = faults?.take(operation.action);
    const call = { kind: 'upstream', service: 'COS', command: operation.action, request: { path }, fault } as const;
    try {
      if (fault?.errorCode !== undefined) throw orderedError(fault.errorCode);
      const reply = await run(request, path, operation);
      if (fault?.delayMs !== undefined) await sleep(fault.delayMs);
      if (fault) tell({ ...call, outcome: fault.dropReply ? 'reply lost' : 'ok' });
      return fault?.dropReply ? 'hang up' : reply;
    } catch (error) {
      if (error instanceof CosError) tell({ ...call, outcome: 'refused', code: error.code, message: error.message });
      throw error;
    }
  };

  return {
    async handle(request: LocalRequest): Promise<LocalReply> {
      const requestId = randomUUID();
      const answered = request.method === 'OPTIONS' ? Promise.resolve(preflight(request)) : answer(request);
      const reply = await answered.catch((error) => errorReply(error, request, requestId));
      if (reply === 'hang up') return reply;
      return { ...reply, headers: { ...reply.headers, ...corsHeaders, 'x-cos-request-id': requestId } };
    },
  };
};

const corsHeaders = {
  'access-control-allow-origin': corsRule.AllowedOrigin,
  'access-control-expose-headers': corsRule.ExposeHeader.join(', '),
};

/** Asked before a browser may send a signed request; names its headers back, since `*` does not cover Authorization. */
const preflight = ({ headers }: LocalRequest): LocalReply => ({
  status: 200,
  headers: {
    'access-control-allow-methods': corsRule.AllowedMethod.join(', '),
    'access-control-allow-headers': headers['access-control-request-headers'] ?? '*',
    'access-control-max-age': String(corsRule.MaxAgeSeconds),
  },
});

/** For an ordered fault. A code that COS does not have stands for its own failure. */
const orderedError = (code: string | number): CosError =>
  new CosError(isCosErrorCode(code) ? code : 'InternalError', 'Ordered by a fault.');

const errorReply = (error: unknown, { headers, path }: LocalRequest, requestId: string): LocalReply => {
  if (!(error instanceof CosError)) throw error;
  const { code, message, status } = error;
  return xml(
    'Error',
    { Code: code, Message: message, Resource: `${headers.host}${path}`, RequestId: requestId },
    status,
  );
};

const decodePath = (path: string) => {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new CosError('InvalidURI', 'The path is not valid percent-encoding.');
  }
};

const operations: readonly Operation[] = [...bucketOperations, ...objectOperations, ...multipartOperations];

/** The query parameters that tell the operations apart. */
const telling = ['uploads', 'uploadId', 'partNumber', 'cors'] as const;

/** Subresources of the real COS that change what a request means: without them, `PUT ?acl` would overwrite the object. */
const unserved = ['acl', 'append', 'delete', 'lifecycle', 'policy', 'restore', 'select', 'tagging', 'versions'];

const findOperation = ({ method, query, headers }: LocalRequest, path: string): Operation => {
  if (unserved.some((name) => query.has(name)) || headers['x-cos-copy-source'] !== undefined)
    throw new CosError('NotImplemented', 'The local COS does not serve this request.');
  const target = path === '/' ? 'bucket' : 'object';
  const found = operations.find(
    (one) =>
      one.method === method &&
      one.target === target &&
      telling.every((name) => query.has(name) === one.query.includes(name)),
  );
  if (!found) throw new CosError('MethodNotAllowed', 'The specified method is not allowed against this resource.');
  return found;
};
