import { posix } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isObjectPath, objectKey } from '../../lib/cos/object-path.ts';
import {
  type Bucket,
  classPrefix,
  coursewarePrefix,
  downloadPolicy,
  listPolicy,
  objectPolicy,
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

describe('a list policy', () => {
  it.each([
    ['GetBucket', 'c1/u/s1/', true],
    ['GetBucket', 'c1/u/s1/deep/', true],
    ['GetBucket', 'c1/courseware/', true],
    ['GetBucket', 'c1/u/s1', false],
    ['GetBucket', 'c1/', false],
    ['GetBucket', '', false],
    ['GetBucket', 'c1/u/s10/', false],
    ['GetObject', 'c1/u/s1/a.pdf', false],
    ['HeadObject', 'c1/u/s1/a.pdf', false],
    ['PutObject', 'c1/u/s1/a.pdf', false],
  ])('lets %s reach %j: %s', (action, key, expected) => {
    const policy = listPolicy(bucket, [ownPrefix('c1', 's1'), coursewarePrefix('c1')]);
    expect(allows(policy, action, key)).toBe(expected);
  });
});

describe('an object policy', () => {
  it.each([
    ['PUT', 'PutObject'],
    ['GET', 'GetObject'],
    ['HEAD', 'HeadObject'],
  ] as const)('lets %s do %s with its key and nothing else', (method, own) => {
    const policy = objectPolicy(bucket, method, 'c1/u/s1/a.pdf');
    for (const action of ['PutObject', 'GetObject', 'HeadObject', 'DeleteObject', 'GetBucket', 'UploadPart'])
      expect(allows(policy, action, 'c1/u/s1/a.pdf')).toBe(action === own);
    for (const key of ['c1/u/s1/a.pdf/', 'c1/u/s1/a.pdfx', 'c1/u/s1/a.pd', 'c1/u/s1/', 'x/c1/u/s1/a.pdf', ''])
      expect(allows(policy, own, key)).toBe(false);
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

describe('an object path', () => {
  it.each([
    'a.pdf',
    '100%.pdf',
    '50% off/100%',
    '%',
    '%zz%2',
    '%41%42.pdf',
    '50%25.pdf',
    ' a b ',
    '课件/第 1 课.pdf',
    '😀',
    '...',
    '.hidden/..a/b..',
    'a+b&c=d?e#f;g:h,i@j$k!l\'(m)~n[o]{p}|q^r`s"t<u>',
    'a'.repeat(850),
  ])('can be %j', (path) => {
    expect(isObjectPath(path)).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['an absolute path', '/a'],
    ['two slashes', 'a//b'],
    ['a slash at its end', 'a/'],
    ['a slash', '/'],
    ['one dot', '.'],
    ['a dot for a segment', 'a/./b'],
    ['two dots', '..'],
    ['a way up', '../s2/a'],
    ['a way up in its middle', 'a/../../s2/a'],
    ['a way up at its end', 'a/..'],
    ['a backslash', 'a\\b'],
    ['a way up with backslashes', '..\\s2'],
    ['an encoded slash', 'a%2fb'],
    ['an encoded slash in capitals', 'a%2Fb'],
    ['an encoded backslash', 'a%5cb'],
    ['an encoded dot', '%2e'],
    ['an encoded way up', '%2e%2e/s2'],
    ['a half-encoded way up', '.%2E/s2'],
    ['an encoded NUL', 'a%00.pdf'],
    ['an encoded line feed', 'a%0ab'],
    ['an encoded DEL', 'a%7f'],
    ['an encoded C1', 'a%c2%85'],
    ['a double-encoded slash', 'a%252fb'],
    ['a triple-encoded way up', '%25252e%25252e/s2'],
    ['an encoded encoding', 'a%%32%66b'],
    ['a split encoding', 'a%2%66b'],
    ['NUL', 'a\0'],
    ['a tab', 'a\tb'],
    ['a line feed', 'a\n'],
    ['DEL', 'a\x7f'],
    ['C1', 'a\x9b'],
    ['a line separator', 'a\u2028b'],
    ['a paragraph separator', 'a\u2029b'],
    ['half a surrogate pair', 'a\ud83d'],
    ['the wrong half', '\ude00a'],
    ['what a policy takes for any key', 'a*'],
    ['what becomes that', 'a%2ab'],
    ['more than a key can hold', 'a'.repeat(851)],
    ['more than a key can hold in bytes', '课'.repeat(284)],
  ])('cannot be %s', (_what, path) => {
    expect(isObjectPath(path)).toBe(false);
  });

  const decoders: ((text: string) => string)[] = [
    decodeURIComponent,
    decodeURI,
    (text) => new URLSearchParams(`a=${text.replaceAll('&', '%26')}`).get('a') ?? '',
    (text) => text.replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
  ];
  const attempt = (decode: (text: string) => string, text: string) => {
    try {
      return decode(text);
    } catch {
      // A decoder that refuses the path leads nowhere.
      return text;
    }
  };
  const pieces = [
    '.',
    '..',
    '/',
    '\\',
    '%',
    '25',
    '2',
    'f',
    'E',
    '5',
    'C',
    '0',
    '%2f',
    '%2e',
    '%5c',
    '%25',
    'a',
    '课',
    '\0',
  ];
  const hostile = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => parts.join(''));

  it('stays below its prefix, however often and by whomever it is decoded', () => {
    const prefix = '/c1/u/s1/';
    fc.assert(
      fc.property(hostile, fc.array(fc.constantFrom(...decoders), { maxLength: 5 }), (path, chain) => {
        fc.pre(isObjectPath(path));
        let reading = path;
        for (const decode of chain) {
          reading = attempt(decode, reading);
          expect(posix.normalize(prefix + reading)).toBe(prefix + reading);
          expect(reading.split('/')).toHaveLength(path.split('/').length);
          expect(reading).not.toMatch(/[\\\p{Cc}]/u);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('is the one object that its policy opens', () => {
    fc.assert(
      fc.property(fc.oneof(hostile, fc.string({ unit: 'binary' })), fc.string(), (path, other) => {
        fc.pre(isObjectPath(path));
        const key = objectKey('c1/u/s1/', path);
        const policy = objectPolicy(bucket, 'PUT', key);
        expect(allows(policy, 'PutObject', key)).toBe(true);
        expect(allows(policy, 'PutObject', `c1/u/s1/${other}`)).toBe(other === path);
      }),
    );
  });
});
