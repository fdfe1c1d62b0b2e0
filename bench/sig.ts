import { createRequire } from 'node:module';
import { createHandler } from '../functions/issue-sig/handler.ts';
import { createAuthenticate } from '../lib/auth/authenticate.ts';
import { createReservedUserIds } from '../lib/auth/reserved-user-ids.ts';
import { createLog } from '../lib/log.ts';
import type { HttpDeps } from '../lib/scf/http-endpoint.ts';
import { createUserSigSigner } from '../lib/usersig/signer.ts';
import { signLocalToken } from '../local/token.ts';
import { median, round } from './median.ts';
import type { BenchResult } from './run.ts';

const callsPerRound = 2000;
const rounds = 15;
const sdkAppId = 1400000000;
const secretKey = '5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e';
const jwtSecret = 'a secret of the benchmark, 32 bytes';

/** Warm `issue-sig` through its whole handler, beside the bare signer of `tls-sig-api-v2`, in one process. */
export const run = async (): Promise<BenchResult> => {
  const { Api } = createRequire(import.meta.url)('tls-sig-api-v2/TLSSigAPIv2.js');
  const api = new Api(sdkAppId, secretKey);
  const { token } = await signLocalToken({ userId: 's1', role: 'student' }, { AUTH_JWT_SECRET: jwtSecret });
  const event = {
    httpMethod: 'POST',
    path: '/issue-sig',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    queryString: {},
    body: '{}',
  };

  const reserved = createReservedUserIds('administrator');
  const offline = async (): Promise<never> => {
    throw new Error('nothing is fetched here');
  };
  const settings = { key: { secret: jwtSecret }, userIdClaim: 'sub', roleClaim: 'role' };
  const lines: number[] = [];
  const http: HttpDeps = {
    authenticate: createAuthenticate({ settings, reserved, fetch: offline, clock: Date.now }),
    log: createLog({ level: 'info', write: (line) => lines.push(line.length), clock: Date.now }),
    clock: Date.now,
    allowedOrigins: [],
  };
  const handlerWith = (deps: HttpDeps) => {
    const handler = createHandler({
      http: deps,
      reserved,
      signer: createUserSigSigner(sdkAppId, { secretKey }),
      defaultTtlSeconds: 86_400,
    });
    return async () => {
      const { statusCode } = await handler(event, { request_id: 'bench', function_name: 'issue-sig' });
      if (statusCode !== 200) throw new Error(`issue-sig answered ${statusCode}`);
    };
  };
  const contenders: Record<string, () => unknown> = {
    genUserSig: () => api.genUserSig('s1', 86_400),
    'issue-sig': handlerWith(http),
    'issue-sig, authentication injected': handlerWith({
      ...http,
      authenticate: async () => ({ userId: 's1', role: 'student' }),
    }),
  };

  const rates: Record<string, number[]> = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, call] of Object.entries(contenders)) {
      const began = performance.now();
      for (let calls = 0; calls < callsPerRound; calls += 1) await call();
      // The first round warms up.
      if (round > 0) rates[name]?.push((callsPerRound / (performance.now() - began)) * 1000);
    }
  }
  const rate = (name: string) => median(rates[name] ?? []);
  const share = (name: string) => rate(name) / rate('genUserSig');
  const check = (name: string, limit: number) => ({
    what: `${name}, in genUserSigs`,
    is: round(share(name), 3),
    limit,
    ok: share(name) >= limit,
  });
  return {
    rows: Object.fromEntries(
      Object.keys(contenders).map((name) => [
        name,
        { perSecond: Math.round(rate(name)), ofGenUserSig: round(share(name), 3) },
      ]),
    ),
    checks: [check('issue-sig', 0.08), check('issue-sig, authentication injected', 0.5)],
    notes: [
      `Medians of ${rounds} rounds of ${callsPerRound} calls, one after the other; ${lines.length} lines logged.`,
    ],
  };
};
