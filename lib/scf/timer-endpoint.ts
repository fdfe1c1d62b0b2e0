import middy from '@middy/core';
import type { Log } from '../log.ts';
import type { ScfContext } from './event.ts';
import { freezeAfterReply, logInvocations, withInvocation } from './instance.ts';

/** A function behind a timer. A failure fails the invocation: SCF shows and repeats it. */
export const timerEndpoint = <Result extends object>(log: Log, clock: () => number, run: () => Promise<Result>) =>
  middy<unknown, Result, Error, ScfContext>()
    .use(freezeAfterReply<Result>())
    .use(logInvocations<Result>(log, clock))
    .handler(withInvocation(run));
