import { type ChildProcess, fork } from 'node:child_process';
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
  event: unknown;
  context: object;
  /** Variables that are new with each event. */
  credentials: Readonly<Record<string, string>>;
  timeoutSeconds: number;
}

/** A process that serves one event at a time. */
export interface Instance {
  run(work: Work): Promise<Ended>;
  /** False once its process is to end. */
  isAlive(): boolean;
  kill(): void;
}

export interface InstanceOptions {
  directory: string;
  handler: string;
  env: Readonly<Record<string, string>>;
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
export const startInstance = ({ directory, handler, env }: InstanceOptions): Instance => {
  const child: ChildProcess = fork(script, [directory, handler], {
    cwd: directory,
    env: { ...env },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  let lines: string[] = [];
  let isOver = false;
  let settle: ((outcome: Outcome, memory?: number) => void) | undefined;

  child.on('message', (message) => {
    const text = written.safeParse(message).data?.written;
    if (text !== undefined) return void lines.push(text);
    const end = ended.parse(message);
    isOver ||= end.isLast;
    settle?.(...readEnd(end));
  });
  child.on('exit', () => {
    isOver = true;
    settle?.(failed(405, 'ContainerStateExited: the process has ended'));
  });

  return {
    isAlive: () => !isOver,
    kill: () => void child.kill('SIGKILL'),
    run: ({ timeoutSeconds, ...message }) =>
      new Promise((resolve) => {
        lines = [];
        const timer = setTimeout(() => {
          isOver = true;
          child.kill('SIGKILL');
          settle?.(failed(433, `Invoking task timed out after ${timeoutSeconds} seconds`));
        }, timeoutSeconds * 1000);
        settle = (outcome, memory = 0) => {
          clearTimeout(timer);
          settle = undefined;
          resolve({ ...outcome, written: lines.join(''), memory });
        };
        child.send(message);
      }),
  };
};

const failed = (statusCode: number, message: string, stack = ''): Outcome => ({
  failure: { statusCode, message, stack },
});

const readEnd = ({ result = 'null', error, memory }: z.output<typeof ended>): [Outcome, number] => {
  if (error) return [failed(430, error.message, error.stack), memory];
  if (Buffer.byteLength(result) > maxResultBytes)
    return [failed(407, 'The size of response exceeds the upper limit (6MB)'), memory];
  return [{ result }, memory];
};
