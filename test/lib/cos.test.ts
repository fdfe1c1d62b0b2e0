import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Bucket,
  classPrefix,
  coursewarePrefix,
  downloadPolicy,
  ownPrefix,
  type Policy,
  uploadPolicy,
} from '../../lib/cos/policy.ts';
import { signCosRequest } from '../../lib/cos/signature.ts';
import { isAllowed, parsePolicy } from '../../local/api/policy.ts';
import { vectors } from '../support/vectors.ts';

const bucket: Bucket = {
  name: 'board-1250000000',
  region: 'ap-shanghai',
  origin: 'https://board-1250000000.cos.ap-shanghai.myqcloud.com',
};
const resource = (key: string) => `qcs::cos:ap-shanghai:uid/1250000000:board-1250000000/${key}`;

/** What COS makes of the policy. */
const allows = (policy: Policy, action: string, key: string): boolean => {
  const parsed = parsePolicy(JSON.stringify(policy));
  if (!parsed) throw new Error('STS would refuse this policy');
  return isAllowed(parsed, `name/cos:${action}`, resource(key));
};

describe('an upload policy', () => {
  it('is what the documents ask for: the upload actions below the prefixes, and no principal', () => {
    expect(uploadPolicy(bucket, ['c1/u/s1/'])).toEqual({
      version: '2.0',
      statement: [
        {
          effect: 'allow',
          action: [
            'name/cos:PutObject',
            'name/cos:PostObject',
            'name/cos:InitiateMultipartUpload',
            'name/cos:ListMultipartUploads',
            'name/cos:ListParts',
            'name/cos:UploadPart',
            'name/cos:CompleteMultipartUpload',
            'name/cos:AbortMultipartUpload',
          ],
          resource: ['qcs::cos:ap-shanghai:uid/1250000000:board-1250000000/c1/u/s1/*'],
        },
      ],
    });
  });

  it.each([
    ['PutObject', 'c1/u/s1/a.pdf', true],
    ['UploadPart', 'c1/u/s1/deep/er/a.pdf', true],
    ['PutObject', 'c1/courseware/a.pdf', true],
    ['PutObject', 'c1/u/s1', false],
    ['PutObject', 'c1/u/s10/a.pdf', false],
    ['PutObject', 'c1/u/s2/a.pdf', false],
    ['PutObject', 'c10/u/s1/a.pdf', false],
    ['PutObject', 'x/c1/u/s1/a.pdf', false],
    ['GetObject', 'c1/u/s1/a.pdf', false],
    ['DeleteObject', 'c1/u/s1/a.pdf', false],
  ])('lets %s reach %s: %s', (action, key, expected) => {
    const policy = uploadPolicy(bucket, [ownPrefix('c1', 's1'), coursewarePrefix('c1')]);
    expect(allows(policy, action, key)).toBe(expected);
  });
});

describe('a download policy', () => {
  it.each([
    ['GetObject', 'c1/u/s1/a.pdf', true],
    ['HeadObject', 'c1/courseware/a.pdf', true],
    ['GetObject', 'c1x/u/s1/a.pdf', false],
    ['PutObject', 'c1/u/s1/a.pdf', false],
    ['GetBucket', 'c1/', false],
  ])('of a whole class lets %s reach %s: %s', (action, key, expected) => {
    expect(allows(downloadPolicy(bucket, [classPrefix('c1')]), action, key)).toBe(expected);
  });
});

describe('any policy', () => {
  const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,32}$/);

  it('ends each resource in /* and reaches nothing of another class or user', () => {
    fc.assert(
      fc.property(id, id, id, id, fc.string(), (classId, userId, otherClass, otherUser, file) => {
        const own = uploadPolicy(bucket, [ownPrefix(classId, userId)]);
        const whole = downloadPolicy(bucket, [classPrefix(classId)]);
        for (const { resource } of [...own.statement, ...whole.statement])
          for (const each of resource) expect(each).toMatch(/[^*]\/\*$/);
        expect(allows(own, 'PutObject', ownPrefix(classId, userId) + file)).toBe(true);
        expect(allows(own, 'PutObject', ownPrefix(classId, otherUser) + file)).toBe(userId === otherUser);
        expect(allows(whole, 'GetObject', ownPrefix(otherClass, userId) + file)).toBe(classId === otherClass);
      }),
    );
  });
});

describe('a COS signature', () => {
  const requestOf = ({ input, signedHeaders }: (typeof vectors.cosXml)[number]) => {
    const covered = Object.entries(input.Headers).filter(
      ([name]) => signedHeaders === undefined || signedHeaders.includes(name.toLowerCase()),
    );
    return {
      method: input.Method,
      path: input.Path ?? `/${input.Key}`,
      query: input.Query,
      headers: Object.fromEntries(covered),
    };
  };
  const keyOf = ({ input }: (typeof vectors.cosXml)[number]) => ({
    secretId: input.SecretId,
    secretKey: input.SecretKey,
  });
  const timeOf = ({ input }: (typeof vectors.cosXml)[number]) => {
    const [startTime = 0, endTime = 0] = input.KeyTime.split(';').map(Number);
    return { startTime, endTime };
  };

  it.each(vectors.cosXml)('is that of the documents and the official SDK ($id)', (vector) => {
    expect(signCosRequest(requestOf(vector), keyOf(vector), timeOf(vector))).toBe(
      vector.authorization ?? vector.expected?.authorization,
    );
  });

  it.each(vectors.cosXml)('changes with every part of the request, the key and the time ($id)', (vector) => {
    const [request, key, time] = [requestOf(vector), keyOf(vector), timeOf(vector)];
    const { headers, query } = request;
    const signatures = [
      signCosRequest(request, key, time),
      signCosRequest({ ...request, method: 'DELETE' }, key, time),
      signCosRequest({ ...request, path: `${request.path}x` }, key, time),
      signCosRequest({ ...request, query: { ...query, acl: '' } }, key, time),
      signCosRequest({ ...request, headers: { ...headers, Host: 'other' } }, key, time),
      signCosRequest(request, { ...key, secretKey: 'other' }, time),
      signCosRequest(request, key, { ...time, endTime: time.endTime + 1 }),
    ].map((authorization) => authorization.slice(authorization.lastIndexOf('=') + 1));
    expect(new Set(signatures).size).toBe(signatures.length);
  });

  it('does not depend on the order or the case of names, and percent-encodes all that is not unreserved', () => {
    const key = { secretId: 'AKID', secretKey: 'key' };
    const time = { startTime: 1, endTime: 2 };
    const a = signCosRequest(
      { method: 'get', path: '/a', query: { prefix: "a b/*!'()", Marker: '~' }, headers: { host: 'h', 'X-A': '1' } },
      key,
      time,
    );
    const b = signCosRequest(
      { method: 'GET', path: '/a', query: { Marker: '~', prefix: "a b/*!'()" }, headers: { 'x-a': '1', Host: 'h' } },
      key,
      time,
    );
    expect(a).toBe(b);
    expect(a).toContain('q-header-list=host;x-a&q-url-param-list=marker;prefix&');
  });
});
