import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import * as z from 'zod/mini';

/** How one event ended: with the result as JSON, or with a status of SCF's and what went wrong. */
export type Outcome =
  | { result: string; failure?: undefined }
  | { failure: { statusCode: number; message: string; stack: string }; result?: undefined };

export type Ended = Outcome & {
  /** What the function wrote meanwhile. */
  written: string;
  /** Resident memory: bytes. */
  memory: number;
};

export interface Work {
  /** JSON. */
  event: string;
  context: object;
  /** Variables that are new with each event. */
  credentials: Readonly<Record<string, string>>;
  timeoutSeconds: number;
}

/** A process that serves one event at a time. */
export interface Instance {
  /**
   * An event is over when nothing that the function began is still under way, unless its context says not to wait for
   * that. SCF replies before, and lets it go on until its time is over; here the caller waits, too, and so gets to know.
   * Source: https://cloud.tencent.com/document/product/583/67790
   */
  run(work: Work): Promise<Ended>;
  /** False once its process is to end. */
  isAlive(): boolean;
  kill(): void;
}

export interface InstanceOptions {
  directory: string;
  handler: string;
  env: Readonly<Record<string, string>>;
  /** What it may take: MB. */
  memory: number;
}

const script = fileURLToPath(new URL('instance.cjs', import.meta.url));

const written = z.object({ written: z.string() });
const ended = z.object({
  result: z.optional(z.string()),
  error: z.optional(z.object({ message: z.string(), stack: z.string() })),
  memory: z.int(),
  /** The process ends with it. */
  isLast: z._default(z.boolean(), false),
});

/** The most that a function may answer: bytes. Source: https://cloud.tencent.com/document/product/583/35311 */
const maxResultBytes = 6 * 1024 * 1024;

/** Starts an instance; what keeps the handler from loading is told at its first event. */
export const startInstance = ({ directory, handler, env, memory: maxMegabytes }: InstanceOptions): Instance => {
  const child = fork(script, [directory, handler], {
    cwd: directory,
    env: { ...env },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  let lines: string[] = [];
  let isOver = false;
  let settle: ((outcome: Outcome, memory?: number) => void) | undefined;

  const end = (outcome: Outcome, memory?: number) => {
    isOver = true;
    child.kill('SIGKILL');
    settle?.(outcome, memory);
  };
  const exited = () => end(failed(405, 'ContainerStateExited: the process has ended'));

  child.on('message', (message) => {
    const text = written.safeParse(message).data?.written;
    if (text !== undefined) return void lines.push(text);
    const { data } = ended.safeParse(message);
    if (!data) return end(failed(430, 'The process says what no instance says'));
    const { memory, isLast } = data;
    if (memory > maxMegabytes * 1024 * 1024)
      return end(failed(434, `MemoryLimitReached: the function takes more than ${maxMegabytes} MB`), memory);
    isOver ||= isLast;
    settle?.(readOutcome(data), memory);
  });
  // After all that it has said; `exit` may come before.
  child.on('disconnect', exited);
  // It could not be started.
  child.on('error', exited);

  return {
    isAlive: () => !isOver,
    kill: () => void child.kill('SIGKILL'),
    run: ({ timeoutSeconds, ...message }) =>
      new Promise((resolve) => {
        const timer = setTimeout(
          () => end(failed(433, `Invoking task timed out after ${timeoutSeconds} seconds`)),
          timeoutSeconds * 1000,
        );
        settle = (outcome, memory = 0) => {
          clearTimeout(timer);
          settle = undefined;
          resolve({ ...outcome, written: lines.join(''), memory });
          lines = [];
        };
        child.send(message, (error) => error && exited());
      }),
  };
};

const failed = (statusCode: number, message: string, stack = ''): Outcome => ({
  failure: { statusCode, message, stack },
});

const readOutcome = ({ result = 'null', error }: z.output<typeof ended>): Outcome => {
  if (error) return failed(430, error.message, error.stack);
  if (Buffer.byteLength(result) > maxResultBytes)
    return failed(407, 'The size of response exceeds the upper limit (6MB)');
  return { result };
};
