/** The gateway of `bench/callback.ts`, in a process of its own: `im-callback`, `edit-dirty-words` and the peer. Sends its address. */
import { createGateway } from '../local/gateway.ts';
import { serve } from '../local/http.ts';
import { loadFunction } from '../local/runtime.ts';
import { bundle } from '../plugin/bundle.ts';
import { describeFunction } from '../plugin/functions.ts';
import service from '../serverless.ts';
import { describeFunctions, serviceDir, temporaryDirectory } from './service.ts';

const peer = {
  handler: 'bench/callback-peer.main',
  environment: ['IM_CALLBACK_TOKEN'],
  events: [{ http: { path: '/callback-peer' } }],
};
const functions = [
  ...describeFunctions().filter(({ name }) => ['im-callback', 'edit-dirty-words'].includes(name)),
  {
    ...describeFunction('callback-peer', peer, service.provider, serviceDir),
    bundle: () => bundle(serviceDir, peer.handler, temporaryDirectory()),
  },
];

process.once('message', async (env: Record<string, string>) => {
  // All before the first call: bundling is not the functions' time.
  const loading = functions.map(async (fn) => {
    const invoke = await loadFunction(fn, env, { log: () => {}, error: console.error });
    return [fn.name, Promise.resolve(invoke)] as const;
  });
  const loaded = new Map(await Promise.all(loading));
  const gateway = createGateway({
    find: (name) => loaded.get(name),
    env,
    mintsTokens: false,
    isReady: () => true,
    sites: [],
  });
  const { origin } = await serve(0, gateway);
  process.send?.(origin);
});
process.once('disconnect', () => process.exit());
