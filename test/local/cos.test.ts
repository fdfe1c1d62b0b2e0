import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import COS from 'cos-nodejs-sdk-v5';
import { XMLParser } from 'fast-xml-parser';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { signCosRequest } from '../../lib/cos/signature.ts';
import { createTemporaryKeys } from '../../local/api/temporary-keys.ts';
import { createCos } from '../../local/cos/server.ts';
import { createFaults, type Faults } from '../../local/faults.ts';
import { type LocalReply, type LocalRequest, type LocalServer, serve } from '../../local/http.ts';

const Bucket = 'board-1250000000';
const Region = 'ap-shanghai';
const permanent = { secretId: 'AKIDpermanent', secretKey: 'permanent-secret-key' };
const prefix = 'class/42/s1/';
const uploadActions = [
  'PutObject',
  'InitiateMultipartUpload',
  'ListMultipartUploads',
  'ListParts',
  'UploadPart',
  'CompleteMultipartUpload',
  'AbortMultipartUpload',
];

const temporaryKeys = createTemporaryKeys('local-secret');
let directory: string;
let server: LocalServer;
let aheadMs: number;
let faults: Faults;
let sleep: (ms: number) => Promise<unknown>;

const cosOf = (root: string) =>
  createCos({
    clock: () => Date.now() + aheadMs,
    bucket: Bucket,
    region: Region,
    permanentKey: () => permanent,
    temporaryKeys,
    directory: join(root, 'cos'),
    faults,
    sleep: (ms) => sleep(ms),
  });

beforeEach(async () => {
  aheadMs = 0;
  faults = createFaults();
  directory = mkdtempSync(join(tmpdir(), 'cos-test-'));
  server = await serve(0, cosOf(directory).handle);
});
afterEach(async () => {
  await server.close();
  rmSync(directory, { recursive: true });
});

/** The SDK writes its cache of upload ids late, into a directory that it makes again: to nowhere. */
const noCache = '/dev/null';

const sdk = (options: COS.COSOptions = { SecretId: permanent.secretId, SecretKey: permanent.secretKey }) =>
  new COS({ Domain: `127.0.0.1:${server.port}`, Protocol: 'http:', ConfCwd: noCache, ...options });

const issueKeys = ({ actions = uploadActions, under = prefix, seconds = 600 } = {}) =>
  temporaryKeys.issue({
    policy: JSON.stringify({
      version: '2.0',
      statement: [
        {
          effect: 'allow',
          action: actions.map((action) => `name/cos:${action}`),
          resource: [`qcs::cos:${Region}:uid/1250000000:${Bucket}/${under}*`],
        },
      ],
    }),
    expiresAt: Math.floor(Date.now() / 1000) + seconds,
  });

const sdkWith = (keys: ReturnType<typeof issueKeys>) =>
  sdk({ SecretId: keys.tmpSecretId, SecretKey: keys.tmpSecretKey, SecurityToken: keys.token });

const at = (Key: string) => ({ Bucket, Region, Key });
const inBucket = { Bucket, Region };
const allUploads = { ...inBucket, Prefix: '', Delimiter: '' };
const parser = new XMLParser({ parseTagValue: false });

interface Signed {
  method?: string;
  /** Decoded. */
  key?: string;
  /** As it goes on the request line. */
  target?: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: string;
  signedFor?: Partial<{ method: string; key: string; headers: Record<string, string>; query: Record<string, string> }>;
  secret?: { secretId: string; secretKey: string };
  times?: { startTime: number; endTime: number };
}

const now = () => Math.floor(Date.now() / 1000);

/** Sends one request as it is, signed by hand: `fetch` would tidy its path. */
const send = ({ method = 'GET', key = '', query = {}, headers = {}, body = '', signedFor = {}, ...rest }: Signed) => {
  const host = `127.0.0.1:${server.port}`;
  const authorization = signCosRequest(
    {
      method: signedFor.method ?? method,
      path: `/${signedFor.key ?? key}`,
      query: signedFor.query ?? query,
      headers: signedFor.headers ?? { host },
    },
    rest.secret ?? permanent,
    rest.times ?? { startTime: now() - 1, endTime: now() + 60 },
  );
  const path = `${rest.target ?? `/${encodeURIComponent(key)}`}?${new URLSearchParams(query)}`;
  return exchange({ method, path, headers: { authorization, ...headers }, body });
};

const exchange = ({ method = 'GET', path = '/', headers = {}, body = '' }) =>
  new Promise<{ status: number; headers: Record<string, unknown>; text: string; error: Record<string, string> }>(
    (resolve, reject) => {
      httpRequest({ host: '127.0.0.1', port: server.port, method, path, headers }, async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk);
        const text = Buffer.concat(chunks).toString();
        const error = text.includes('<Error>') ? parser.parse(text).Error : {};
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, error });
      })
        .on('error', reject)
        .end(body);
    },
  );

describe('objects, through the real SDK', () => {
  it('come back as they were put, with their headers', async () => {
    const Body = randomBytes(5000);
    const md5 = createHash('md5').update(Body).digest('hex');
    const put = await sdk().putObject({
      ...at(`${prefix}a b.pdf`),
      Body,
      ContentType: 'application/pdf',
      CacheControl: 'max-age=60',
      Headers: { 'x-cos-meta-page': '7' },
    });
    expect(put.ETag).toBe(`"${md5}"`);

    const head = await sdk().headObject(at(`${prefix}a b.pdf`));
    expect(head.headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-length': '5000',
      'cache-control': 'max-age=60',
      'x-cos-meta-page': '7',
      etag: `"${md5}"`,
      'x-cos-request-id': expect.stringMatching(/.+/),
    });
    expect(Math.abs(Date.parse(head.headers?.['last-modified'] ?? '') - Date.now())).toBeLessThan(5000);

    expect((await sdk().getObject(at(`${prefix}a b.pdf`))).Body).toEqual(Body);
  });

  it.each([
    'a/../../b',
    '../etc/passwd',
    '课件/第一课 (1).pdf',
    "it's!*'()+&=?#.txt",
    'a%2Fb',
    'a//b',
    '.',
    '😀',
    'k'.repeat(800),
  ])('keep the key %j apart and inside the directory', async (key) => {
    await sdk().putObject({ ...at(key), Body: `body of ${key}` });
    await sdk().putObject({ ...at(`${key}2`), Body: 'another' });
    expect((await sdk().getObject(at(key))).Body.toString()).toBe(`body of ${key}`);
    const { Contents } = await sdk().getBucket(inBucket);
    expect(Contents.map((item) => item.Key)).toEqual([key, `${key}2`]);
    expect(readdirSync(directory)).toEqual(['cos']);
  });

  it('are replaced and removed, together with their files', async () => {
    await sdk().putObject({ ...at('a'), Body: 'first' });
    await sdk().putObject({ ...at('a'), Body: 'second' });
    expect((await sdk().getObject(at('a'))).Body.toString()).toBe('second');
    expect((await sdk().deleteObject(at('a'))).statusCode).toBe(204);
    await expect(sdk().getObject(at('a'))).rejects.toMatchObject({ statusCode: 404, code: 'NoSuchKey' });
    await expect(sdk().headObject(at('a'))).rejects.toMatchObject({ statusCode: 404 });
    expect((await sdk().deleteObject(at('a'))).statusCode).toBe(204);
    expect(readdirSync(join(directory, 'cos', 'objects'))).toEqual([]);
  });

  it('outlive the process', async () => {
    await sdk().putObject({ ...at('a'), Body: 'kept' });
    await server.close();
    server = await serve(0, cosOf(directory).handle);
    expect((await sdk().getObject(at('a'))).Body.toString()).toBe('kept');
  });

  it.each([
    ['bytes=0-3', '0123', 'bytes 0-3/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=8-100', '89', 'bytes 8-9/10'],
    ['bytes=-100', '0123456789', 'bytes 0-9/10'],
  ])('are read in part for %s', async (Range, text, contentRange) => {
    await sdk().putObject({ ...at('a'), Body: '0123456789' });
    const reply = await sdk().getObject({ ...at('a'), Headers: { Range } });
    expect(reply.Body.toString()).toBe(text);
    expect(reply.statusCode).toBe(206);
    expect(reply.headers?.['content-range']).toBe(contentRange);
  });

  it('are not read from beyond their end', async () => {
    await sdk().putObject({ ...at('a'), Body: '0123456789' });
    await expect(sdk().getObject({ ...at('a'), Headers: { Range: 'bytes=10-' } })).rejects.toMatchObject({
      statusCode: 416,
      code: 'InvalidRange',
    });
  });

  it('are refused when they are not what Content-MD5 promises', async () => {
    const put = (digest: string) => sdk().putObject({ ...at('a'), Body: 'hello', Headers: { 'Content-MD5': digest } });
    await expect(put('XUFAKrxLKna5cZ2REBfFkg==')).resolves.toHaveProperty('statusCode', 200);
    await expect(put('XUFAKrxLKna5cZ2REBfFkA==')).rejects.toMatchObject({ statusCode: 400, code: 'BadDigest' });
    await expect(put('hello')).rejects.toMatchObject({ statusCode: 400, code: 'InvalidDigest' });
  });

  it('are downloaded by a pre-signed URL, under the signed name', async () => {
    await sdk().putObject({ ...at('课件/a b.pdf'), Body: 'hello' });
    const Url = sdk().getObjectUrl({ ...at('课件/a b.pdf'), Sign: true }, () => undefined);
    expect(await (await fetch(Url)).text()).toBe('hello');
    expect((await fetch(Url, { method: 'DELETE' })).status).toBe(403);

    const query = { 'response-content-disposition': 'attachment; filename="课.pdf"' };
    const reply = await send({ key: '课件/a b.pdf', query });
    expect(Buffer.from(String(reply.headers['content-disposition']), 'latin1').toString()).toBe(
      'attachment; filename="课.pdf"',
    );
  });
});

describe('the listing, through the real SDK', () => {
  const keys = ['a/1', 'a/2', 'a/b/3', 'b', 'c/4', 'é', '😀', '～'];

  beforeEach(async () => {
    for (const key of keys) await sdk().putObject({ ...at(key), Body: key });
  });

  it('is in the order of UTF-8, with sizes and ETags', async () => {
    const { Contents, IsTruncated } = await sdk().getBucket(inBucket);
    expect(IsTruncated).toBe('false');
    expect(Contents.map(({ Key }) => Key)).toEqual(['a/1', 'a/2', 'a/b/3', 'b', 'c/4', 'é', '～', '😀']);
    expect(Contents[0]).toMatchObject({
      Size: '3',
      ETag: `"${createHash('md5').update('a/1').digest('hex')}"`,
      StorageClass: 'STANDARD',
      LastModified: expect.stringMatching(/^\d{4}-.*Z$/),
    });
  });

  it('is read page by page', async () => {
    const seen: string[] = [];
    let Marker: string | undefined;
    for (let pages = 0; pages < 10; pages += 1) {
      const page = await sdk().getBucket({ ...inBucket, MaxKeys: 3, ...(Marker && { Marker }) });
      expect(page.Contents.length).toBeLessThanOrEqual(3);
      seen.push(...page.Contents.map(({ Key }) => Key));
      if (page.IsTruncated === 'false') break;
      Marker = page.NextMarker;
    }
    expect(seen).toEqual(['a/1', 'a/2', 'a/b/3', 'b', 'c/4', 'é', '～', '😀']);
  });

  it('joins keys up to the delimiter, over pages too', async () => {
    const first = await sdk().getBucket({ ...inBucket, Delimiter: '/', MaxKeys: 1 });
    expect([first.CommonPrefixes, first.Contents, first.NextMarker]).toEqual([[{ Prefix: 'a/' }], [], 'a/']);
    const second = await sdk().getBucket({ ...inBucket, Delimiter: '/', MaxKeys: 2, Marker: 'a/' });
    expect([second.CommonPrefixes, second.Contents.map(({ Key }) => Key)]).toEqual([[{ Prefix: 'c/' }], ['b']]);
    const whole = await sdk().getBucket({ ...inBucket, Delimiter: '/' });
    expect(whole.CommonPrefixes).toEqual([{ Prefix: 'a/' }, { Prefix: 'c/' }]);
    const inside = await sdk().getBucket({ ...inBucket, Delimiter: '/', Prefix: 'a/' });
    expect([inside.CommonPrefixes, inside.Contents.map(({ Key }) => Key)]).toEqual([
      [{ Prefix: 'a/b/' }],
      ['a/1', 'a/2'],
    ]);
  });

  it('is percent-encoded on demand', async () => {
    const { Contents } = await sdk().getBucket({ ...inBucket, Prefix: 'é', EncodingType: 'url' });
    expect(Contents.map(({ Key }) => Key)).toEqual(['%C3%A9']);
  });

  it('refuses a page size that is no number', async () => {
    expect((await send({ query: { 'max-keys': 'all' } })).error.Code).toBe('InvalidArgument');
  });
});

describe('uploads in parts', () => {
  const mebibyte = 1024 * 1024;
  const content = randomBytes(2 * mebibyte + 5);

  const initiate = async (key = 'big') => (await sdk().multipartInit(at(key))).UploadId;
  const upload = async (UploadId: string, PartNumber: number, Body: Buffer) =>
    (await sdk().multipartUpload({ ...at('big'), UploadId, PartNumber, Body })).ETag;

  it('are done by sliceUploadFile with keys of the prefix alone', async () => {
    const FilePath = join(directory, 'big.bin');
    writeFileSync(FilePath, content);
    const keys = issueKeys();
    const done = await sdkWith(keys).sliceUploadFile({
      ...at(`${prefix}big.bin`),
      FilePath,
      Headers: { 'x-cos-meta-page': '7' },
    });

    const parts = [0, 1, 2].map((n) => content.subarray(n * mebibyte, (n + 1) * mebibyte));
    const digests = parts.map((part) => createHash('md5').update(part).digest());
    const etag = `"${createHash('md5').update(Buffer.concat(digests)).digest('hex')}-3"`;
    expect(done.ETag).toBe(etag);
    const got = await sdk().getObject(at(`${prefix}big.bin`));
    expect(got.Body.equals(content)).toBe(true);
    expect(got.headers).toMatchObject({ etag, 'x-cos-meta-page': '7' });
    expect((await sdk().multipartList(allUploads)).Upload).toEqual([]);
    expect(readdirSync(join(directory, 'cos', 'parts'))).toEqual([]);
  });

  it('go on after a restart, and replace a part that is sent again', async () => {
    const UploadId = await initiate();
    await upload(UploadId, 2, randomBytes(10));
    const ETag = await upload(UploadId, 2, content.subarray(0, mebibyte));
    await server.close();
    server = await serve(0, cosOf(directory).handle);
    const last = await upload(UploadId, 10, content.subarray(mebibyte, mebibyte + 9));
    const { Part } = await sdk().multipartListPart({ ...at('big'), UploadId });
    expect(Part).toMatchObject([
      { PartNumber: '2', ETag, Size: String(mebibyte) },
      { PartNumber: '10', ETag: last, Size: '9' },
    ]);
    const Parts = [
      { PartNumber: 2, ETag },
      { PartNumber: 10, ETag: last },
    ];
    await sdk().multipartComplete({ ...at('big'), UploadId, Parts });
    expect((await sdk().getObject(at('big'))).Body.equals(content.subarray(0, mebibyte + 9))).toBe(true);
  });

  it('list their parts page by page', async () => {
    const uploadId = await initiate();
    for (const number of [1, 2, 10]) await upload(uploadId, number, Buffer.from(`part ${number}`));
    const list = async (query: Record<string, string>) =>
      parser.parse((await send({ key: 'big', query: { uploadId, 'max-parts': '2', ...query } })).text).ListPartsResult;
    const first = await list({});
    expect(first).toMatchObject({ IsTruncated: 'true', NextPartNumberMarker: '2', Part: [{}, { PartNumber: '2' }] });
    expect(await list({ 'part-number-marker': '2' })).toMatchObject({
      IsTruncated: 'false',
      Part: { PartNumber: '10' },
    });
  });

  it.each(['PUT', 'POST'])('are refused when the body of a %s is not what Content-MD5 promises', async (method) => {
    const uploadId = await initiate();
    const reply = await send({
      method,
      key: 'big',
      query: { uploadId, ...(method === 'PUT' && { partNumber: '1' }) },
      headers: { 'content-md5': 'XUFAKrxLKna5cZ2REBfFkA==' },
      body: 'hello',
    });
    expect(reply.error.Code).toBe('BadDigest');
  });

  it('are listed page by page, and gone once aborted', async () => {
    const ids = [await initiate('a'), await initiate('big'), await initiate('big')];
    const list = async (over: object = {}) =>
      (await sdk().multipartList({ ...allUploads, ...over })).Upload.map(({ UploadId }) => UploadId);
    expect((await list()).sort()).toEqual([...ids].sort());
    expect((await list({ Prefix: 'b' })).sort()).toEqual(ids.slice(1).sort());

    const page = await sdk().multipartList({ ...allUploads, MaxUploads: 2 });
    expect([page.IsTruncated, page.Upload.length]).toEqual(['true', 2]);
    const rest = await list({ KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker });
    expect([...page.Upload.map(({ UploadId }) => UploadId), ...rest].sort()).toEqual([...ids].sort());

    await sdk().multipartAbort({ ...at('a'), UploadId: ids[0] ?? '' });
    expect((await list()).sort()).toEqual(ids.slice(1).sort());
    await expect(sdk().multipartListPart({ ...at('a'), UploadId: ids[0] ?? '' })).rejects.toMatchObject({
      code: 'NoSuchUpload',
    });
  });

  it.each([
    ['an ETag that was not given', [{ PartNumber: 1, ETag: '"0"' }], 'InvalidPart'],
    ['a part that was not sent', [{ PartNumber: 9 }], 'InvalidPart'],
    ['parts out of order', [{ PartNumber: 2 }, { PartNumber: 1 }], 'InvalidPartOrder'],
    ['a part twice', [{ PartNumber: 1 }, { PartNumber: 1 }], 'InvalidPartOrder'],
    ['a small part before the last', [{ PartNumber: 1 }, { PartNumber: 2 }, { PartNumber: 3 }], 'EntityTooSmall'],
  ])('are not completed with %s', async (_what, named: { PartNumber: number; ETag?: string }[], code) => {
    const UploadId = await initiate();
    const etags = [
      await upload(UploadId, 1, content.subarray(0, mebibyte)),
      await upload(UploadId, 2, Buffer.from('small')),
      await upload(UploadId, 3, Buffer.from('last')),
    ];
    const Parts = named.map((part) => ({ ETag: etags[part.PartNumber - 1] ?? '"0"', ...part }));
    await expect(sdk().multipartComplete({ ...at('big'), UploadId, Parts })).rejects.toMatchObject({
      statusCode: 400,
      code,
    });
    await expect(sdk().headObject(at('big'))).rejects.toMatchObject({ statusCode: 404 });
  });

  it.each(['', '<a', '<CompleteMultipartUpload/>', '<Delete><Part/></Delete>'])(
    'are not completed with the body %j',
    async (body) => {
      const uploadId = await initiate();
      const reply = await send({ method: 'POST', key: 'big', query: { uploadId }, body });
      expect(reply.error.Code).toBe('MalformedXML');
    },
  );

  it.each(['0', '10001', 'one', '1.5'])('refuse the part number %s', async (partNumber) => {
    const uploadId = await initiate();
    const reply = await send({ method: 'PUT', key: 'big', query: { partNumber, uploadId } });
    expect(reply.error.Code).toBe('InvalidArgument');
  });

  it.each(['../objects', 'ff', '', '%2e%2e'])('do not exist under the id %j', async (uploadId) => {
    const reply = await send({ method: 'PUT', key: 'big', query: { partNumber: '1', uploadId } });
    expect([reply.status, reply.error.Code]).toEqual([404, 'NoSuchUpload']);
  });

  it('are not mistaken for an object, by an id that climbs into another folder', async () => {
    await sdk().putObject({ ...at('big'), Body: 'x' });
    const uploadId = `../objects/${createHash('sha256').update('big').digest('hex')}`;
    const reply = await send({ method: 'DELETE', key: 'big', query: { uploadId } });
    expect(reply.error.Code).toBe('NoSuchUpload');
  });

  it('belong to the key that they were begun for', async () => {
    const uploadId = await initiate('other');
    const reply = await send({ method: 'PUT', key: 'big', query: { partNumber: '1', uploadId } });
    expect(reply.error.Code).toBe('NoSuchUpload');
  });
});

describe('the signature', () => {
  interface Vector {
    id: string;
    input: {
      SecretId: string;
      SecretKey: string;
      Method: string;
      Path?: string;
      Key?: string;
      Query: Record<string, string>;
      Headers: Record<string, string>;
      KeyTime: string;
    };
    authorization?: string;
    expected?: { authorization: string };
  }
  const vectors: Vector[] = JSON.parse(
    readFileSync(new URL('../fixtures/vectors.json', import.meta.url), 'utf8'),
  ).cosXml;

  const replay = ({ input, ...vector }: Vector, change: Partial<LocalRequest> = {}): Promise<LocalReply> => {
    const cos = createCos({
      clock: () => Number(input.KeyTime.split(';')[0]) * 1000,
      bucket: Bucket,
      region: Region,
      permanentKey: () => ({ secretId: input.SecretId, secretKey: input.SecretKey }),
      temporaryKeys,
      directory: join(directory, 'cos'),
    });
    return cos.handle({
      method: input.Method,
      path: encodeURI(input.Path ?? `/${input.Key}`),
      query: new URLSearchParams(input.Query),
      headers: {
        ...Object.fromEntries(Object.entries(input.Headers).map(([name, value]) => [name.toLowerCase(), value])),
        authorization: vector.expected?.authorization ?? vector.authorization ?? '',
      },
      body: Buffer.from('ObjectContent'),
      remoteAddress: '127.0.0.1',
      ...change,
    });
  };

  it.each(vectors)('of the known answer $id is verified', async (vector) => {
    const reply = await replay(vector);
    expect(reply).toMatchObject(vector.input.Method === 'PUT' ? { status: 200 } : { status: 404 });
    const other = await replay(vector, { path: '/other' });
    expect(other).toMatchObject({ status: 403, body: expect.stringContaining('SignatureDoesNotMatch') });
  });

  it('is refused when the header that it covers was sent otherwise, or not at all', async () => {
    const put = (headers: Record<string, string>) =>
      send({ method: 'PUT', key: 'a', headers, signedFor: { headers: { 'x-cos-meta-page': '7' } } });
    expect((await put({ 'x-cos-meta-page': '7' })).status).toBe(200);
    expect((await put({ 'x-cos-meta-page': '8' })).error.Code).toBe('SignatureDoesNotMatch');
    expect((await put({})).error.Code).toBe('SignatureDoesNotMatch');
  });

  it('is refused when it covers an empty header that was not sent', async () => {
    const reply = await send({ method: 'PUT', key: 'a', signedFor: { headers: { 'x-cos-acl': '' } } });
    expect(reply.error.Code).toBe('SignatureDoesNotMatch');
  });

  it.each([
    ['another host', { signedFor: { headers: { host: `${Bucket}.cos.${Region}.myqcloud.com` } } }],
    ['another method', { signedFor: { method: 'PUT' } }],
    ['another key', { signedFor: { key: 'b' } }],
    ['another query', { query: { prefix: 'a' }, signedFor: { query: { prefix: 'b' } } }],
    ['another secret', { secret: { ...permanent, secretKey: 'other' } }],
  ])('of %s is refused', async (_what, over) => {
    expect((await send({ key: 'a', ...over })).error.Code).toBe('SignatureDoesNotMatch');
  });

  it('covers the decoded path', async () => {
    await send({ method: 'PUT', key: 'a/b c', target: '/a%2Fb%20c', body: 'x' });
    expect((await send({ key: 'a/b c', target: '/a/b%20c' })).text).toBe('x');
    expect((await send({ key: '../a', target: '/../a' })).error.Code).toBe('NoSuchKey');
    expect((await send({ key: '%', target: '/%' })).error.Code).toBe('InvalidURI');
  });

  it('covers query names of any characters', async () => {
    expect((await send({ query: { 'X y;课': 'a b' } })).status).toBe(200);
  });

  it('is refused when its two times differ', async () => {
    const host = `127.0.0.1:${server.port}`;
    const times = { startTime: now() - 1, endTime: now() + 60 };
    const signed = signCosRequest({ method: 'GET', path: '/', headers: { host } }, permanent, times);
    const ask = async (authorization: string) => (await exchange({ headers: { authorization } })).status;
    expect(await ask(signed)).toBe(200);
    expect(await ask(signed.replace(/q-key-time=\d+/, 'q-key-time=1'))).toBe(403);
  });

  it.each([
    ['too late', { startTime: now() - 60, endTime: now() - 1 }],
    ['too early', { startTime: now() + 60, endTime: now() + 120 }],
  ])('is refused when it comes %s', async (_what, times) => {
    const reply = await send({ key: 'a', times });
    expect([reply.status, reply.error.Code, reply.error.Message]).toEqual([403, 'AccessDenied', 'Request has expired']);
  });

  it('is demanded of every request', async () => {
    for (const method of ['GET', 'PUT', 'POST', 'DELETE'])
      expect((await exchange({ method, path: '/a?uploads' })).status).toBeGreaterThanOrEqual(403);
    expect((await exchange({ path: '/a' })).error).toMatchObject({ Code: 'AccessDenied', Message: 'Access Denied.' });
    expect((await exchange({ path: '/a', headers: { authorization: 'Bearer x' } })).status).toBe(403);
  });

  it('of an unknown SecretId is refused', async () => {
    const reply = await send({ key: 'a', secret: { ...permanent, secretId: 'AKIDother' } });
    expect([reply.status, reply.error.Code]).toEqual([403, 'InvalidAccessKeyId']);
  });
});

describe('temporary keys', () => {
  it('open their prefix and nothing else', async () => {
    const cos = sdkWith(issueKeys());
    await expect(cos.putObject({ ...at(`${prefix}a`), Body: 'x' })).resolves.toHaveProperty('statusCode', 200);
    for (const key of ['class/42/s2/a', 'class/42/s1', 'class/42/s11/a', 'a'])
      await expect(cos.putObject({ ...at(key), Body: 'x' })).rejects.toMatchObject({
        statusCode: 403,
        code: 'AccessDenied',
      });
  });

  it('open the actions of their policy and no other', async () => {
    const cos = sdkWith(issueKeys());
    await cos.putObject({ ...at(`${prefix}a`), Body: 'x' });
    const denied = { statusCode: 403 };
    await expect(cos.getObject(at(`${prefix}a`))).rejects.toMatchObject(denied);
    await expect(cos.headObject(at(`${prefix}a`))).rejects.toMatchObject(denied);
    await expect(cos.deleteObject(at(`${prefix}a`))).rejects.toMatchObject(denied);
    await expect(cos.getBucket({ ...inBucket, Prefix: prefix })).rejects.toMatchObject(denied);
    await expect(cos.multipartList(allUploads)).rejects.toMatchObject(denied);
  });

  it('list under their prefix alone', async () => {
    const cos = sdkWith(issueKeys({ actions: ['GetBucket'] }));
    await expect(cos.getBucket({ ...inBucket, Prefix: prefix })).resolves.toHaveProperty('Contents', []);
    await expect(cos.getBucket({ ...inBucket, Prefix: 'class/42/' })).rejects.toMatchObject({ code: 'AccessDenied' });
    await expect(cos.getBucket(inBucket)).rejects.toMatchObject({ code: 'AccessDenied' });
  });

  it('without a policy, as of a role, open everything', async () => {
    const keys = temporaryKeys.issue({ policy: undefined, expiresAt: now() + 60 });
    await expect(sdkWith(keys).putObject({ ...at('a'), Body: 'x' })).resolves.toHaveProperty('statusCode', 200);
  });

  it('are refused by the SDK flow of a front end once they have expired', async () => {
    const keys = issueKeys({ seconds: 1800 });
    const cos = sdk({
      getAuthorization: (_options, callback) =>
        callback({
          TmpSecretId: keys.tmpSecretId,
          TmpSecretKey: keys.tmpSecretKey,
          SecurityToken: keys.token,
          StartTime: now() - 1,
          ExpiredTime: now() + 1800,
        }),
    });
    await expect(cos.putObject({ ...at(`${prefix}a`), Body: 'x' })).resolves.toHaveProperty('statusCode', 200);
    aheadMs = 1_801_000;
    await expect(cos.putObject({ ...at(`${prefix}a`), Body: 'x' })).rejects.toMatchObject({
      statusCode: 403,
      message: 'Request has expired',
    });
  });

  it('are refused once they have expired, however fresh the signature', async () => {
    const { tmpSecretId, tmpSecretKey, token } = issueKeys({ seconds: 0 });
    const reply = await send({
      method: 'PUT',
      key: `${prefix}a`,
      headers: { 'x-cos-security-token': token },
      secret: { secretId: tmpSecretId, secretKey: tmpSecretKey },
    });
    expect([reply.status, reply.error.Code]).toEqual([403, 'ExpiredToken']);
  });

  it('need their own token', async () => {
    const [keys, others] = [issueKeys(), issueKeys()];
    const put = (token: string) => sdkWith({ ...keys, token }).putObject({ ...at(`${prefix}a`), Body: 'x' });
    await expect(put('')).rejects.toMatchObject({ statusCode: 403, code: 'InvalidAccessKeyId' });
    for (const token of [others.token, `${keys.token}x`, 'x'])
      await expect(put(token)).rejects.toMatchObject({ statusCode: 403, code: 'InvalidToken' });
  });

  it('work in a pre-signed URL that carries the token', async () => {
    const { tmpSecretId, tmpSecretKey, token } = issueKeys();
    const url = (path: string, withToken: string) => {
      const signature = signCosRequest(
        { method: 'PUT', path, headers: { host: `127.0.0.1:${server.port}` } },
        { secretId: tmpSecretId, secretKey: tmpSecretKey },
        { startTime: now() - 1, endTime: now() + 60 },
      );
      return `${server.origin}${encodeURI(path)}?${signature}&x-cos-security-token=${withToken}`;
    };
    const put = async (path: string, withToken = token) =>
      (await fetch(url(path, withToken), { method: 'PUT', body: 'x' })).status;
    expect(await put(`/${prefix}a b.pdf`)).toBe(200);
    expect(await put('/class/42/s2/a')).toBe(403);
    expect(await put(`/${prefix}a`, 'x')).toBe(403);
  });
});

describe('a reply', () => {
  it('of a refusal is the XML of COS', async () => {
    const reply = await send({ key: 'a&b' });
    expect(reply.status).toBe(404);
    expect(reply.headers['content-type']).toBe('application/xml');
    expect(reply.error).toEqual({
      Code: 'NoSuchKey',
      Message: 'The specified key does not exist.',
      Resource: `127.0.0.1:${server.port}/a%26b`,
      RequestId: reply.headers['x-cos-request-id'],
    });
  });

  it('lets a page of another origin read it, refusals too', async () => {
    await sdk().putObject({ ...at('a'), Body: 'x' });
    for (const key of ['a', 'b']) {
      const { headers } = await send({ key });
      expect(headers['access-control-allow-origin']).toBe('*');
      expect(headers['access-control-expose-headers']).toContain('ETag');
    }
  });

  it('to a preflight allows what the page asks for, with no signature', async () => {
    const reply = await exchange({
      method: 'OPTIONS',
      path: '/a',
      headers: {
        origin: 'http://127.0.0.1:8787',
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'authorization,x-cos-security-token',
      },
    });
    expect(reply.status).toBe(200);
    expect(reply.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-headers': 'authorization,x-cos-security-token',
      'access-control-allow-methods': expect.stringContaining('PUT'),
    });
  });

  it.each([
    ['an ACL', { method: 'PUT', query: { acl: '' } }, 'NotImplemented'],
    ['a copy', { method: 'PUT', headers: { 'x-cos-copy-source': 'b' } }, 'NotImplemented'],
    ['a part number without its upload', { method: 'PUT', query: { partNumber: '1' } }, 'MethodNotAllowed'],
    ['a POST object', { method: 'POST' }, 'MethodNotAllowed'],
  ])('to %s is a refusal that leaves the object alone', async (_what, over, code) => {
    await sdk().putObject({ ...at('a'), Body: 'kept' });
    expect((await send({ key: 'a', ...over })).error.Code).toBe(code);
    expect((await sdk().getObject(at('a'))).Body.toString()).toBe('kept');
  });
});

describe('an ordered fault', () => {
  it.each([
    ['InternalError', 500, 'InternalError'],
    ['ServiceUnavailable', 503, 'ServiceUnavailable'],
    ['AccessDenied', 403, 'AccessDenied'],
    ['a code that COS does not have', 500, 'InternalError'],
    [503, 500, 'InternalError'],
  ])('with %s is refused with that, and nothing is stored', async (errorCode, status, code) => {
    faults.order({ command: 'PutObject', times: 1, errorCode });
    const refused = await send({ method: 'PUT', key: 'a', body: 'x' });
    expect([refused.status, refused.error.Code]).toEqual([status, code]);
    expect(refused.headers).toMatchObject({ 'access-control-allow-origin': '*' });
    expect((await send({ key: 'a' })).status).toBe(404);
    expect((await send({ method: 'PUT', key: 'a', body: 'x' })).status).toBe(200);
  });

  it('strikes the operation that it names, which the SDK tries again', async () => {
    faults.order({ command: 'UploadPart', times: 1, errorCode: 'SlowDown' });
    await sdk().putObject({ ...at('a'), Body: 'x' });
    const { UploadId } = await sdk().multipartInit(at('b'));
    expect(faults.pending()).toHaveLength(1);
    await sdk().multipartUpload({ ...at('b'), UploadId, PartNumber: 1, Body: 'x' });
    expect(faults.pending()).toEqual([]);
  });

  it('that drops the reply has it done, and hangs up', async () => {
    faults.order({ command: 'PutObject', times: 1, dropReply: true });
    await expect(send({ method: 'PUT', key: 'a', body: 'x' })).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect((await send({ key: 'a' })).text).toBe('x');
  });

  it('that delays has it done, and holds the reply back', async () => {
    let release: () => void = () => undefined;
    const held: number[] = [];
    const holding = new Promise<void>((holds) => {
      sleep = (ms) => {
        held.push(ms);
        holds();
        return new Promise<void>((resolve) => (release = resolve));
      };
    });
    faults.order({ command: 'PutObject', times: 1, delayMs: 3000 });
    let isAnswered = false;
    const put = send({ method: 'PUT', key: 'a', body: 'x' }).finally(() => {
      isAnswered = true;
    });
    await holding;
    expect((await send({ key: 'a' })).text).toBe('x');
    expect([held, isAnswered]).toEqual([[3000], false]);
    release();
    expect((await put).status).toBe(200);
  });
});
