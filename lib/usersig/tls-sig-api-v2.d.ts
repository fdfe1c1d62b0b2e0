/** Tencent's signer ships no types. Only what is used here. */
declare module 'tls-sig-api-v2/TLSSigAPIv2.js' {
  export class Api {
    constructor(sdkAppId: number, key: string);
    genUserSig(userId: string, ttlSeconds: number): string;
    genPrivateMapKey(userId: string, ttlSeconds: number, roomId: number, privileges: number): string;
    genPrivateMapKeyWithStringRoomID(userId: string, ttlSeconds: number, roomId: string, privileges: number): string;
    /** The base64 HMAC of the signed content; the clock is the caller's here, `genUserSig` reads its own. */
    _hmacsha256(userId: string, time: number, ttlSeconds: number, base64UserBuf: string | null): string;
  }
}
