import { rmSync } from 'node:fs';
import COS from 'cos-nodejs-sdk-v5';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalCloudOptions, startLocalCloud } from '../../local/cloud.ts';
import { makeDirectory } from '../support/directory.ts';
import { openImSession } from '../support/im-session.ts';
import { extend, functions, type TestCloud } from '../support/local-cloud.ts';

const dataDir = makeDirectory();
const written: string[] = [];
const write = (...values: unknown[]) => void written.push(values.map(String).join(' '));

/** As `npm start` starts it: with its own PostgreSQL, and to stay. */
const options: LocalCloudOptions = {
  dataDir,
  ports: { gateway: 0, cloud: 0, cos: 0 },
  outside: {},
  functions,
  output: { log: write, error: write },
  stays: true,
  databaseSettings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
};
const start = async (): Promise<TestCloud> => extend(await startLocalCloud(options), dataDir, written);

const cosOf = (cloud: TestCloud) =>
  new COS({
    SecretId: cloud.env.TENCENTCLOUD_SECRETID,
    SecretKey: cloud.env.TENCENTCLOUD_SECRETKEY,
    Domain: new URL(cloud.cos).host,
    Protocol: 'http:',
    ConfCwd: '/dev/null',
  });

let cloud: TestCloud;
let teacher: string;

beforeAll(async () => {
  cloud = await start();
  teacher = await cloud.signIn('t1', 'teacher', '李老师');
});
afterAll(async () => {
  await cloud.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('a local cloud that runs', () => {
  it('is told to whoever starts another on its data directory', async () => {
    await expect(startLocalCloud(options)).rejects.toThrow(
      `The local cloud of this data directory is running already, at ${cloud.gateway}.`,
    );
    expect((await fetch(`${cloud.gateway}/health`)).status).toBe(200);
  });

  it('says which variable moves it when its port is taken, and leaves nothing behind', async () => {
    const elsewhere = makeDirectory();
    const ports = { ...options.ports, cloud: Number(new URL(cloud.cloud).port) };
    const starting = () => startLocalCloud({ ...options, dataDir: elsewhere, ports });
    for (const _ of ['the first time', 'and again'])
      await expect(starting()).rejects.toThrow(
        `Port ${ports.cloud} is taken. Stop what uses it, or set LOCAL_CLOUD_PORT to another one.`,
      );
    rmSync(elsewhere, { recursive: true });
  });
});

describe('a local cloud that starts again on its data directory', () => {
  it('has its classes, groups, files and words, and takes the tokens and sigs of before', async () => {
    const admin = await cloud.signIn('a1', 'admin');
    const created = await cloud.post('create-class', { classId: 'c1', name: '代数' }, teacher);
    expect(created.status).toBe(201);
    await cloud.post('edit-dirty-words', { add: [{ word: 'darn' }] }, admin);
    const { body: sig } = await cloud.post('issue-sig', {}, teacher);
    const object = {
      Bucket: cloud.env.COS_BUCKET ?? '',
      Region: cloud.env.COS_REGION ?? '',
      Key: 'c1/courseware/a.txt',
    };
    await cosOf(cloud).putObject({ ...object, Body: 'notes' });

    await cloud.stop();
    await expect(fetch(cloud.gateway)).rejects.toThrow();
    cloud = await start();

    const ordered = 10;
    await cloud.orderFault({ command: 'create_group', times: ordered });
    const again = await cloud.post('create-class', { classId: 'c1', name: '代数' }, teacher);
    expect([again.status, again.body]).toEqual([200, created.body]);
    expect(await cloud.callsOf('create_group', ordered)).toBe(0);
    const session = await openImSession(cloud.cloud, { ...sig, userId: 't1' });
    expect(await session.ask({ op: 'join', groupId: 'c1_chat' })).toMatchObject({ ErrorCode: 0 });
    const { Body } = await cosOf(cloud).getObject(object);
    expect(Body.toString()).toBe('notes');
    const { body: list } = await cloud.post('list-dirty-words', {}, admin);
    expect(list.words).toMatchObject([{ word: 'darn' }]);
  });

  it('has told its log no secret of its own', () => {
    const secrets = ['IM_SECRET_KEY', 'IM_CALLBACK_TOKEN', 'TENCENTCLOUD_SECRETKEY', 'AUTH_JWT_SECRET', 'DATABASE_URL']
      .map((name) => cloud.env[name] ?? '')
      .concat(new URL(cloud.env.DATABASE_URL ?? '').password, teacher.replace('Bearer ', ''));
    expect(written.length).toBeGreaterThan(5);
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(15);
      expect(cloud.output()).not.toContain(secret);
    }
  });
});
