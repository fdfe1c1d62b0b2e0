import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createFetch } from '../lib/http/fetch.ts';
import { createTencentApi } from './api/server.ts';
import { createSts } from './api/sts.ts';
import { createTemporaryKeys } from './api/temporary-keys.ts';
import { createCos } from './cos/server.ts';
import { createStore } from './cos/store.ts';
import { startDatabase } from './database.ts';
import { createDocs } from './docs.ts';
import { type Environment, localEnvironment, readSecrets } from './environment.ts';
import { faultOrders } from './fault-orders.ts';
import { createFaults } from './faults.ts';
import { createFeed } from './feed.ts';
import { createFunctions } from './functions.ts';
import { createGateway } from './gateway.ts';
import { isApiHost, isLoopbackHost, type LocalReply, type LocalRequest, type LocalServer, serve } from './http.ts';
import { createCallbackSender } from './im/callbacks.ts';
import { createIm } from './im/im.ts';
import type { ImLimits } from './im/limits.ts';
import { createPage } from './page/serve.ts';
import { announce, releaseDataDir, takeDataDir } from './running.ts';
import type { LocalFunction } from './runtime.ts';
import { openImState } from './saved-state.ts';
import { createCallRecord } from './scf/calls.ts';
import { createScf } from './scf/scf.ts';
import type { ScfSettings } from './scf/settings.ts';
import { startTimer } from './timer.ts';
import { createTrtcCallbacks } from './trtc/callbacks.ts';
import { createTrtc } from './trtc/trtc.ts';
import { serveUpgrades } from './upgrades.ts';

export interface LocalCloudOptions {
  /** Everything that is kept between runs. */
  dataDir: string;
  /** 0 takes any free one. */
  ports: Ports;
  /** What the developer set; it wins over the local defaults. */
  outside: Environment;
  functions: readonly LocalFunction[];
  /** Where the functions' console goes. */
  output: Pick<Console, 'log' | 'error'>;
  /** It stays: timers tick, and other processes may use it. */
  stays: boolean;
  /** Milliseconds since 1970, of IM, TRTC, STS and COS; the functions and the timers keep the machine's. */
  clock?: () => number;
  imLimits?: Partial<ImLimits>;
  scfSettings?: Partial<ScfSettings>;
  /** Is given every line that a deployed function writes. */
  onScfLine?: (line: string) => void;
  /** Where IM and TRTC post their callbacks, made from the cloud port's origin; left out: the gateway. */
  callbackOrigin?: (cloud: string) => string;
  /** More settings of PostgreSQL. */
  databaseSettings?: Readonly<Record<string, string>>;
}

export interface Ports {
  gateway: number;
  cloud: number;
  cos: number;
}

export interface LocalCloud {
  readonly gateway: string;
  readonly cloud: string;
  readonly cos: string;
  /** What the functions see. */
  readonly env: Environment;
  readonly mintsTokens: boolean;
  /** Loads a function anew at its next call. */
  reload(name: string): void;
  invoke(name: string, event: unknown): Promise<unknown>;
  stop(): Promise<void>;
}

/** Another process's local cloud has this data directory. */
export class AlreadyRunning extends Error {
  readonly gateway: string;

  constructor(gateway: string) {
    super(`The local cloud of this data directory is running already, at ${gateway}.`);
    this.gateway = gateway;
  }
}

/** Where IM and TRTC post their callbacks. */
const callbackFunctions = { im: 'im-callback', trtc: 'trtc-callback' } as const;

const isCallback = (name: string): boolean => Object.values<string>(callbackFunctions).includes(name);

const notYet = async (): Promise<LocalReply> => ({ status: 503, body: 'starting\n' });

/** Starts the local cloud: IM, TRTC, STS, SCF, COS, PostgreSQL, the gateway and the timers, all on loopback. */
export const startLocalCloud = async (options: LocalCloudOptions): Promise<LocalCloud> => {
  if (process.env.TENCENTCLOUD_RUNENV === 'SCF') throw new Error('The local cloud never runs on SCF.');
  const { dataDir, outside, functions, output, stays } = options;
  mkdirSync(dataDir, { recursive: true });
  const holder = await takeDataDir(dataDir);
  if (holder?.addresses) throw new AlreadyRunning(holder.addresses.gateway);
  // What has been started is stopped in reverse, also when the rest fails to start.
  const stops: (() => unknown)[] = [() => releaseDataDir(dataDir)];
  const stop = async () => {
    for (const step of stops.splice(0).reverse()) await step();
  };
  try {
    return await start(options, stops, stop);
  } catch (error) {
    await stop();
    throw error;
  }

  async function start(
    { ports }: LocalCloudOptions,
    stops: (() => unknown)[],
    stop: () => Promise<void>,
  ): Promise<LocalCloud> {
    const handlers: Record<keyof Ports, (request: LocalRequest) => Promise<LocalReply>> = {
      gateway: notYet,
      cloud: notYet,
      cos: notYet,
    };
    const listen = async (part: keyof Ports): Promise<LocalServer> => {
      const isOwnHost = part === 'cloud' ? isApiHost : isLoopbackHost;
      const server = await serve(ports[part], (request) => handlers[part](request), isOwnHost).catch(
        explainPort(part, ports[part]),
      );
      stops.push(() => server.close());
      return server;
    };
    const [gateway, cloud, cos] = [await listen('gateway'), await listen('cloud'), await listen('cos')];

    const secrets = readSecrets(dataDir);
    const { clock = Date.now } = options;
    const faults = createFaults();
    const feed = createFeed(Date.now);
    serveUpgrades(gateway.server, { '/local/feed': feed.upgrade });
    stops.push(() => feed.close());

    const database = await startDatabase({
      url: outside.DATABASE_URL,
      directory: join(dataDir, 'postgres'),
      password: secrets.databasePassword,
      settings: options.databaseSettings,
      faults,
      feed,
    });
    stops.push(() => database.stop());
    const addresses = { cloud: cloud.origin, cos: cos.origin, databaseUrl: database.url };
    const env = localEnvironment({ ...outside, DATABASE_URL: database.url }, secrets, addresses);

    const temporaryKeys = createTemporaryKeys(secrets.temporaryKeysSecret);
    const permanentKey = () => ({
      secretId: env.TENCENTCLOUD_SECRETID ?? '',
      secretKey: env.TENCENTCLOUD_SECRETKEY ?? '',
    });
    const sdkAppId = Number(env.IM_SDK_APP_ID);

    const cosDirectory = join(dataDir, 'cos');
    const objects = createStore(cosDirectory, clock);
    const scf = createScf({
      directory: join(dataDir, 'scf'),
      clock,
      faults,
      temporaryKeys,
      readObject: async (bucket, region, key) =>
        bucket === env.COS_BUCKET && region === env.COS_REGION ? (await objects.readObject(key))?.content : undefined,
      origin: () => cloud.origin,
      settings: options.scfSettings,
      onLine: options.onScfLine,
    });
    stops.push(() => scf.close());
    const callRecord = createCallRecord(feed);

    const callbackOrigin = options.callbackOrigin?.(cloud.origin) ?? gateway.origin;
    const { state, save } = openImState(join(dataDir, 'im.json'));
    const callbacks = createCallbackSender({
      url: () => `${callbackOrigin}/${callbackFunctions.im}`,
      token: env.IM_CALLBACK_TOKEN?.split(',')[0]?.trim() ?? '',
      sdkAppId,
      clock,
      fetch: createFetch(Date.now),
      faults,
      feed,
    });
    const key = env.IM_SECRET_KEY
      ? { secretKey: env.IM_SECRET_KEY }
      : { privateKey: (env.IM_PRIVATE_KEY ?? '').replaceAll('\\n', '\n') };
    const im = createIm({
      sdkAppId,
      key,
      adminUserId: env.IM_ADMIN_USER_ID ?? 'administrator',
      clock,
      faults,
      feed,
      callbacks,
      state,
      limits: options.imLimits,
    });
    const trtcCallbacks = createTrtcCallbacks({
      url: `${callbackOrigin}/${callbackFunctions.trtc}`,
      key: env.TRTC_CALLBACK_KEY ?? '',
      sdkAppId,
      clock,
      fetch: createFetch(Date.now),
      faults,
      feed,
    });
    const trtc = createTrtc({ sdkAppId, key, clock, callbacks: trtcCallbacks });
    serveUpgrades(cloud.server, { '/im': im.upgrade, '/trtc': trtc.upgrade });
    // TRTC stops first: its last events may make a function talk to IM.
    stops.push(
      save,
      () => callbacks.idle(),
      () => im.close(),
      () => trtcCallbacks.stop(),
      () => trtc.close(),
    );

    const api = createTencentApi({
      clock,
      faults,
      feed: callRecord.reporter,
      permanentKey,
      temporaryKeys,
      services: { ...createSts({ clock, temporaryKeys }), ...trtc.actions, ...scf.actions },
    });
    handlers.cloud = async (request) => {
      if (request.path.startsWith('/v4/')) return im.rest(request);
      if (request.path === '/local/faults') return faultOrders(faults, request);
      if (request.path === '/local/trtc/recording') return trtc.recording(request);
      if (request.path === '/local/scf/calls') return callRecord.handle(request);
      if (request.path.startsWith('/scf/')) return scf.serve(request);
      return api.handle(request);
    };
    handlers.cos = createCos({
      clock,
      bucket: env.COS_BUCKET ?? '',
      region: env.COS_REGION ?? '',
      permanentKey,
      temporaryKeys,
      directory: cosDirectory,
      faults,
      feed,
    }).handle;

    const running = createFunctions({ functions, env, output, feed });
    const mintsTokens = !outside.AUTH_JWT_SECRET && !outside.AUTH_JWKS_URL;
    const imUrl = `${cloud.origin.replace('http', 'ws')}/im`;
    let isReady = false;
    handlers.gateway = createGateway({
      find: (name) =>
        functions.some((fn) => fn.isRouted && fn.name === name)
          ? running.find(name, isCallback(name) ? 'callback' : 'http')
          : undefined,
      env,
      mintsTokens,
      isReady: () => isReady,
      sites: [
        createDocs(),
        createPage({
          imUrl,
          cloud: cloud.origin,
          cos: cos.origin,
          mintsTokens,
          userIdClaim: env.AUTH_USER_ID_CLAIM ?? 'sub',
          roleClaim: env.AUTH_ROLE_CLAIM ?? 'role',
        }),
      ],
    });

    if (stays) {
      // IM waits 2 s for its first callback, and a bundle takes its time.
      if (functions.some(({ name }) => name === callbackFunctions.im))
        await running.find(callbackFunctions.im, 'callback').catch(output.error);
      const find = (name: string) => running.find(name, 'timer');
      stops.push(startTimer({ functions, find, onError: (error) => output.error(error) }));
    }
    isReady = true;
    if (stays) scf.startTimers();
    if (stays) announce(dataDir, { gateway: gateway.origin, ...addresses });
    return {
      gateway: gateway.origin,
      cloud: cloud.origin,
      cos: cos.origin,
      env,
      mintsTokens,
      reload: running.reload,
      invoke: async (name, event) => (await running.find(name, 'invoke'))(event),
      stop,
    };
  }
};

const variableOf: Record<keyof Ports, string> = {
  gateway: 'LOCAL_PORT',
  cloud: 'LOCAL_CLOUD_PORT',
  cos: 'LOCAL_COS_PORT',
};

const explainPort =
  (part: keyof Ports, port: number) =>
  (error: unknown): never => {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw new Error(`Port ${port} is taken. Stop what uses it, or set ${variableOf[part]} to another one.`, {
        cause: error,
      });
    }
    throw error;
  };
