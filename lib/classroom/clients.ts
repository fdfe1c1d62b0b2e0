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

/** IM as its administrator calls it, and what signs for that. */
export const createIm = (
  { sdkAppId, signingKey, imApiUrl: apiUrl, adminUserId }: Omit<ClientsConfig, 'databaseUrl'>,
  { fetch, clock }: { fetch: Fetch; clock(): number },
): Pick<Clients, 'im' | 'signer'> => {
  const signer = createUserSigSigner(sdkAppId, signingKey);
  return { im: createImClient({ apiUrl, adminUserId, signer, fetch, sleep, random: Math.random, clock }), signer };
};

/** What a function that does something with a class works with: its database, IM, and the machine's chance and time. */
export const createClients = (config: ClientsConfig, { fetch, clock }: { fetch: Fetch; clock(): number }): Clients => ({
  ...createIm(config, { fetch, clock }),
  database: createDatabase({ url: config.databaseUrl, clock, sleep }),
  random: { bytes: randomBytes, integer: randomInt },
  clock,
  sleep,
});
