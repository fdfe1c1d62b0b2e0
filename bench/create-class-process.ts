/**
 * One of the processes of `bench/create-class.ts`: creates classes with the bundled function, and in turn makes the same
 * calls to IM with nothing around them. Sends the milliseconds of both.
 */
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { createFetch } from '../lib/http/fetch.ts';
import { createImClient } from '../lib/im/client.ts';
import { createUserSigSigner } from '../lib/usersig/signer.ts';

export interface Work {
  /** The function's bundle. */
  file: string;
  /** An event that is signed in, without its body. */
  event: object;
  teacherId: string;
  classes: number;
  /** Of the ids that this process makes. */
  prefix: string;
}

export interface Times {
  classMs: number[];
  callsMs: number[];
}

process.once('message', async ({ file, event, teacherId, classes, prefix }: Work) => {
  const { main } = createRequire(import.meta.url)(file);
  const im = createImClient({
    apiUrl: process.env.IM_API_URL ?? '',
    adminUserId: 'administrator',
    signer: createUserSigSigner(Number(process.env.IM_SDK_APP_ID), { secretKey: process.env.IM_SECRET_KEY ?? '' }),
    fetch: createFetch(Date.now),
    sleep,
    random: Math.random,
    clock: Date.now,
  });

  const createClass = async (classId: string) => {
    const { statusCode, body } = await main({ ...event, body: JSON.stringify({ classId, name: 'Maths' }) }, {});
    if (statusCode !== 201) throw new Error(`create-class answered ${statusCode}: ${body}`);
  };
  const callIm = async (classId: string) => {
    const [chat, replay] = [`${classId}_chat`, `${classId}_replay`];
    await im.importAccount({ userId: teacherId });
    await im.createGroup({ groupId: chat, type: 'AVChatRoom', name: 'Maths', ownerId: teacherId });
    await im.createGroup({ groupId: replay, type: 'Private', name: 'Maths', ownerId: teacherId });
    await im.sendCustomMessage({ groupId: replay, random: 1, data: {}, description: '', priority: 'Normal' });
  };
  const timed = async (work: () => Promise<void>): Promise<number> => {
    const began = performance.now();
    await work();
    return performance.now() - began;
  };

  // A cold start is another benchmark's.
  await createClass(`${prefix}warm`);
  await callIm(`${prefix}bare-warm`);
  const times: Times = { classMs: [], callsMs: [] };
  for (let index = 0; index < classes; index += 1) {
    times.classMs.push(await timed(() => createClass(`${prefix}${index}`)));
    times.callsMs.push(await timed(() => callIm(`${prefix}bare-${index}`)));
  }
  process.send?.(times);
  process.disconnect();
  process.exit();
});
