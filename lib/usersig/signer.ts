import { createPrivateKey, sign } from 'node:crypto';
import { Api } from 'tls-sig-api-v2/TLSSigAPIv2.js';
import { packToken } from './token.ts';
import { encodeUserBuf } from './user-buf.ts';
import { v1Content } from './v1-content.ts';

/** The app's signing key: the HMAC key of today's apps (v2), or the PEM of an app from before 2019-07-19 (v1). */
export type SigningKey = { secretKey: string } | { privateKey: string };

export interface SignRequest {
  userId: string;
  /** Unix seconds. */
  issuedAt: number;
  ttlSeconds: number;
}

export interface RoomSignRequest extends SignRequest {
  roomId: number | string;
  privileges: number;
}

export interface UserSigSigner {
  readonly sdkAppId: number;
  readonly version: 1 | 2;
  /** A UserSig: who holds it may log in to IM and TRTC as `userId`. */
  signUserSig(request: SignRequest): string;
  /** A PrivateMapKey: a UserSig that also names a room and what its holder may do there. */
  signPrivateMapKey(request: RoomSignRequest): string;
}

/**
 * Makes the signer of one app. Throws an `Error` when the private key is not an EC key in PEM.
 * Source: https://cloud.tencent.com/document/product/269/32688
 */
export const createUserSigSigner = (sdkAppId: number, key: SigningKey): UserSigSigner => {
  const sign = 'secretKey' in key ? hmacSigner(sdkAppId, key.secretKey) : ecdsaSigner(sdkAppId, key.privateKey);
  return {
    sdkAppId,
    version: 'secretKey' in key ? 2 : 1,
    signUserSig: (request) => sign(request),
    signPrivateMapKey: ({ roomId, privileges, ...request }) => {
      const expiresAt = request.issuedAt + request.ttlSeconds;
      return sign(request, encodeUserBuf({ userId: request.userId, sdkAppId, roomId, privileges, expiresAt }));
    },
  };
};

type Sign = (request: SignRequest, userBuf?: Buffer) => string;

/** v2. The HMAC is `tls-sig-api-v2`'s; its `genSig` reads the clock itself, so the token is put together here. */
const hmacSigner = (sdkAppId: number, secretKey: string): Sign => {
  const api = new Api(sdkAppId, secretKey);
  return ({ userId, issuedAt, ttlSeconds }, userBuf) => {
    const base64UserBuf = userBuf?.toString('base64');
    return packToken({
      'TLS.ver': '2.0',
      'TLS.identifier': userId,
      'TLS.sdkappid': sdkAppId,
      'TLS.time': issuedAt,
      'TLS.expire': ttlSeconds,
      ...(base64UserBuf !== undefined && { 'TLS.userbuf': base64UserBuf }),
      'TLS.sig': api._hmacsha256(userId, issuedAt, ttlSeconds, base64UserBuf ?? null),
    });
  };
};

/** v1: ECDSA over SHA-256, DER, every value a string. Source: https://github.com/tencentyun/tls-sig-api */
const ecdsaSigner = (sdkAppId: number, pem: string): Sign => {
  const privateKey = createPrivateKey(pem);
  return ({ userId, issuedAt, ttlSeconds }, userBuf) => {
    const fields = {
      'TLS.account_type': '0',
      'TLS.identifier': userId,
      'TLS.appid_at_3rd': '0',
      'TLS.sdk_appid': String(sdkAppId),
      'TLS.expire_after': String(ttlSeconds),
      'TLS.version': '201803230000',
      'TLS.time': String(issuedAt),
      ...(userBuf && { 'TLS.userbuf': userBuf.toString('base64') }),
    };
    return packToken({
      ...fields,
      'TLS.sig': sign('sha256', Buffer.from(v1Content(fields)), privateKey).toString('base64'),
    });
  };
};
