import { CosError } from './cos-error.ts';
import { readEncoding, readLimit } from './listing.ts';
import { assertDigest, headersToStore } from './object-headers.ts';
import type { Context, Operation } from './operation.ts';
import { compareKeys, type Part } from './store.ts';
import { parseCompletion, xml } from './xml.ts';

/** Of every part but the last. */
const minPartBytes = 1024 * 1024;
const maxPartNumber = 10_000;

const requireUpload = async ({ request, key, store }: Context) => {
  const upload = await store.findUpload(key, request.query.get('uploadId') ?? '');
  if (!upload) throw new CosError('NoSuchUpload', 'The specified multipart upload does not exist.');
  return upload;
};

const initiate = async ({ request, key, bucket, store }: Context) => {
  const { uploadId } = await store.createUpload(key, headersToStore(request));
  return xml('InitiateMultipartUploadResult', { Bucket: bucket, Key: key, UploadId: uploadId });
};

const uploadPart = async (context: Context) => {
  const { request, store } = context;
  const upload = await requireUpload(context);
  const partNumber = Number(request.query.get('partNumber'));
  if (!Number.isInteger(partNumber) || partNumber < 1 || partNumber > maxPartNumber)
    throw new CosError('InvalidArgument', `partNumber must be an integer from 1 to ${maxPartNumber}.`);
  assertDigest(request);
  const { etag } = await store.putPart(upload, partNumber, request.body);
  return { status: 200, headers: { etag: `"${etag}"` } };
};

const complete = async (context: Context) => {
  const { request, key, bucket, store } = context;
  const upload = await requireUpload(context);
  assertDigest(request);
  const parts = chooseParts(parseCompletion(request.body), await store.listParts(upload));
  const { etag } = await store.completeUpload(upload, parts);
  return xml('CompleteMultipartUploadResult', {
    Location: `${request.headers.host}${request.path}`,
    Bucket: bucket,
    Key: key,
    ETag: `"${etag}"`,
  });
};

/** Source: https://cloud.tencent.com/document/product/436/7742 */
const chooseParts = (named: ReturnType<typeof parseCompletion>, uploaded: readonly Part[]): Part[] => {
  if (named.some(({ partNumber }, index) => partNumber <= (named[index - 1]?.partNumber ?? 0)))
    throw new CosError('InvalidPartOrder', 'The list of parts was not in ascending order.');
  const parts = named.map(({ partNumber, etag }) => {
    const part = uploaded.find((one) => one.partNumber === partNumber && one.etag === etag);
    if (!part) throw new CosError('InvalidPart', `Part ${partNumber} with that ETag has not been uploaded.`);
    return part;
  });
  if (parts.slice(0, -1).some(({ size }) => size < minPartBytes))
    throw new CosError('EntityTooSmall', 'Every part but the last must be 1 MB or more.');
  return parts;
};

const abort = async (context: Context) => {
  await context.store.removeUpload(await requireUpload(context));
  return { status: 204 };
};

const listParts = async (context: Context) => {
  const { request, key, bucket, store } = context;
  const upload = await requireUpload(context);
  const { encodingType, encode } = readEncoding(request.query);
  const maxParts = readLimit(request.query, 'max-parts');
  const marker = Number(request.query.get('part-number-marker') ?? 0);
  const parts = (await store.listParts(upload)).filter(({ partNumber }) => partNumber > marker);
  const page = parts.slice(0, maxParts);
  const isTruncated = parts.length > page.length;
  return xml('ListPartsResult', {
    Bucket: bucket,
    EncodingType: encodingType,
    Key: encode(key),
    UploadId: upload.uploadId,
    StorageClass: 'STANDARD',
    PartNumberMarker: marker,
    NextPartNumberMarker: isTruncated ? page.at(-1)?.partNumber : undefined,
    MaxParts: maxParts,
    IsTruncated: isTruncated,
    Part: page.map((part) => ({
      PartNumber: part.partNumber,
      LastModified: new Date(part.lastModified).toISOString(),
      ETag: `"${part.etag}"`,
      Size: part.size,
    })),
  });
};

const listUploads = async ({ request: { query }, bucket, store }: Context) => {
  const { encodingType, encode } = readEncoding(query);
  const prefix = query.get('prefix') ?? '';
  const keyMarker = query.get('key-marker') ?? '';
  const uploadIdMarker = query.get('upload-id-marker') ?? '';
  const maxUploads = readLimit(query, 'max-uploads');
  const uploads = (await store.listUploads()).filter(({ key, uploadId }) => {
    const order = compareKeys(key, keyMarker);
    return key.startsWith(prefix) && (order > 0 || (order === 0 && uploadIdMarker !== '' && uploadId > uploadIdMarker));
  });
  const page = uploads.slice(0, maxUploads);
  const next = uploads.length > page.length ? page.at(-1) : undefined;
  return xml('ListMultipartUploadsResult', {
    Bucket: bucket,
    EncodingType: encodingType,
    KeyMarker: encode(keyMarker),
    UploadIdMarker: uploadIdMarker,
    NextKeyMarker: next && encode(next.key),
    NextUploadIdMarker: next?.uploadId,
    MaxUploads: maxUploads,
    IsTruncated: next !== undefined,
    Prefix: encode(prefix),
    Upload: page.map(({ key, uploadId, initiated }) => ({
      Key: encode(key),
      UploadId: uploadId,
      StorageClass: 'STANDARD',
      Initiated: new Date(initiated).toISOString(),
    })),
  });
};

/**
 * Uploads in parts.
 * Source: https://cloud.tencent.com/document/product/436/7746
 */
export const multipartOperations: readonly Operation[] = [
  { method: 'POST', target: 'object', query: ['uploads'], action: 'InitiateMultipartUpload', run: initiate },
  { method: 'PUT', target: 'object', query: ['partNumber', 'uploadId'], action: 'UploadPart', run: uploadPart },
  { method: 'POST', target: 'object', query: ['uploadId'], action: 'CompleteMultipartUpload', run: complete },
  { method: 'DELETE', target: 'object', query: ['uploadId'], action: 'AbortMultipartUpload', run: abort },
  { method: 'GET', target: 'object', query: ['uploadId'], action: 'ListParts', run: listParts },
  { method: 'GET', target: 'bucket', query: ['uploads'], action: 'ListMultipartUploads', run: listUploads },
];
