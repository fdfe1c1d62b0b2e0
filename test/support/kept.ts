import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a run of the tests leaves for `npm run check:secrets`, in the directory that this variable names; without it, nothing. */
const directory = process.env.TEST_OUTPUT_DIR;

const keep = directory
  ? (file: string, text: string) => appendFileSync(join(directory, file), `${text}\n`, { mode: 0o600 })
  : () => {};

/** Keeps what a function has logged, or a program has said on standard error. */
export const keepOutput = (text: string): void => keep('output.log', text);

/** Keeps a value that must be in no such output. */
export const keepSecret = (name: string, value: string | undefined): void => {
  if (value) keep('secrets.jsonl', JSON.stringify({ name, value }));
};

/** Names of fields, in lower case: vendors write them otherwise. */
const secretFields = [
  'usersig',
  'privatemapkey',
  'sessiontoken',
  'securitytoken',
  'tmpsecretkey',
  'authorization',
  'token',
];

/** Keeps what a reply hands out to its caller alone. */
export const keepSecretsOf = (reply: unknown): void => {
  if (typeof reply !== 'object' || reply === null) return;
  for (const [name, value] of Object.entries(reply))
    if (typeof value === 'string' && secretFields.includes(name.toLowerCase())) keepSecret(name, value);
    else keepSecretsOf(value);
};
