import type { Fetch } from '../../lib/http/fetch.ts';
import { createImClient, type ImClient } from '../../lib/im/client.ts';
import { createUserSigSigner } from '../../lib/usersig/signer.ts';
import { createFaults, type Faults } from '../../local/faults.ts';
import { createCallbackSender } from '../../local/im/callbacks.ts';
import { createIm, type Im } from '../../local/im/im.ts';
import type { ImLimits } from '../../local/im/limits.ts';
import { keepSecret } from './kept.ts';

export const sdkAppId = 1400000000;
export const imSecretKey = '5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e';
keepSecret('imSecretKey', imSecretKey);

export interface TestIm {
  im: Im;
  client: ImClient;
  faults: Faults;
  fetch: Fetch;
  /** Every REST call that reached IM: its command's last word and its body. */
  calls: { command: string; body: Record<string, unknown>; url: URL }[];
}

export interface TestImOptions {
  clock: () => number;
  limits?: Partial<ImLimits>;
  refusedWords?: string[];
}

/** The local IM, reached through a `fetch` in memory: it checks every signature, and a lost reply rejects. */
export const createTestIm = ({ clock, limits, refusedWords }: TestImOptions): TestIm => {
  const faults = createFaults();
  const key = { secretKey: imSecretKey };
  const noFetch = async (): Promise<never> => {
    throw new Error('no callbacks here');
  };
  const callbacks = createCallbackSender({ url: () => undefined, token: '', sdkAppId, clock, fetch: noFetch, faults });
  const im = createIm({
    sdkAppId,
    key,
    adminUserId: 'administrator',
    clock,
    faults,
    callbacks,
    limits,
    refusedWords,
    sleep: async () => {},
  });
  const calls: TestIm['calls'] = [];
  const fetch: Fetch = async (target, init) => {
    const url = new URL(target);
    keepSecret('usersig', url.searchParams.get('usersig') ?? undefined);
    calls.push({ command: url.pathname.split('/').at(-1) ?? '', body: JSON.parse(init?.body ?? '{}'), url });
    const reply = await im.rest({
      method: init?.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      headers: {},
      body: Buffer.from(init?.body ?? ''),
      remoteAddress: '127.0.0.1',
    });
    if (reply === 'hang up') throw Object.assign(new Error(`socket hang up at ${url}`), { code: 'ECONNRESET' });
    return { status: reply.status, text: async () => String(reply.body) };
  };
  const client = createImClient({
    apiUrl: 'https://im.example.com',
    adminUserId: 'administrator',
    signer: createUserSigSigner(sdkAppId, key),
    fetch,
    sleep: async () => {},
    random: Math.random,
    clock,
  });
  return { im, client, faults, fetch, calls };
};
