/** One of the processes of `bench/join-storm.ts`: answers the events that it is sent with `im-callback`. */
import { loadFunction } from '../local/runtime.ts';
import { describeFunctions } from './service.ts';

export interface Answer {
  id: number;
  status: number;
}

const served = 'im-callback';

process.once('message', async (env: Record<string, string>) => {
  const fn = describeFunctions().find(({ name }) => name === served);
  if (!fn) throw new Error(`There is no function ${served}.`);
  const invoke = await loadFunction(fn, env, { log: () => {}, error: console.error });
  let answers: Answer[] = [];
  const send = () => {
    process.send?.(answers);
    answers = [];
  };
  process.on('message', async ({ id, event }: { id: number; event: unknown }) => {
    const { statusCode: status } = (await invoke(event)) as { statusCode: number };
    if (answers.push({ id, status }) === 1) setImmediate(send);
  });
  process.send?.('ready');
});
process.once('disconnect', () => process.exit());
