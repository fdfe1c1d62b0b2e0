import { createHmac, randomBytes } from 'node:crypto';
import * as z from 'zod/mini';
import { isSameText } from './timing-safe.ts';

/** What temporary keys may do, and until when. */
interface TemporaryGrant {
  /** A CAM policy as JSON text; undefined allows everything. */
  policy: string | undefined;
  /** Unix seconds. */
  expiresAt: number;
}

interface TemporaryKeyPair {
  tmpSecretId: string;
  tmpSecretKey: string;
}

export interface TemporaryKeys {
  issue(grant: TemporaryGrant): TemporaryKeyPair & { token: string };
  /** What a token that we have issued stands for, expired or not; undefined of any other. */
  open(token: string): (TemporaryKeyPair & TemporaryGrant) | undefined;
}

/** Source: https://cloud.tencent.com/document/api/1312/48195 */
export const maxTokenLength = 4096;

const contentSchema = z.object({ id: z.string(), policy: z.optional(z.string()), expiresAt: z.int() });

/**
 * Makes temporary keys that need no store: the token, `<content>.<MAC>` in base64url, carries its own grant, and the
 * secret key is derived from it. So they hold in every process that shares `localSecret`, and after a restart.
 */
export const createTemporaryKeys = (localSecret: string): TemporaryKeys => {
  const derive = (purpose: 'token' | 'secret key', content: string) =>
    createHmac('sha256', localSecret).update(`${purpose}\n${content}`).digest('base64url');

  return {
    issue({ policy, expiresAt }) {
      const id = `AKID${randomBytes(24).toString('base64url')}`;
      const content = Buffer.from(JSON.stringify({ id, policy, expiresAt })).toString('base64url');
      return {
        token: `${content}.${derive('token', content)}`,
        tmpSecretId: id,
        tmpSecretKey: derive('secret key', content),
      };
    },
    open(token) {
      const [content = ''] = token.split('.');
      if (!isSameText(token, `${content}.${derive('token', content)}`)) return undefined;
      const { id, policy, expiresAt } = contentSchema.parse(JSON.parse(Buffer.from(content, 'base64url').toString()));
      return { tmpSecretId: id, tmpSecretKey: derive('secret key', content), policy, expiresAt };
    },
  };
};
