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
  base64Signature: string;
  ttlSeconds: number;
  base64UserBuf: string | null;
}

const parse = (userSig: string): Parsed | undefined => {
  const raw = unpackToken(userSig);
  if (!raw) return undefined;
  const version = raw['TLS.ver'] === '2.0' ? 2 : 1;
  const [appField, ttlField] = version === 2 ? ['TLS.sdkappid', 'TLS.expire'] : ['TLS.sdk_appid', 'TLS.expire_after'];
  const userId = raw['TLS.identifier'];
  const readUint = version === 2 ? uintOfNumber : uintOfText;
  const sdkAppId = readUint(raw[appField]);
  const issuedAt = readUint(raw['TLS.time']);
  const ttlSeconds = readUint(raw[ttlField]);
  const base64Signature = raw['TLS.sig'];
  const base64UserBuf = raw['TLS.userbuf'] ?? null;
  if (typeof userId !== 'string' || typeof base64Signature !== 'string') return undefined;
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
    base64Signature,
    ttlSeconds,
    base64UserBuf,
  };
};

/** v1 writes its numbers as strings, v2 as JSON numbers. */
const uintOfText = (value: unknown): number | undefined =>
  typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : undefined;

const uintOfNumber = (value: unknown): number | undefined =>
  typeof value === 'number' ? uintOfText(String(value)) : undefined;

const hmacVerifier =
  (secretKey: string) =>
  ({ fields, ttlSeconds, base64UserBuf, base64Signature }: Parsed): boolean => {
    if (fields.version !== 2) return false;
    const hmac = new Api(fields.sdkAppId, secretKey)._hmacsha256(
      fields.userId,
      fields.issuedAt,
      ttlSeconds,
      base64UserBuf,
    );
    // Compared as text: base64 has several texts of the same bytes.
    const [expected, given] = [Buffer.from(hmac), Buffer.from(base64Signature)];
    return expected.length === given.length && timingSafeEqual(expected, given);
  };

const ecdsaVerifier = (pem: string) => {
  const publicKey = createPublicKey(pem);
  return ({ fields, raw, base64Signature }: Parsed): boolean => {
    const signature = Buffer.from(base64Signature, 'base64');
    return (
      fields.version === 1 &&
      signature.toString('base64') === base64Signature &&
      verify('sha256', Buffer.from(v1Content(raw)), publicKey, signature)
    );
  };
};
