import { randomBytes, randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDatabase, type Database } from '../db/database.ts';
import type { Fetch } from '../http/fetch.ts';
import { createImClient, type ImClient } from '../im/client.ts';
import { createUserSigSigner, type SigningKey, type UserSigSigner } from '../usersig/signer.ts';
import type { Random } from './random.ts';

/** What `signingSettings`, `imSettings` and `databaseSettings` make of the environment. */
export interface ClientsConfig {
  sdkAppId: number;
  signingKey: SigningKey;
  imApiUrl: string;
  adminUserId: string;
  databaseUrl: string;
}

export interface Clients {
  database: Database;
  im: ImClient;
  signer: UserSigSigner;
  random: Random;
  clock(): number;
  sleep(ms: number): Promise<unknown>;
}

/** What a function that does something with a class works with: its database, IM, and the machine's chance and time. */
export const createClients = (
  { sdkAppId, signingKey, imApiUrl: apiUrl, adminUserId, databaseUrl: url }: ClientsConfig,
  { fetch, clock }: { fetch: Fetch; clock(): number },
): Clients => {
  const signer = createUserSigSigner(sdkAppId, signingKey);
  return {
    database: createDatabase({ url, clock, sleep }),
    im: createImClient({ apiUrl, adminUserId, signer, fetch, sleep, random: Math.random, clock }),
    signer,
    random: { bytes: randomBytes, integer: randomInt },
    clock,
    sleep,
  };
};
