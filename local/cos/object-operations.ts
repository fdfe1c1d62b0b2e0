import { CosError } from './cos-error.ts';
import { listPage, readEncoding, readLimit } from './listing.ts';
import { assertDigest, headersToSend, headersToStore, readRange } from './object-headers.ts';
import type { Context, Operation } from './operation.ts';
import { xml } from './xml.ts';

const putObject = async ({ request, key, store }: Context) => {
  assertDigest(request);
  const { etag } = await store.putObject(key, headersToStore(request), request.body);
  return { status: 200, headers: { etag: `"${etag}"` } };
};

const requireObject = async ({ store, key }: Context) => {
  const object = await store.findObject(key);
  if (!object) throw new CosError('NoSuchKey', 'The specified key does not exist.');
  return object;
};

const headObject = async (context: Context) => {
  const object = await requireObject(context);
  return {
    status: 200,
    headers: { ...headersToSend(object, context.request.query), 'content-length': String(object.size) },
  };
};

const getObject = async (context: Context) => {
  const { request, key, store } = context;
  const { size } = await requireObject(context);
  const range = readRange(request.headers.range, size);
  const found = await store.readObject(key, range);
  if (!found) throw new CosError('NoSuchKey', 'The specified key does not exist.');
  return {
    status: range ? 206 : 200,
    headers: {
      ...headersToSend(found.meta, request.query),
      'content-length': String(found.content.length),
      ...(range && { 'content-range': `bytes ${range.start}-${range.end - 1}/${size}` }),
    },
    body: found.content,
  };
};

const deleteObject = async ({ key, store }: Context) => {
  await store.removeObject(key);
  return { status: 204 };
};

const listObjects = async ({ request: { query }, bucket, store }: Context) => {
  const { encodingType, encode } = readEncoding(query);
  const prefix = query.get('prefix') ?? '';
  const marker = query.get('marker') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const maxKeys = readLimit(query, 'max-keys');
  const page = listPage(await store.listObjects(), { prefix, marker, delimiter, maxKeys });
  const owner = bucket.slice(bucket.lastIndexOf('-') + 1);
  return xml('ListBucketResult', {
    Name: bucket,
    EncodingType: encodingType,
    Prefix: encode(prefix),
    Marker: encode(marker),
    MaxKeys: maxKeys,
    Delimiter: delimiter === '' ? undefined : encode(delimiter),
    IsTruncated: page.nextMarker !== undefined,
    NextMarker: page.nextMarker === undefined ? undefined : encode(page.nextMarker),
    Contents: page.items.map((object) => ({
      Key: encode(object.key),
      LastModified: new Date(object.lastModified).toISOString(),
      ETag: `"${object.etag}"`,
      Size: object.size,
      Owner: { ID: owner, DisplayName: owner },
      StorageClass: 'STANDARD',
    })),
    CommonPrefixes: page.commonPrefixes.map((commonPrefix) => ({ Prefix: encode(commonPrefix) })),
  });
};

/**
 * Whole objects and their listing.
 * Source: https://cloud.tencent.com/document/product/436/10111
 */
export const objectOperations: readonly Operation[] = [
  { method: 'PUT', target: 'object', query: [], action: 'PutObject', run: putObject },
  { method: 'GET', target: 'object', query: [], action: 'GetObject', run: getObject },
  { method: 'HEAD', target: 'object', query: [], action: 'HeadObject', run: headObject },
  { method: 'DELETE', target: 'object', query: [], action: 'DeleteObject', run: deleteObject },
  { method: 'GET', target: 'bucket', query: [], action: 'GetBucket', run: listObjects },
];
