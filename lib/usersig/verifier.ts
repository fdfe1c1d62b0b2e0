import { createPublicKey, timingSafeEqual, verify } from 'node:crypto';
import { Api } from 'tls-sig-api-v2/TLSSigAPIv2.js';
import type { SigningKey } from './signer.ts';
import { unpackToken } from './token.ts';
import { decodeUserBuf, type RoomPermission } from './user-buf.ts';
import { v1Content } from './v1-content.ts';

/** Why a UserSig is refused, in the order in which the reasons are looked for. */
export type RefusalReason = 'malformed' | 'signature' | 'expired' | 'sdkAppId' | 'userId';

export interface UserSigFields {
  version: 1 | 2;
  userId: string;
  sdkAppId: number;
  /** Unix seconds. */
  issuedAt: number;
  expiresAt: number;
  /** Present in a PrivateMapKey. */
  room?: Pick<RoomPermission, 'roomId' | 'privileges' | 'expiresAt'>;
}

export type Verdict =
  | { valid: true; fields: UserSigFields }
  | { valid: false; reason: 'malformed'; fields?: undefined }
  | { valid: false; reason: Exclude<RefusalReason, 'malformed'>; fields: UserSigFields };

export interface Expected {
  /** When given, a sig of another user is refused. */
  userId?: string;
  /** Unix seconds. */
  now: number;
}

export interface UserSigVerifier {
  verify(userSig: string, expected: Expected): Verdict;
}

/** Makes the verifier of one app's UserSigs and PrivateMapKeys, of the version that the app's key signs. */
export const createUserSigVerifier = (sdkAppId: number, key: SigningKey): UserSigVerifier => {
  const hasSignature = 'secretKey' in key ? hmacVerifier(key.secretKey) : ecdsaVerifier(key.privateKey);
  return {
    verify(userSig, { userId, now }) {
      const parsed = parse(userSig);
      if (!parsed) return { valid: false, reason: 'malformed' };
      const { fields } = parsed;
      const reason = !hasSignature(parsed)
        ? 'signature'
        : now > fields.expiresAt
          ? 'expired'
          : fields.sdkAppId !== sdkAppId
            ? 'sdkAppId'
            : userId !== undefined && fields.userId !== userId
              ? 'userId'
              : undefined;
      return reason ? { valid: false, reason, fields } : { valid: true, fields };
    },
  };
};

interface Parsed {
  fields: UserSigFields;
  /** As the JSON has them: the signature covers these very values. */
  raw: Record<string, unknown>;
  signature: Buffer;
  ttlSeconds: number;
  base64UserBuf: string | null;
}

const parse = (userSig: string): Parsed | undefined => {
  const raw = unpackToken(userSig);
  if (!raw) return undefined;
  const version = raw['TLS.ver'] === '2.0' ? 2 : 1;
  const [appField, ttlField] = version === 2 ? ['TLS.sdkappid', 'TLS.expire'] : ['TLS.sdk_appid', 'TLS.expire_after'];
  const userId = raw['TLS.identifier'];
  const sdkAppId = toUint(raw[appField]);
  const issuedAt = toUint(raw['TLS.time']);
  const ttlSeconds = toUint(raw[ttlField]);
  const signature = raw['TLS.sig'];
  const base64UserBuf = raw['TLS.userbuf'] ?? null;
  if (typeof userId !== 'string' || typeof signature !== 'string') return undefined;
  if (sdkAppId === undefined || issuedAt === undefined || ttlSeconds === undefined) return undefined;
  if (base64UserBuf !== null && typeof base64UserBuf !== 'string') return undefined;
  const permission = base64UserBuf === null ? undefined : decodeUserBuf(Buffer.from(base64UserBuf, 'base64'));
  const room = permission && {
    roomId: permission.roomId,
    privileges: permission.privileges,
    expiresAt: permission.expiresAt,
  };
  return {
    fields: { version, userId, sdkAppId, issuedAt, expiresAt: issuedAt + ttlSeconds, ...(room && { room }) },
    raw,
    signature: Buffer.from(signature, 'base64'),
    ttlSeconds,
    base64UserBuf,
  };
};

/** v2 writes its numbers as JSON numbers, v1 as strings. */
const toUint = (value: unknown): number | undefined => {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
};

const hmacVerifier =
  (secretKey: string) =>
  ({ fields, ttlSeconds, base64UserBuf, signature }: Parsed): boolean => {
    if (fields.version !== 2) return false;
    const hmac = new Api(fields.sdkAppId, secretKey)._hmacsha256(
      fields.userId,
      fields.issuedAt,
      ttlSeconds,
      base64UserBuf,
    );
    const expected = Buffer.from(hmac, 'base64');
    return expected.length === signature.length && timingSafeEqual(expected, signature);
  };

const ecdsaVerifier = (pem: string) => {
  const publicKey = createPublicKey(pem);
  return ({ fields, raw, signature }: Parsed): boolean =>
    fields.version === 1 && verify('sha256', Buffer.from(v1Content(raw)), publicKey, signature);
};
