import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import COS from 'cos-nodejs-sdk-v5';
import { beforeEach, describe, expect, it } from 'vitest';
import { startTestCloud } from '../support/local-cloud.ts';

/** How far the clocks of IM, STS and COS are ahead of the functions' and the client's. */
let aheadMs = 0;
const cloud = await startTestCloud({ clock: () => Date.now() + aheadMs });
const teacher = await cloud.signIn('t1', 'teacher');
const assistant = await cloud.signIn('h1', 'student');
for (const classId of ['c1', 'c10', 'c2'])
  await cloud.post('create-class', { classId, name: 'Files', assistantIds: ['h1'] }, teacher);

beforeEach(() => {
  aheadMs = 0;
});

const vend = async (authorization: string, purpose: 'upload' | 'download' = 'upload') => {
  const { status, body } = await cloud.post('vend-cos-credentials', { classId: 'c1', purpose }, authorization);
  expect(status).toBe(200);
  return body;
};

type Vended = Awaited<ReturnType<typeof vend>>;

/** Tencent's own client, given what an app gives it. */
const clientOf = (vended: Vended, options: COS.COSOptions = {}) =>
  new COS({
    getAuthorization: (_, callback) =>
      callback({
        TmpSecretId: vended.credentials.tmpSecretId,
        TmpSecretKey: vended.credentials.tmpSecretKey,
        SecurityToken: vended.credentials.sessionToken,
        StartTime: vended.startTime,
        ExpiredTime: vended.expiredTime,
      }),
    Domain: new URL(vended.origin).host,
    Protocol: 'http:',
    // Where it would keep a list of unfinished uploads.
    ConfCwd: '/dev/null',
    ...options,
  });

const at = ({ bucket, region }: Vended, Key: string) => ({ Bucket: bucket, Region: region, Key });
const denied = { statusCode: 403, code: 'AccessDenied' };

describe('vended credentials', () => {
  it('are those of getAuthorization, and say where to send the files', async () => {
    expect(await vend(assistant)).toEqual({
      credentials: {
        tmpSecretId: expect.any(String),
        tmpSecretKey: expect.any(String),
        sessionToken: expect.any(String),
      },
      startTime: expect.any(Number),
      expiredTime: expect.any(Number),
      bucket: 'classroom-1250000000',
      region: 'ap-shanghai',
      origin: cloud.cos,
      prefix: 'c1/u/h1/',
      coursewarePrefix: 'c1/courseware/',
    });
  });

  it('upload in one piece, and others read it back', async () => {
    const uploading = await vend(assistant);
    const Key = `${uploading.prefix}板书 1.txt`;
    await clientOf(uploading).putObject({ ...at(uploading, Key), Body: 'a drawing' });
    const reading = await vend(teacher, 'download');
    const { Body } = await clientOf(reading).getObject(at(reading, Key));
    expect(Body.toString()).toBe('a drawing');
  });

  it('upload in several pieces', async () => {
    const vended = await vend(teacher);
    const FilePath = join(cloud.dataDir, 'video.bin');
    const video = randomBytes(3 * 1024 * 1024 + 7);
    writeFileSync(FilePath, video);
    const Key = `${vended.coursewarePrefix}video.bin`;
    const { ETag } = await clientOf(vended, { ChunkSize: 1024 * 1024 }).sliceUploadFile({
      ...at(vended, Key),
      FilePath,
    });
    expect(ETag).toMatch(/-4"$/);
    const reading = await vend(assistant, 'download');
    const { Body } = await clientOf(reading).getObject(at(reading, Key));
    expect(Buffer.from(Body).equals(video)).toBe(true);
  });

  it.each([
    ['the folder of somebody else', 'c1/u/t1/x'],
    ['a folder whose name begins like its own', 'c1/u/h10/x'],
    ['a class whose name begins like its own', 'c10/u/h1/x'],
    ['the class itself', 'c1/x'],
  ])('do not upload into %s', async (_, Key) => {
    const vended = await vend(assistant);
    await expect(clientOf(vended).putObject({ ...at(vended, Key), Body: 'x' })).rejects.toMatchObject(denied);
  });

  it('take a key as it is: dots lead nowhere', async () => {
    const vended = await vend(assistant);
    await clientOf(vended).putObject({ ...at(vended, 'c1/u/h1/../t1/dots'), Body: 'x' });
    const reading = await vend(teacher, 'download');
    await expect(clientOf(reading).getObject(at(reading, 'c1/u/t1/dots'))).rejects.toMatchObject({ code: 'NoSuchKey' });
  });

  it('do what they are for and nothing else', async () => {
    const [uploading, reading] = [await vend(assistant), await vend(assistant, 'download')];
    const Key = `${uploading.prefix}once.txt`;
    await clientOf(uploading).putObject({ ...at(uploading, Key), Body: 'x' });
    await expect(clientOf(uploading).getObject(at(uploading, Key))).rejects.toMatchObject(denied);
    await expect(clientOf(uploading).deleteObject(at(uploading, Key))).rejects.toMatchObject(denied);
    await expect(clientOf(reading).putObject({ ...at(reading, Key), Body: 'y' })).rejects.toMatchObject(denied);
    await expect(clientOf(reading).getObject(at(reading, 'c1/u/t1/x'))).rejects.toMatchObject(denied);
  });

  it('hold until they expire and not a second longer, however fresh the signature', async () => {
    const vended = await vend(assistant);
    const put = () => {
      const { credentials } = vended;
      // The keys as they are: asked through getAuthorization, the client would not even send them any more.
      const client = clientOf(vended, {
        getAuthorization: undefined,
        SecretId: credentials.tmpSecretId,
        SecretKey: credentials.tmpSecretKey,
        SecurityToken: credentials.sessionToken,
        SystemClockOffset: aheadMs,
      });
      return client.putObject({ ...at(vended, `${vended.prefix}late.txt`), Body: 'x' });
    };
    aheadMs = (vended.expiredTime - 5) * 1000 - Date.now();
    await expect(put()).resolves.toMatchObject({ statusCode: 200 });
    aheadMs = vended.expiredTime * 1000 - Date.now();
    await expect(put()).rejects.toMatchObject({ statusCode: 403, code: 'ExpiredToken' });
  });
});

describe('a signed object', () => {
  const sign = async (body: object, authorization = assistant) => {
    const reply = await cloud.post('sign-cos-object', { classId: 'c1', mode: 'once', ...body }, authorization);
    expect(reply.status).toBe(200);
    return reply.body;
  };

  it.each(['板书 1.txt', "100% (it's)+a&b=c?d#e;f.txt", 'deep/er/😀~!.txt'])(
    'is written, seen and read with plain URLs (%s)',
    async (path) => {
      const { key, url } = await sign({ path, method: 'PUT' });
      expect(key).toBe(`c1/u/h1/${path}`);
      expect(await fetch(url, { method: 'PUT', body: 'a drawing' })).toMatchObject({ status: 200 });
      const head = await fetch((await sign({ path, method: 'HEAD' })).url, { method: 'HEAD' });
      expect([head.status, head.headers.get('content-length')]).toEqual([200, '9']);
      const read = await fetch((await sign({ path, method: 'GET' })).url);
      expect([read.status, await read.text()]).toEqual([200, 'a drawing']);
    },
  );

  it('is written and read with the two headers', async () => {
    const send = async (method: 'PUT' | 'GET', body?: string) => {
      const signed = await sign({ path: 'headers.txt', area: 'courseware', method });
      return fetch(`${cloud.cos}/${signed.key}`, {
        method,
        headers: { authorization: signed.authorization, 'x-cos-security-token': signed.securityToken },
        body,
      });
    };
    expect(await send('PUT', 'x')).toMatchObject({ status: 200 });
    expect(await (await send('GET')).text()).toBe('x');
  });

  it('is written and read by Tencent’s own client', async () => {
    const client = new COS({
      getAuthorization: ({ Method }, callback) =>
        void sign({ path: 'sdk 1.txt', method: Method, mode: 'reusable' }).then(({ authorization, securityToken }) => {
          // It takes a whole signature too, of which its types do not know.
          const signed: object = { Authorization: authorization, SecurityToken: securityToken };
          callback(signed as COS.Credentials);
        }),
      Domain: new URL(cloud.cos).host,
      Protocol: 'http:',
      ConfCwd: '/dev/null',
    });
    const object = { Bucket: 'classroom-1250000000', Region: 'ap-shanghai', Key: 'c1/u/h1/sdk 1.txt' };
    await client.putObject({ ...object, Body: 'x' });
    expect((await client.getObject(object)).Body.toString()).toBe('x');
    await expect(client.putObject({ ...object, Key: 'c1/u/h1/other.txt', Body: 'x' })).rejects.toMatchObject({
      statusCode: 403,
    });
  });

  it('is all that a leaked URL opens, and in no other way', async () => {
    const url = new URL((await sign({ path: 'leaked.txt', method: 'PUT' })).url);
    const at = (pathname: string, search = url.search) => Object.assign(new URL(url), { pathname, search });
    const attempts: [string, URL][] = [
      ['GET', url],
      ['HEAD', url],
      ['DELETE', url],
      ['PUT', at('/c1/u/h1/other.txt')],
      ['PUT', at('/c1/u/t1/leaked.txt')],
      ['PUT', at('/c1/u/h1/leaked.txt/x')],
      ['GET', at('/', `${url.search}&prefix=c1/`)],
      ['POST', at(url.pathname, `${url.search}&uploads`)],
    ];
    for (const [method, target] of attempts) expect(await fetch(target, { method })).toMatchObject({ status: 403 });
    expect(await fetch(url, { method: 'PUT', body: 'x' })).toMatchObject({ status: 200 });
  });

  it('is open until its time and not a second longer', async () => {
    const { url, expiredTime } = await sign({ path: 'late.txt', method: 'PUT' });
    const put = async () => (await fetch(url, { method: 'PUT', body: 'x' })).status;
    aheadMs = (expiredTime - 5) * 1000 - Date.now();
    expect(await put()).toBe(200);
    aheadMs = expiredTime * 1000 - Date.now();
    expect(await put()).toBe(403);
  });
});

describe('the list of files', () => {
  const files = ['c2/courseware/1 课件.pdf', 'c2/courseware/2.pdf', 'c2/u/h1/a&b.txt', 'c2/u/t1/plan.md'];

  const upload = async (key: string) => {
    const [, folder, ...rest] = key.split('/');
    const area = folder === 'courseware' ? { area: folder, path: rest.join('/') } : { path: rest.slice(1).join('/') };
    const body = { classId: 'c2', method: 'PUT', mode: 'once', ...area };
    const signed = await cloud.post('sign-cos-object', body, key.includes('/t1/') ? teacher : assistant);
    expect(signed.body.key).toBe(key);
    await fetch(signed.body.url, { method: 'PUT', body: key });
  };

  const pages = async (authorization: string, limit: number) => {
    const seen: string[][] = [];
    let cursor: string | undefined;
    do {
      const { body } = await cloud.post('list-files', { classId: 'c2', limit, cursor }, authorization);
      seen.push(body.files.map(({ key }: { key: string }) => key));
      cursor = body.nextCursor;
    } while (cursor !== undefined);
    return seen;
  };

  it('shows what was uploaded, to everybody what they may read', async () => {
    const before = Math.floor(Date.now() / 1000);
    for (const key of files) await upload(key);
    const { status, body } = await cloud.post('list-files', { classId: 'c2' }, teacher);
    expect(status).toBe(200);
    expect(body).toEqual({
      files: files.map((key) => ({ key, size: Buffer.byteLength(key), lastModified: expect.any(Number) })),
    });
    for (const { lastModified } of body.files) expect(lastModified).toBeGreaterThanOrEqual(before);
    expect(await pages(teacher, 3)).toEqual([files.slice(0, 3), files.slice(3)]);
    expect(await pages(assistant, 1)).toEqual([[files[0]], [files[1]], [files[2]]]);
    expect(await pages(assistant, 200)).toEqual([files.slice(0, 3)]);
  });
});
