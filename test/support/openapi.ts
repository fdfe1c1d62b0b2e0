import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { keepSecretsOf } from './kept.ts';
import { projectDir } from './run.ts';

/** A reply as it came. */
export interface DescribedReply {
  status: number;
  headers: Headers;
  /** Its JSON. */
  body: unknown;
}

interface Description {
  paths: Record<string, { post: { responses: Record<string, Response> } }>;
}

interface Response {
  $ref?: string;
  content: Record<string, object>;
}

const description: Description = JSON.parse(readFileSync(join(projectDir, 'openapi.json'), 'utf8'));
const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addSchema(description, 'openapi.json');

/** A name in a JSON Pointer in a URI. */
const tokenOf = (name: string) => encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'));

/** Throws an `Error` when openapi.json says something else of a reply of this function; what is no function may answer as it likes, but a name that nobody has is 404. */
export const assertDescribed = (name: string, { status, headers, body }: DescribedReply): void => {
  const path = `/${name.replace(/\?.*/s, '')}`;
  const operation = description.paths[path]?.post;
  if (!operation && (name.includes('/') || status === 404)) return;
  if (!operation) throw new Error(`openapi.json has no function ${name}.`);
  const contradict = (what: string) => new Error(`openapi.json has no ${what} of ${path}: ${JSON.stringify(body)}`);
  const response = operation.responses[status];
  if (!response) throw contradict(`reply ${status}`);
  const type = headers.get('content-type')?.split(';')[0] ?? '';
  if (!(type in response.content)) throw contradict(`reply ${status} in "${type}"`);
  const pointer = ['paths', path, 'post', 'responses', String(status), 'content', type, 'schema']
    .map(tokenOf)
    .join('/');
  const validate = ajv.getSchema(`openapi.json#/${pointer}`);
  if (!validate?.(body)) throw contradict(`such reply ${status} (${ajv.errorsText(validate?.errors)})`);
};

/** Fetches from a gateway, and throws as `assertDescribed` does. */
export const describedFetch: typeof fetch = async (input, init) => {
  const request = new Request(input, init);
  const response = await fetch(request);
  const { status, headers } = response;
  const name = new URL(request.url).pathname.slice(1);
  const body = await response.clone().json();
  keepSecretsOf(body);
  assertDescribed(name, { status, headers, body });
  return response;
};
