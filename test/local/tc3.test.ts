import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { verifyTc3 } from '../../local/api/tc3.ts';
import type { LocalRequest } from '../../local/http.ts';

interface Vector {
  id: string;
  input: {
    secretId: string;
    secretKey: string;
    method: string;
    url: string;
    service: string;
    timestamp: number;
    contentType: string;
    body: string;
  };
  authorization: string;
}

const vectors: Vector[] = JSON.parse(readFileSync(new URL('../fixtures/vectors.json', import.meta.url), 'utf8')).tc3;

const requestOf = ({ input, authorization }: Vector, headers: Record<string, string> = {}): LocalRequest => ({
  method: input.method,
  path: '/',
  query: new URLSearchParams(),
  headers: {
    host: new URL(input.url).host,
    'content-type': input.contentType,
    'x-tc-timestamp': String(input.timestamp),
    authorization,
    ...headers,
  },
  body: Buffer.from(input.body),
  remoteAddress: '127.0.0.1',
});

const verify = (vector: Vector, request = requestOf(vector), nowSeconds = vector.input.timestamp) =>
  verifyTc3(
    request,
    (secretId, token) =>
      secretId === vector.input.secretId && token === undefined ? vector.input.secretKey : undefined,
    nowSeconds,
    vector.input.service,
  );

const codeOf = (verdict: ReturnType<typeof verifyTc3>) => (verdict.ok ? 'ok' : verdict.code);

describe.each(vectors)('the known answer $id', (vector) => {
  it('is verified', () => {
    const { secretId, service } = vector.input;
    expect(verify(vector)).toEqual({ ok: true, secretId, service });
  });

  it('is refused with another byte in the body', () => {
    const request = requestOf(vector);
    expect(codeOf(verify(vector, { ...request, body: Buffer.concat([request.body, Buffer.from(' ')]) }))).toBe(
      'AuthFailure.SignatureFailure',
    );
  });

  it.each([
    ['another host', { host: 'evil.tencentcloudapi.com' }, 'AuthFailure.SignatureFailure'],
    ['another content type', { 'content-type': 'text/plain' }, 'AuthFailure.SignatureFailure'],
    ['a token that is not of the key', { 'x-tc-token': 'token' }, 'AuthFailure.TokenFailure'],
    ['no timestamp', { 'x-tc-timestamp': '' }, 'AuthFailure.SignatureExpire'],
    ['no authorization', { authorization: '' }, 'AuthFailure.InvalidAuthorization'],
    [
      'another SecretId',
      { authorization: vector.authorization.replace('Credential=AKID', 'Credential=XKID') },
      'AuthFailure.SecretIdNotFound',
    ],
    [
      'another service in the scope',
      { authorization: vector.authorization.replace(`/${vector.input.service}/`, '/cos/') },
      'AuthFailure.SignatureFailure',
    ],
    [
      'another date in the scope',
      { authorization: vector.authorization.replace(/\/\d{4}-/, '/2018-') },
      'AuthFailure.SignatureFailure',
    ],
    [
      'a signature that leaves out the host',
      { authorization: vector.authorization.replace('content-type;host', 'content-type') },
      'AuthFailure.SignatureFailure',
    ],
  ])('is refused with %s', (_what, headers, code) => {
    expect(codeOf(verify(vector, requestOf(vector, headers)))).toBe(code);
  });

  it('holds five minutes before and after its timestamp, and no second more', () => {
    const at = (seconds: number) => codeOf(verify(vector, requestOf(vector), vector.input.timestamp + seconds));
    expect([at(-300), at(300)]).toEqual(['ok', 'ok']);
    expect([at(-301), at(301)]).toEqual(['AuthFailure.SignatureExpire', 'AuthFailure.SignatureExpire']);
  });
});

describe('a signature that is right in itself', () => {
  const nowSeconds = 1_700_000_000;
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

  const judge = ({
    host = '127.0.0.1:8788',
    service = 'sts',
    date = '2023-11-14',
    signedHeaders = ['content-type', 'host'],
    contentType = 'application/json',
  }) => {
    const headers: Record<string, string> = {
      host,
      'content-type': contentType,
      'x-tc-action': 'AssumeRole',
      'x-tc-timestamp': String(nowSeconds),
    };
    const lines = signedHeaders.map((name) => `${name}:${headers[name]?.toLowerCase()}\n`).join('');
    const canonical = `POST\n/\n\n${lines}\n${signedHeaders.join(';')}\n${sha256('{}')}`;
    const scope = `${date}/${service}/tc3_request`;
    const key = hmac(hmac(hmac('TC3secret', date), service), 'tc3_request');
    const signature = hmac(key, `TC3-HMAC-SHA256\n${nowSeconds}\n${scope}\n${sha256(canonical)}`).toString('hex');
    const authorization = `TC3-HMAC-SHA256 Credential=AKID/${scope}, SignedHeaders=${signedHeaders.join(';')}, Signature=${signature}`;
    const request: LocalRequest = {
      method: 'POST',
      path: '/',
      query: new URLSearchParams(),
      headers: { ...headers, authorization },
      body: Buffer.from('{}'),
      remoteAddress: '127.0.0.1',
    };
    return codeOf(verifyTc3(request, () => 'secret', nowSeconds, 'sts'));
  };

  it.each([
    ['for the service', {}, 'ok'],
    ['for the first label of the endpoint, as the SDK signs on loopback', { service: '127' }, 'ok'],
    ['with more headers', { signedHeaders: ['content-type', 'host', 'x-tc-action'] }, 'ok'],
    ['over values in lower case', { contentType: 'application/json; charset=UTF-8' }, 'ok'],
    ['for another service', { service: 'cvm' }, 'AuthFailure.SignatureFailure'],
    [
      'for the first label of a name that is not of loopback',
      { host: 'cvm.tencentcloudapi.com', service: 'cvm' },
      'AuthFailure.SignatureFailure',
    ],
    ['for another date', { date: '2023-11-15' }, 'AuthFailure.SignatureFailure'],
    ['without the host', { signedHeaders: ['content-type'] }, 'AuthFailure.SignatureFailure'],
    ['without the content type', { signedHeaders: ['host'] }, 'AuthFailure.SignatureFailure'],
  ])('%s is judged', (_what, over, code) => {
    expect(judge(over)).toBe(code);
  });
});
