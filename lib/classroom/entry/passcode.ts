import { scrypt, timingSafeEqual } from 'node:crypto';

const keyBytes = 32;

/** scrypt with Node's own cost (N 16384, r 8, p 1): 16 MiB and some 60 ms a guess, and guesses are counted. */
const derive = (passcode: string, salt: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(passcode.normalize('NFC'), salt, keyBytes, (error, key) => (error ? reject(error) : resolve(key)));
  });

/** Hashes a passcode for keeping: `salt.key`, both base64url. `salt` is 16 random bytes. */
export const hashPasscode = async (passcode: string, salt: Buffer): Promise<string> =>
  `${salt.toString('base64url')}.${(await derive(passcode, salt)).toString('base64url')}`;

/** Compares in constant time. */
export const isPasscode = async (passcode: string, hash: string): Promise<boolean> => {
  const [salt = '', key = ''] = hash.split('.');
  const expected = Buffer.from(key, 'base64url');
  const given = await derive(passcode, Buffer.from(salt, 'base64url'));
  return expected.length === given.length && timingSafeEqual(expected, given);
};
