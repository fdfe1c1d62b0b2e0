import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { statusOfCode } from '../../lib/errors.ts';
import { makeArtifacts } from '../../plugin/openapi/artifacts.ts';
import { complaintsOf } from '../../plugin/openapi/complaints.ts';
import service from '../../serverless.ts';
import { assertDescribed } from '../support/openapi.ts';

const artifacts = await makeArtifacts();
const description = JSON.parse(artifacts['openapi.json']);

const names = Object.keys(service.functions);
const routed = names.filter((name) => name !== 'sweep');
const callbacks = ['im-callback', 'trtc-callback'];
const operationOf = (name: string) => description.paths[`/${name}`].post;
const inputOf = (name: string) => operationOf(name).requestBody.content['application/json'];
const statusesOf = (name: string) => Object.keys(operationOf(name).responses).map(Number);

describe('the API description', () => {
  it('has one operation for every function that can be called, and the timer beside them', () => {
    expect(Object.keys(description.paths)).toEqual(routed.map((name) => `/${name}`));
    expect(routed.map((name) => operationOf(name).operationId)).toEqual(routed);
    expect(description['x-timers'].sweep).toMatchObject({ schedules: ['0 * * * * * *'], timeoutSeconds: 60 });
  });

  it.each(routed)('gives %s what it answers when all is well and whatever else any function answers', (name) => {
    expect(statusesOf(name)).toEqual(expect.arrayContaining([200, 400, 401, 405, 413, 500]));
  });

  it('lets nobody in without a token, and the callbacks by their signatures', () => {
    expect(description.security).toEqual([{ bearer: [] }]);
    expect(callbacks.map((name) => operationOf(name).security)).toEqual([[{ imSign: [] }], [{ trtcSign: [] }]]);
    for (const name of routed.filter((each) => !callbacks.includes(each)))
      expect(operationOf(name).security).toBeUndefined();
  });

  it('says when a call may be tried again, wherever it may be refused for its rate', () => {
    for (const name of routed) {
      const { 429: refused } = operationOf(name).responses;
      if (refused) expect(refused.headers).toEqual({ 'retry-after': { $ref: '#/components/headers/RetryAfter' } });
    }
    expect(statusesOf('join-class')).toContain(429);
    expect(statusesOf('get-class')).not.toContain(429);
  });

  it('has a problem for each code, with its status', () => {
    const problems = Object.values<{ properties: { code?: { const: string }; status?: { const: number } } }>(
      description.components.schemas,
    ).flatMap(({ properties: { code, status } }) => (code && status ? [[code.const, status.const]] : []));

    expect(Object.fromEntries(problems)).toEqual(statusOfCode);
  });

  it('knows the limits of what is checked by hand', () => {
    expect(inputOf('create-class').schema.properties).toMatchObject({
      name: { minLength: 1, maxLength: 100 },
      passcode: { minLength: 4, maxLength: 64 },
      assistantIds: { maxItems: 100 },
    });
    expect(inputOf('sign-cos-object').schema.properties.path).toMatchObject({ minLength: 1, maxLength: 850 });
    expect(inputOf('edit-dirty-words').schema.properties.add.items.properties.word).toMatchObject({ maxLength: 64 });
    expect(inputOf('list-files').schema.properties.cursor).toMatchObject({ pattern: '^[A-Za-z0-9_-]{1,1200}$' });
  });

  it('lets a field with a default be left out', () => {
    expect(inputOf('list-classes').schema).not.toHaveProperty('required');
    expect(inputOf('send-message').schema.oneOf[0].required).toEqual(['classId', 'text']);
  });

  it('asks for an Idempotency-Key in create-class alone', () => {
    const withKey = routed.filter((name) =>
      operationOf(name).parameters?.some((parameter: { name: string }) => parameter.name === 'Idempotency-Key'),
    );
    expect(withKey).toEqual(['create-class']);
  });

  it.each(routed)('has an example of %s that its own schemas take', (name) => {
    const ajv = new Ajv2020({ strict: false }).addSchema(description, 'openapi.json');
    const bodies = [inputOf(name), operationOf(name).responses[200].content['application/json']];
    for (const { schema, examples } of bodies) {
      // A part of the description refers to the whole of it.
      const whole = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"openapi.json#/'));
      expect(ajv.validate(whole, examples.example.value), ajv.errorsText()).toBe(true);
    }
  });
});

describe('the check of what is generated', () => {
  const read = (path: string) => artifacts[path as keyof typeof artifacts];

  it('says nothing when all is as it should be', async () => {
    expect(await complaintsOf(await makeArtifacts(), read)).toEqual([]);
  });

  it('names each file that is stale', async () => {
    const changed = artifacts['openapi.json'].replace('"maxLength": 100', '"maxLength": 101');

    expect(await complaintsOf(artifacts, (path) => (path === 'openapi.json' ? changed : read(path)))).toEqual([
      'openapi.json is stale: run `npm run generate:openapi`.',
    ]);
  });

  it('names a rule that the description breaks, and where', async () => {
    const broken = { ...artifacts, 'openapi.json': JSON.stringify({ ...description, tags: [{ description: 'x' }] }) };

    const complaints = await complaintsOf(broken, (path) => broken[path as keyof typeof artifacts]);

    expect(complaints).toContainEqual(expect.stringMatching(/^openapi\.json #\/tags\/0: .+ \(struct\)$/));
  });
});

describe('a reply in a test', () => {
  const headers = (type: string) => new Headers({ 'content-type': type });
  const problem = {
    type: 'about:blank',
    title: 'Not found',
    status: 404,
    detail: 'There is no such class.',
    code: 'NOT_FOUND',
    requestId: 'r1',
  };
  const json = headers('application/json; charset=utf-8');
  const problemJson = headers('application/problem+json; charset=utf-8');

  it('passes when the description knows it', () => {
    assertDescribed('mute-class', { status: 200, headers: json, body: { classId: 'c1', muted: true } });
    assertDescribed('mute-class', { status: 404, headers: problemJson, body: problem });
    assertDescribed('im-callback?Sign=x', { status: 401, headers: json, body: {} });
    assertDescribed('local/token', { status: 418, headers: json, body: {} });
  });

  it.each([
    ['a status that the function has not', { status: 409, headers: problemJson, body: problem }],
    ['another content type', { status: 404, headers: json, body: problem }],
    ['a missing field', { status: 200, headers: json, body: { classId: 'c1' } }],
    ['a field too many', { status: 200, headers: json, body: { classId: 'c1', muted: true, secret: 1 } }],
    ['a code of another status', { status: 404, headers: problemJson, body: { ...problem, code: 'GONE' } }],
  ])('fails with %s', (_, reply) => {
    expect(() => assertDescribed('mute-class', reply)).toThrow(/^openapi\.json has no .* of \/mute-class: \{/);
  });
});
