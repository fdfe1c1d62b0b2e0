import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { HttpReply } from '../../lib/scf/reply.ts';
import { signCallback, signIn } from '../../plugin/event.ts';
import { type Example, examples } from '../events/examples.ts';
import { startTestCloud } from '../support/local-cloud.ts';
import { assertDescribed } from '../support/openapi.ts';
import { projectDir } from '../support/run.ts';

const cloud = await startTestCloud();
const fixtures = join(projectDir, 'test/fixtures');
const read = (path: string): string => readFileSync(join(fixtures, path), 'utf8');
const routed = examples.filter(({ expected }) => typeof expected === 'number');

const invoke = async ({ name, as = '', sign }: Example): Promise<HttpReply> => {
  const event: unknown = JSON.parse(read(`events/${name}.json`));
  const signed = sign ? signCallback(event, cloud.env) : await signIn(event, as, cloud.env);
  return (await cloud.invoke(name, signed)) as HttpReply;
};

const isTime = (value: unknown) => typeof value === 'number' && value > 1_000_000_000;
const isPlaceholder = (value: unknown) => typeof value === 'string' && /<\w+>|^http:/.test(value);

/** A record, as far as every run repeats it: times, drawn numbers and what has a placeholder there are others each time. */
const expectationOf = (record: string): unknown =>
  JSON.parse(record, (key, value) =>
    isTime(value) || isPlaceholder(value) || key === 'roomId' || key === 'seq'
      ? expect.any(typeof value === 'number' ? Number : String)
      : value,
  );

it('there is a recorded reply of every function that can be called, without a secret', () => {
  expect(readdirSync(join(fixtures, 'replies')).sort()).toEqual(routed.map(({ name }) => `${name}.json`).sort());
  for (const { name } of routed) expect(read(`replies/${name}.json`)).not.toMatch(/eJ[\w*-]{40}|AKID|q-signature/);
});

it.each(routed)('$name answers its example event with the reply that is recorded', async (example) => {
  const { name, expected } = example;

  const { statusCode, headers, body } = await invoke(example);

  const reply = JSON.parse(body);
  expect([statusCode, reply]).toEqual([expected, expectationOf(read(`replies/${name}.json`))]);
  assertDescribed(name, { status: statusCode, headers: new Headers(headers), body: reply });
  // For list-files to have something to list.
  if (name === 'sign-cos-object') await fetch(reply.url, { method: 'PUT', body: 'a lesson' });
});
