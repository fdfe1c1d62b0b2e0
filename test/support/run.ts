import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { keepOutput } from './kept.ts';

/** This checkout. */
export const projectDir = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

export interface RunOptions {
  cwd?: string;
  /** Added to what every program needs: of the developer's own variables none else is passed on. */
  env?: Readonly<Record<string, string>>;
  /** Standard input; nothing when left out. */
  input?: string;
  /** When it is ended as one that hangs. */
  endAfterMs?: number;
}

export interface RunResult {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/** A program that hangs is ended, and its exit code is then null. */
const usualEndAfterMs = 60_000;

export const childEnvironment = (env: RunOptions['env'] = {}): NodeJS.ProcessEnv => {
  const { PATH, HOME, TMPDIR } = process.env;
  return { PATH, HOME, ...(TMPDIR !== undefined && { TMPDIR }), ...env };
};

/** Runs a program to its end. */
export const run = async (
  program: string,
  args: readonly string[],
  { cwd = projectDir, env, input = '', endAfterMs = usualEndAfterMs }: RunOptions = {},
): Promise<RunResult> => {
  const child = spawn(program, args, { cwd, env: childEnvironment(env), stdio: 'pipe', timeout: endAfterMs });
  // It may end without having read all, or anything, of its input.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const [exitCode, stdout, stderr] = await Promise.all([exited, text(child.stdout), text(child.stderr)]);
  // Standard output may be a reply, and hold what its caller asked for.
  keepOutput(stderr);
  return { exitCode, stdout, stderr };
};

/** Runs the framework's command line, as `npx serverless` does but without npx's own start. */
export const serverless = async (args: readonly string[], options?: RunOptions): Promise<RunResult> => {
  const result = await run(
    process.execPath,
    [`${projectDir}/node_modules/serverless/bin/serverless.js`, ...args],
    options,
  );
  if (!args.includes('invoke')) keepOutput(result.stdout);
  return result;
};
