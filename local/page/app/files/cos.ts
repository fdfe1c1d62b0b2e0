import type COS from 'cos-js-sdk-v5';
import { ClassroomError, type Reply } from '../../../../client/classroom.ts';
import { client } from '../session.ts';

type Vended = Reply<'vend-cos-credentials'>;
type Purpose = 'upload' | 'download';

/** Tencent's client of COS, and where a class has its files. */
export interface OpenCos {
  cos: COS;
  /** Names an object as all calls of the client want it. */
  at(key: string): { Bucket: string; Region: string; Key: string };
  prefixes: Pick<Vended, 'prefix' | 'coursewarePrefix'>;
  /** What was wrong: the function's refusal when it gave no credentials, which the client only calls malformed. */
  explain(error: NonNullable<COS.CosError>): unknown;
}

/** Opens COS for one class and purpose when it is first needed; its credentials are renewed before they run out. */
export const createCosOpener = (classId: string, purpose: Purpose) => {
  let opening: Promise<OpenCos> | undefined;
  return (): Promise<OpenCos> => {
    opening ??= openCos(classId, purpose).catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };
};

const openCos = async (classId: string, purpose: Purpose): Promise<OpenCos> => {
  let vending: Promise<Vended> | undefined = client.call('vend-cos-credentials', { classId, purpose });
  let refusal: unknown;
  // It is as large as the rest of the page, and most people send no file.
  const [{ default: Cos }, { bucket, region, origin, prefix, coursewarePrefix }] = await Promise.all([
    import('cos-js-sdk-v5'),
    vending,
  ]);

  /** Parts that are sent side by side ask at once. */
  const vend = async (): Promise<COS.Credentials> => {
    vending ??= client.call('vend-cos-credentials', { classId, purpose });
    try {
      const { credentials, startTime, expiredTime } = await vending;
      refusal = undefined;
      return {
        TmpSecretId: credentials.tmpSecretId,
        TmpSecretKey: credentials.tmpSecretKey,
        SecurityToken: credentials.sessionToken,
        StartTime: startTime,
        ExpiredTime: expiredTime,
      };
    } catch (error) {
      refusal = error;
      return { TmpSecretId: '', TmpSecretKey: '', StartTime: 0, ExpiredTime: 0 };
    } finally {
      vending = undefined;
    }
  };

  const { host, protocol } = new URL(origin);
  const cos = new Cos({
    getAuthorization: (_, callback) => void vend().then(callback),
    Domain: host,
    Protocol: protocol,
    ProgressInterval: 200,
  });
  return {
    cos,
    at: (key) => ({ Bucket: bucket, Region: region, Key: key }),
    prefixes: { prefix, coursewarePrefix },
    explain: (error) => refusal ?? explain(error),
  };
};

const explain = (cause: NonNullable<COS.CosError>): Error =>
  cause.statusCode
    ? new Error(`COS: ${cause.code}`, { cause })
    : new ClassroomError({ code: 'NETWORK', detail: 'COS cannot be reached.', cause });
