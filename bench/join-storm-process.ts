/** One of the processes of `bench/join-storm.ts`: serves `im-callback`, and sends its address. */
import { createGateway } from '../local/gateway.ts';
import { serve } from '../local/http.ts';
import { loadFunction } from '../local/runtime.ts';
import { describeFunctions } from './service.ts';

const served = 'im-callback';

process.once('message', async (env: Record<string, string>) => {
  const fn = describeFunctions().find(({ name }) => name === served);
  if (!fn) throw new Error(`There is no function ${served}.`);
  const invoke = await loadFunction(fn, env, { log: () => {}, error: console.error });
  const gateway = createGateway({
    find: (name) => (name === served ? Promise.resolve(invoke) : undefined),
    env,
    mintsTokens: false,
    isReady: () => true,
    page: () => ({ status: 404 }),
  });
  const { origin } = await serve(0, gateway);
  process.send?.(origin);
});
process.once('disconnect', () => process.exit());
