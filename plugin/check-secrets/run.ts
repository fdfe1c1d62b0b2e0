import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import { secretVariables } from '../secret-variables.ts';
import { complaintsOf } from './complaints.ts';
import type { Secret } from './search.ts';

/**
 * `npm run check:secrets`: runs the tests, packages with secrets in the environment, and searches the packages and the logs
 * for every secret that there was. With `TEST_OUTPUT_DIR`, the logs and secrets of a run that was told to leave them there.
 */
const given = process.env.TEST_OUTPUT_DIR;
const directory = resolve(given ?? mkdtempSync(join(tmpdir(), 'classroom-secrets-')));

/** Runs a program to its end, its words shown and kept. Throws an `Error` when it fails. */
const run = async (args: readonly string[], env: Record<string, string>): Promise<void> => {
  const child = spawn('npx', args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const kept = createWriteStream(join(directory, `${args[0]}.log`), { flags: 'a', mode: 0o600 });
  child.stdout.pipe(process.stdout);
  child.stderr.pipe(process.stderr);
  child.stdout.pipe(kept, { end: false });
  child.stderr.pipe(kept, { end: false });
  const exitCode = await new Promise<number | null>((ended) => child.once('close', ended));
  await finished(kept.end());
  if (exitCode !== 0) throw new Error(`${args.join(' ')} failed.`);
};

const readSecrets = (): Secret[] =>
  readFileSync(join(directory, 'secrets.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

try {
  if (given === undefined) await run(['vitest', 'run'], { TEST_OUTPUT_DIR: directory });
  // Nothing of the environment may get into what is deployed.
  const packaging = secretVariables.map((name) => ({ name, value: randomBytes(32).toString('hex') }));
  await run(['serverless', 'package'], Object.fromEntries(packaging.map(({ name, value }) => [name, value])));
  const secrets = [...packaging, ...readSecrets()];
  const logs = ['output.log', ...(given === undefined ? ['vitest.log'] : []), 'serverless.log'];
  const places = ['.serverless', ...logs.map((file) => join(directory, file))];
  const complaints = await complaintsOf({ places, secrets });
  for (const complaint of complaints) console.error(complaint);
  if (complaints.length === 0)
    console.log(`None of ${new Set(secrets.map(({ value }) => value)).size} secrets is in ${places.join(', ')}.`);
  process.exitCode = complaints.length === 0 ? 0 : 1;
} finally {
  if (given === undefined) rmSync(directory, { recursive: true, force: true });
}
