import { randomUUID } from 'node:crypto';
import type { LocalReply, LocalRequest } from '../http.ts';
import { type AuthorizerOptions, createAuthorizer } from './authorization.ts';
import { CosError } from './cos-error.ts';
import { multipartOperations } from './multipart-operations.ts';
import { objectOperations } from './object-operations.ts';
import type { Operation } from './operation.ts';
import { createStore } from './store.ts';
import { xml } from './xml.ts';

export interface CosOptions extends AuthorizerOptions {
  /** Where the objects live; it is made when it is missing. */
  directory: string;
}

/**
 * The one bucket of COS, with its XML API: an object is `/<key>`, the signed host whatever the request names.
 * Source: https://cloud.tencent.com/document/product/436/10111
 */
export const createCos = (options: CosOptions) => {
  const { bucket, directory, clock } = options;
  const store = createStore(directory, clock);
  const authorize = createAuthorizer(options);

  const run = async (request: LocalRequest): Promise<LocalReply> => {
    const path = decodePath(request.path);
    const key = path.slice(1);
    const operation = findOperation(request, key);
    const resourceKey = operation.target === 'object' ? key : (request.query.get('prefix') ?? '');
    authorize(request, { action: `name/cos:${operation.action}`, path, resourceKey });
    return operation.run({ request, key, bucket, store });
  };

  return {
    async handle(request: LocalRequest): Promise<LocalReply> {
      const requestId = randomUUID();
      const reply = request.method === 'OPTIONS' ? preflight(request) : await answer(run, request, requestId);
      if (reply === 'hang up') return reply;
      return { ...reply, headers: { ...reply.headers, ...corsHeaders, 'x-cos-request-id': requestId } };
    },
  };
};

const corsHeaders = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'ETag, Content-Length, Content-Range, Date, Last-Modified, x-cos-request-id',
};

/** Asked before a browser may send a signed request; names its headers back, since `*` does not cover Authorization. */
const preflight = ({ headers }: LocalRequest): LocalReply => ({
  status: 200,
  headers: {
    'access-control-allow-methods': 'GET, HEAD, PUT, POST, DELETE',
    'access-control-allow-headers': headers['access-control-request-headers'] ?? '*',
    'access-control-max-age': '600',
  },
});

const answer = async (
  run: (request: LocalRequest) => Promise<LocalReply>,
  request: LocalRequest,
  requestId: string,
): Promise<LocalReply> => {
  try {
    return await run(request);
  } catch (error) {
    if (!(error instanceof CosError)) throw error;
    const resource = `${request.headers.host}${request.path}`;
    const { code, message, status } = error;
    return xml('Error', { Code: code, Message: message, Resource: resource, RequestId: requestId }, status);
  }
};

const decodePath = (path: string) => {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new CosError('InvalidURI', 'The path is not valid percent-encoding.');
  }
};

const operations: readonly Operation[] = [...objectOperations, ...multipartOperations];

/** The query parameters that tell the operations apart. */
const telling = ['uploads', 'uploadId', 'partNumber'] as const;

/** Subresources of the real COS that change what a request means: without them, `PUT ?acl` would overwrite the object. */
const unserved = ['acl', 'append', 'cors', 'delete', 'lifecycle', 'policy', 'restore', 'select', 'tagging', 'versions'];

const findOperation = ({ method, query, headers }: LocalRequest, key: string): Operation => {
  if (unserved.some((name) => query.has(name)) || headers['x-cos-copy-source'] !== undefined)
    throw new CosError('NotImplemented', 'The local COS does not serve this request.');
  const target = key === '' ? 'bucket' : 'object';
  const found = operations.find(
    (one) =>
      one.method === method &&
      one.target === target &&
      telling.every((name) => query.has(name) === one.query.includes(name)),
  );
  if (!found) throw new CosError('MethodNotAllowed', 'The specified method is not allowed against this resource.');
  return found;
};
