import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { Api } from 'tls-sig-api-v2/TLSSigAPIv2.js';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { readConfig, signingSettings } from '../../lib/config.ts';
import { issueUserSig } from '../../lib/usersig/issue.ts';
import { createUserSigSigner, type UserSigSigner } from '../../lib/usersig/signer.ts';
import { decodeUserBuf, encodeUserBuf, privilege } from '../../lib/usersig/user-buf.ts';
import { createUserSigVerifier } from '../../lib/usersig/verifier.ts';
import { vectors } from '../support/vectors.ts';

const sdkAppId = 1400000000;
const secretKey = '5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e';
const now = 1_700_000_000;
const request = { userId: 's1', issuedAt: now, ttlSeconds: 3600 };
const signer = createUserSigSigner(sdkAppId, { secretKey });
const verifier = createUserSigVerifier(sdkAppId, { secretKey });

/** The wire form, undone and done without our code. */
const inflate = (token: string): Buffer =>
  inflateSync(Buffer.from(token.replaceAll('*', '+').replaceAll('-', '/').replaceAll('_', '='), 'base64'));
const decode = (token: string): Record<string, unknown> => JSON.parse(inflate(token).toString());
const pack = (json: string | Buffer): string =>
  deflateSync(json).toString('base64').replaceAll('+', '*').replaceAll('/', '-').replaceAll('=', '_');
const repack = (token: string, change: Record<string, unknown>): string =>
  pack(JSON.stringify({ ...decode(token), ...change }));

const officialV2 = vectors.userSigV2.flatMap((vector) =>
  Object.entries(vector.outputs).map(([sdk, { token }]) => ({ ...vector, sdk, token })),
);
const officialV1 = vectors.userSigV1.flatMap((vector) =>
  Object.entries(vector.outputs).flatMap(([sdk, { token }]) =>
    token === undefined ? [] : [{ ...vector, sdk, token }],
  ),
);

const directory = mkdtempSync(join(tmpdir(), 'usersig-'));
afterAll(() => rmSync(directory, { recursive: true }));
afterEach(() => vi.useRealTimers());

const ecKey = (namedCurve: string, type: 'pkcs8' | 'sec1') => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
  return {
    privateKey: privateKey.export({ type, format: 'pem' }).toString(),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
};

/** Answers whether OpenSSL finds the signature of a v1 token good. */
const opensslVerifies = (token: string, publicKey: string): boolean => {
  const fields = decode(token);
  const content = ['appid_at_3rd', 'account_type', 'identifier', 'sdk_appid', 'time', 'expire_after', 'userbuf']
    .filter((name) => `TLS.${name}` in fields)
    .map((name) => `TLS.${name}:${fields[`TLS.${name}`]}\n`)
    .join('');
  const [key, signature, text] = ['key.pem', 'signature', 'content'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(key, publicKey);
  writeFileSync(signature, Buffer.from(String(fields['TLS.sig']), 'base64'));
  writeFileSync(text, content);
  const answer = execFileSync('openssl', ['dgst', '-sha256', '-verify', key, '-signature', signature, text]);
  return answer.toString().trim() === 'Verified OK';
};

describe('a UserSig v2', () => {
  it.each(vectors.userSigV2)(
    'has the fields that the official SDKs write, as in $id',
    ({ input, expectedDecoded, userbufHex }) => {
      const { userId, time: issuedAt, expire: ttlSeconds, roomId, roomStr, privilegeMap: privileges = 0 } = input;
      const official = createUserSigSigner(input.sdkAppId, { secretKey: input.key });
      const room = roomId ?? roomStr;
      const token =
        room === undefined
          ? official.signUserSig({ userId, issuedAt, ttlSeconds })
          : official.signPrivateMapKey({ userId, issuedAt, ttlSeconds, roomId: room, privileges });
      expect(decode(token)).toEqual(expectedDecoded);
      const userBuf = decode(token)['TLS.userbuf'];
      expect(userBuf && Buffer.from(String(userBuf), 'base64').toString('hex')).toBe(userbufHex);
    },
  );

  it.each(officialV2)('made by $sdk holds here, as in $id', ({ input, token }) => {
    const { userId, time, expire } = input;
    const verdict = createUserSigVerifier(input.sdkAppId, { secretKey: input.key }).verify(token, {
      userId,
      now: time + expire,
    });
    expect(verdict).toMatchObject({
      valid: true,
      fields: { version: 2, userId, sdkAppId: input.sdkAppId, issuedAt: time, expiresAt: time + expire },
    });
    const roomId = input.roomId ?? input.roomStr;
    expect(verdict.fields?.room).toEqual(
      roomId === undefined ? undefined : { roomId, privileges: input.privilegeMap, expiresAt: time + expire },
    );
  });

  it('says the same as one of the official SDK of the same second, PrivateMapKeys included', () => {
    vi.useFakeTimers({ now: now * 1000, toFake: ['Date'] });
    const official = new Api(sdkAppId, secretKey);
    const room = { ...request, privileges: 42 };
    expect(decode(signer.signUserSig(request))).toEqual(decode(official.genUserSig('s1', 3600)));
    expect(decode(signer.signPrivateMapKey({ ...room, roomId: 10_000 }))).toEqual(
      decode(official.genPrivateMapKey('s1', 3600, 10_000, 42)),
    );
    expect(decode(signer.signPrivateMapKey({ ...room, roomId: 'c42' }))).toEqual(
      decode(official.genPrivateMapKeyWithStringRoomID('s1', 3600, 'c42', 42)),
    );
  });

  it('holds for any user, time and lifetime for which it was signed', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[A-Za-z0-9_-]{1,32}$/),
        fc.integer({ min: 0, max: 4_000_000_000 }),
        fc.integer({ min: 1, max: 15_552_000 }),
        (userId, issuedAt, ttlSeconds) => {
          const userSig = signer.signUserSig({ userId, issuedAt, ttlSeconds });
          expect(verifier.verify(userSig, { userId, now: issuedAt + ttlSeconds }).valid).toBe(true);
        },
      ),
    );
  });
});

describe('a UserSig v1', () => {
  it.each(officialV1)('made by $sdk holds here, as in $id', ({ input, publicKeyPem, token }) => {
    const { userId, time, expire } = input;
    const verdict = createUserSigVerifier(input.sdkAppId, { privateKey: publicKeyPem }).verify(token, {
      userId,
      now: time + expire,
    });
    expect(verdict).toMatchObject({
      valid: true,
      fields: { version: 1, userId, sdkAppId: input.sdkAppId, issuedAt: time, expiresAt: time + expire },
    });
  });

  it.each([
    ['secp256k1', 'pkcs8'],
    ['secp256k1', 'sec1'],
    ['prime256v1', 'pkcs8'],
    ['prime256v1', 'sec1'],
  ] as const)('signed with a %s key in %s holds for OpenSSL and for us, with a room and without', (curve, type) => {
    const { privateKey, publicKey } = ecKey(curve, type);
    const v1 = createUserSigSigner(sdkAppId, { privateKey });
    const tokens = [v1.signUserSig(request), v1.signPrivateMapKey({ ...request, roomId: 7, privileges: 255 })];
    for (const token of tokens) {
      expect(opensslVerifies(token, publicKey)).toBe(true);
      const verdict = createUserSigVerifier(sdkAppId, { privateKey }).verify(token, { userId: 's1', now });
      expect(verdict).toMatchObject({ valid: true, fields: { version: 1, userId: 's1', expiresAt: now + 3600 } });
    }
    expect(v1.version).toBe(1);
  });

  it('has every value as a string', () => {
    const v1 = createUserSigSigner(sdkAppId, ecKey('secp256k1', 'pkcs8'));
    expect(decode(v1.signUserSig(request))).toEqual({
      'TLS.account_type': '0',
      'TLS.identifier': 's1',
      'TLS.appid_at_3rd': '0',
      'TLS.sdk_appid': '1400000000',
      'TLS.time': '1700000000',
      'TLS.expire_after': '3600',
      'TLS.version': expect.stringMatching(/^\d{12}$/),
      'TLS.sig': expect.any(String),
    });
  });

  it.each([
    ['prime256v1', 'BggqhkjOPQMBBw=='],
    ['secp256k1', 'BgUrgQQACg=='],
  ])('is signed with what `openssl ecparam -genkey` writes for %s, in one line of a .env', (curve, parameters) => {
    const { privateKey, publicKey } = ecKey(curve, 'sec1');
    const file = `-----BEGIN EC PARAMETERS-----\n${parameters}\n-----END EC PARAMETERS-----\n${privateKey}`;
    const config = readConfig(
      { IM_SDK_APP_ID: String(sdkAppId), IM_PRIVATE_KEY: file.replaceAll('\n', '\\n') },
      signingSettings,
    );
    const token = createUserSigSigner(config.sdkAppId, config.signingKey).signUserSig(request);
    expect(opensslVerifies(token, publicKey)).toBe(true);
    expect(createUserSigVerifier(sdkAppId, config.signingKey).verify(token, { now }).valid).toBe(true);
  });
});

describe('a PrivateMapKey', () => {
  it('tells its room, privileges and end', () => {
    const privileges = privilege.enterRoom | privilege.receiveAudio | privilege.receiveVideo;
    const numeric = signer.signPrivateMapKey({ ...request, roomId: 4_294_967_294, privileges });
    const named = signer.signPrivateMapKey({ ...request, roomId: '123', privileges });
    expect(verifier.verify(numeric, { now }).fields?.room).toEqual({
      roomId: 4_294_967_294,
      privileges: 42,
      expiresAt: now + 3600,
    });
    expect(verifier.verify(named, { now }).fields?.room).toEqual({
      roomId: '123',
      privileges: 42,
      expiresAt: now + 3600,
    });
  });

  it('counts the bytes of its user id, not the characters', () => {
    const permission = { userId: '张三', sdkAppId, roomId: '课', privileges: 1, expiresAt: now };
    const buffer = encodeUserBuf(permission);
    expect(buffer.readUInt16BE(1)).toBe(6);
    expect(buffer).toHaveLength(23 + 6 + 2 + 3);
    expect(decodeUserBuf(buffer)).toEqual(permission);
  });

  it('is read back as it was written, and not at all when a byte is missing or too many', () => {
    const uint32 = fc.integer({ min: 0, max: 4_294_967_295 });
    fc.assert(
      fc.property(
        fc.stringMatching(/^[A-Za-z0-9_-]{1,32}$/),
        fc.oneof(uint32, fc.string({ maxLength: 64 })),
        uint32,
        uint32,
        (userId, roomId, privileges, expiresAt) => {
          const permission = { userId, sdkAppId, roomId, privileges, expiresAt };
          const buffer = encodeUserBuf(permission);
          expect(decodeUserBuf(buffer)).toEqual(permission);
          expect(decodeUserBuf(buffer.subarray(0, -1))).toBeUndefined();
          expect(decodeUserBuf(Buffer.concat([buffer, Buffer.alloc(1)]))).toBeUndefined();
        },
      ),
    );
  });
});

describe('a refused UserSig', () => {
  const good = signer.signUserSig(request);
  const foreign = createUserSigSigner(1400000001, { secretKey });
  const stranger = createUserSigSigner(sdkAppId, { secretKey: 'another' });
  const verify = (userSig: string, at = now, userId?: string) => verifier.verify(userSig, { userId, now: at });
  const reasonOf = (...args: Parameters<typeof verify>) => {
    const verdict = verify(...args);
    return verdict.valid ? undefined : verdict.reason;
  };

  it('is named by the first reason that applies: malformed, signature, expired, sdkAppId, userId', () => {
    const late = now + 3601;
    expect(reasonOf(`${good}x`, late, 's2')).toBe('malformed');
    expect(reasonOf(stranger.signUserSig(request), late, 's2')).toBe('signature');
    expect(reasonOf(foreign.signUserSig(request), late, 's2')).toBe('expired');
    expect(reasonOf(foreign.signUserSig(request), now, 's2')).toBe('sdkAppId');
    expect(reasonOf(good, now, 's2')).toBe('userId');
    expect(reasonOf(good, now, 's1')).toBeUndefined();
  });

  it('is still good in the second in which it ends', () => {
    expect(reasonOf(good, now + 3600)).toBeUndefined();
    expect(reasonOf(good, now + 3601)).toBe('expired');
  });

  it('tells what it says unless it is malformed', () => {
    expect(verify(stranger.signUserSig(request)).fields).toEqual({
      version: 2,
      userId: 's1',
      sdkAppId,
      issuedAt: now,
      expiresAt: now + 3600,
    });
    expect(verify('?')).toEqual({ valid: false, reason: 'malformed' });
  });

  it('of the other version has no signature of this app', () => {
    const keys = ecKey('secp256k1', 'pkcs8');
    const v1 = createUserSigSigner(sdkAppId, keys).signUserSig(request);
    expect(reasonOf(v1)).toBe('signature');
    const verdict = createUserSigVerifier(sdkAppId, keys).verify(good, { now });
    expect(verdict).toMatchObject({ valid: false, reason: 'signature' });
  });

  it.each([
    ['nothing', ''],
    ['no zlib data', 'AAAA'],
    ['a base64 of another alphabet', good.replaceAll('*', '+').replaceAll('-', '/').replaceAll('_', '=').concat('=')],
    ['half a token', good.slice(0, good.length / 2)],
    ['something after the token', `${pack(JSON.stringify(decode(good))).replace(/_+$/, '')}AAAA`],
    ['a text that is no JSON', pack('hello')],
    ['null', pack('null')],
    ['an array', pack('[]')],
    ['a string', pack('"x"')],
    ['an object without fields', pack('{}')],
    ['a number for the user id', repack(good, { 'TLS.identifier': 1 })],
    ['a string for the SDKAppID', repack(good, { 'TLS.sdkappid': '1400000000' })],
    ['a fraction for the time', repack(good, { 'TLS.time': 1.5 })],
    ['a negative lifetime', repack(good, { 'TLS.expire': -1 })],
    ['a list for the signature', repack(good, { 'TLS.sig': ['x'] })],
    ['an object for the userbuf', repack(good, { 'TLS.userbuf': {} })],
    ['a zip bomb', pack(JSON.stringify({ ...decode(good), bomb: '0'.repeat(1_000_000) }))],
    ['a huge token', 'eJ'.repeat(500_000)],
  ])('of %s is malformed', (_what, token) => {
    expect(reasonOf(token)).toBe('malformed');
  });

  it('has one character changed, whichever', () => {
    const alphabet = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789*-_'];
    // The byte before zlib's four of checksum ends in bits that nothing reads, so two characters have twins.
    const lastData = Buffer.from(good.replaceAll('*', '+').replaceAll('-', '/'), 'base64').length - 5;
    const unread = [Math.floor((lastData * 8) / 6), Math.floor((lastData * 8 + 7) / 6)];
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.constantFrom(...alphabet), (at, char) => {
        fc.pre(good[at] !== char && !unread.includes(at));
        expect(verify(good.slice(0, at) + char + good.slice(at + 1)).valid).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['v2', signer, verifier],
    [
      'v2 with a room',
      { signUserSig: (of) => signer.signPrivateMapKey({ ...of, roomId: 7, privileges: 1 }) } as UserSigSigner,
      verifier,
    ],
  ])('has one byte of its JSON changed, whichever (%s)', (_version, from, by) => {
    const json = inflate(from.signUserSig(request));
    fc.assert(
      fc.property(fc.nat(json.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = Buffer.from(json);
        changed.writeUInt8(changed.readUInt8(at) ^ flip, at);
        expect(by.verify(pack(changed), { now }).valid).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  it('has one byte of its signed v1 fields or its v1 signature changed', () => {
    const keys = ecKey('prime256v1', 'pkcs8');
    const v1 = createUserSigVerifier(sdkAppId, keys);
    const fields = decode(createUserSigSigner(sdkAppId, keys).signUserSig(request));
    const { 'TLS.version': _unsigned, ...signed } = fields;
    const json = Buffer.from(JSON.stringify(signed));
    expect(v1.verify(pack(json), { now }).valid).toBe(true);
    fc.assert(
      fc.property(fc.nat(json.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = Buffer.from(json);
        changed.writeUInt8(changed.readUInt8(at) ^ flip, at);
        expect(v1.verify(pack(changed), { now }).valid).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('issueUserSig', () => {
  it('says when the sig ends and when to ask for the next', () => {
    const issued = issueUserSig(signer, 's1', now, 101);
    expect(issued).toEqual({
      sdkAppId,
      userId: 's1',
      userSig: expect.any(String),
      version: 2,
      issuedAt: now,
      expiresAt: now + 101,
      refreshAt: now + 80,
    });
    expect(verifier.verify(issued.userSig, { userId: 's1', now: now + 101 }).valid).toBe(true);
  });
});
