/** The peer of `bench/callback.ts`: a callback that checks who calls, and says OK. */
import { proceed } from '../lib/im/callback-reply.ts';
import { verifyCallbackSignature } from '../lib/im/callback-signature.ts';
import { createLog } from '../lib/log.ts';
import { callbackEndpoint } from '../lib/scf/callback-endpoint.ts';

const tokens = [process.env.IM_CALLBACK_TOKEN ?? ''];
const clock = Date.now;

export const main = callbackEndpoint(createLog({ level: 'error', write: console.log, clock }), clock, {
  maxBodyBytes: 256 * 1024,
  verify: ({ query }) =>
    verifyCallbackSignature({ sign: query.Sign, requestTime: query.RequestTime }, tokens, Math.floor(clock() / 1000)),
  answer: async () => proceed,
});
