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
for (const classId of ['c1', 'c10'])
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
