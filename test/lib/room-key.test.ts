import { describe, expect, it } from 'vitest';
import { roomKey, roomPrivileges } from '../../lib/classroom/entry/room-key.ts';
import { createUserSigSigner } from '../../lib/usersig/signer.ts';
import { createUserSigVerifier } from '../../lib/usersig/verifier.ts';
import { imSecretKey, sdkAppId } from '../support/im.ts';
import { lessonOf } from '../support/lesson.ts';

const key = { secretKey: imSecretKey };
const issuedAt = 1_767_225_600;

describe('the key to the room of a class', () => {
  it.each([
    ['full', 255],
    ['seated', 171],
    ['waiting', 170],
  ] as const)('with %s privileges opens it as %i', (name, bits) => {
    const request = { privileges: roomPrivileges[name], issuedAt, ttlSeconds: 300 };
    const { privateMapKey, privateMapKeyExpiresAt } = roomKey(
      createUserSigSigner(sdkAppId, key),
      lessonOf({ roomId: 4242 }),
      's1',
      request,
    );

    expect(privateMapKeyExpiresAt).toBe(issuedAt + 300);
    expect(createUserSigVerifier(sdkAppId, key).verify(privateMapKey, { userId: 's1', now: issuedAt })).toMatchObject({
      valid: true,
      fields: { issuedAt, room: { roomId: 4242, privileges: bits, expiresAt: issuedAt + 300 } },
    });
  });
});
