import { watch } from 'node:fs';
import { join } from 'node:path';
import { startLocalCloud } from '../local/cloud.ts';
import { readOutside } from '../local/environment.ts';
import type { LocalFunction } from '../local/runtime.ts';
import { signLocalToken } from '../local/token.ts';
import type { Utils } from './framework.ts';
import { localSettings } from './local-settings.ts';

const people = [
  { role: 'teacher', userId: 't1', name: 'Ms. Li' },
  { role: 'student', userId: 's1', name: 'Ming' },
  { role: 'admin', userId: 'a1', name: 'Admin' },
];

/** `dev`, which `npm start` runs: the local cloud until it is interrupted; sources that change are loaded anew. */
export const dev = async (functions: readonly LocalFunction[], serviceDir: string, utils: Utils): Promise<void> => {
  const outside = readOutside(process.env, serviceDir);
  const cloud = await startLocalCloud({
    ...localSettings(outside, serviceDir),
    outside,
    functions,
    output: console,
    stays: true,
  });
  const watchers = ['functions', 'lib'].map((folder) =>
    watch(join(serviceDir, folder), { recursive: true }, () => {
      for (const { name } of functions) cloud.reload(name);
    }),
  );
  const tokens = cloud.mintsTokens
    ? await Promise.all(people.map(async (person) => ({ ...person, ...(await signLocalToken(person, cloud.env)) })))
    : [];
  utils.writeText(
    [
      '',
      `  Gateway        ${cloud.gateway}   every function at its path; a page at /, the API at /docs`,
      `  Tencent Cloud  ${cloud.cloud}   IM, TRTC, STS, SCF`,
      `  COS            ${cloud.cos}   bucket ${cloud.env.COS_BUCKET}`,
      `  PostgreSQL     ${new URL(cloud.env.DATABASE_URL ?? '').host}`,
      '',
      ...(tokens.length > 0
        ? [
            '  Tokens for 12 hours; POST /local/token makes others:',
            '',
            ...tokens.flatMap(({ role, userId, token }) => [`  ${role} ${userId}`, `  ${token}`, '']),
          ]
        : []),
      '  Ctrl+C stops it.',
    ].join('\n'),
  );
  await new Promise<void>((stop) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop());
  });
  for (const watcher of watchers) watcher.close();
  await cloud.stop();
};
