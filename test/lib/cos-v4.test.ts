import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signCosV4 } from '../../lib/cos/signature-v4.ts';
import { vectors } from '../support/vectors.ts';

interface Vector {
  id: string;
  input: {
    appId: string;
    bucket: string;
    filepath: string | null;
    expiration: number;
    now: number;
    random: number;
    secretId: string;
    secretKey: string;
  };
  signature: string;
}
const { cosV4Json } = vectors as typeof vectors & { cosV4Json: Vector[] };

const request = {
  bucketName: 'board-one-1250000000',
  key: 'c1/u/s1/a.pdf',
  expiresAt: 1_600_000_060,
  issuedAt: 1_600_000_000,
  random: 9_999_999_999,
};
const key = { secretId: 'AKID', secretKey: 'key' };
const originalOf = (signature: string) => Buffer.from(signature, 'base64').subarray(20).toString();

describe('a v4 signature', () => {
  it.each(cosV4Json)('is that of the official SDK ($id)', ({ input, signature }) => {
    const { appId, bucket, filepath, expiration: expiresAt, now: issuedAt, random, secretId, secretKey } = input;
    const bound = filepath === null ? {} : { key: filepath };
    expect(
      signCosV4({ bucketName: `${bucket}-${appId}`, ...bound, expiresAt, issuedAt, random }, { secretId, secretKey }),
    ).toBe(signature);
  });

  it('names the bucket without its APPID, and the object with it', () => {
    expect(originalOf(signCosV4(request, key))).toBe(
      'a=1250000000&b=board-one&k=AKID&e=1600000060&t=1600000000&r=9999999999&f=/1250000000/board-one/c1/u/s1/a.pdf',
    );
  });

  it('is bound to one object, whatever characters its key has', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (file) => {
        const signature = signCosV4({ ...request, key: file }, key);
        const original = originalOf(signature);
        const fileId = original.slice(original.indexOf('&f=') + 3);
        expect(fileId).toMatch(/^[\w.~%/-]+$/);
        expect(decodeURIComponent(fileId)).toBe(`/1250000000/board-one/${file}`);
        const mac = createHmac('sha1', 'key').update(original).digest();
        expect(Buffer.from(signature, 'base64').subarray(0, 20).equals(mac)).toBe(true);
      }),
    );
  });
});
