import { cosSettings, httpSettings } from '../../lib/config.ts';
import { createBucketClient } from '../../lib/cos/bucket-client.ts';
import { AppError } from '../../lib/errors.ts';
import { type Assumed, emptyPrefix } from './cos-role.ts';
import { type Check, ok, unknown, wrong } from './finding.ts';
import { fetchInTime, type Patient, withSettings } from './patient.ts';

/** Whether the bucket is there, for the role whose rights are handed out. */
export const bucketCheck = (patient: Patient, assumed: Promise<Assumed>): Check => ({
  name: 'COS bucket',
  look: () =>
    withSettings(cosSettings, patient, async ({ bucket, cosRoleArn }) => {
      const rights = await assumed;
      if ('verdict' in rights) return unknown('only the role of COS_ROLE_ARN may look at it', 'see AssumeRole first');
      try {
        const client = createBucketClient({ bucket, fetch: fetchInTime(patient) });
        await client.list({ prefix: emptyPrefix, marker: '', maxKeys: 1 }, rights);
        return ok(`${cosRoleArn} may list ${bucket.name}`);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        const { vendorCode } = error.details;
        const reason = vendorCode ?? (error.cause instanceof Error ? error.cause.message : error.message);
        return wrong(`${bucket.name} in ${bucket.region}: ${reason}`, fixes[String(vendorCode)] ?? usualFix);
      }
    }),
});

const usualFix = 'compare COS_BUCKET, COS_REGION and COS_URL with the COS console';
/** Source: https://cloud.tencent.com/document/product/436/7730 */
const fixes: Readonly<Record<string, string>> = {
  AccessDenied: 'let the role of COS_ROLE_ARN use the bucket; if it is of another account, correct COS_BUCKET',
  NoSuchBucket: 'make the bucket, or correct COS_BUCKET and COS_REGION',
};

/** What an upload in parts takes: PUT and POST, GET for those that are there, DELETE to give up. */
const methods = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'];
/** What the browser's SDK sends besides the headers that need no rule. */
const headers = 'authorization, content-type, x-cos-security-token';

/** Whether browsers may use the bucket: it is asked what they ask it, for pages of every origin that may call the functions. */
export const corsCheck = (patient: Patient): Check => ({
  name: 'COS CORS',
  look: () =>
    withSettings(httpSettings, patient, ({ allowedOrigins }) =>
      withSettings(cosSettings, patient, async ({ bucket }) => {
        if (allowedOrigins.length === 0) return ok('not needed: CORS_ALLOWED_ORIGINS is empty');
        const refused = await Promise.all(allowedOrigins.map((page) => findRefused(patient, bucket.origin, page)));
        return refused.flat().length === 0
          ? ok(`pages of ${allowedOrigins.join(', ')} may use the bucket`)
          : wrong(
              refused.flat().join('; '),
              `COS console → bucket → security: a CORS rule with ${methods.join(', ')}, * headers and ETag exposed`,
            );
      }),
    ),
});

/**
 * What a page cannot do with the bucket, which goes by its rules itself and refuses with 403.
 * Source: https://cloud.tencent.com/document/product/436/8288
 */
const findRefused = async (patient: Patient, bucketOrigin: string, page: string): Promise<string[]> => {
  const ask = async (method: string) => {
    const asked = { 'access-control-request-method': method, 'access-control-request-headers': headers };
    const reply = await fetchInTime(patient)(`${bucketOrigin}/`, {
      method: 'OPTIONS',
      headers: { origin: page, ...asked },
    });
    if (!reply.ok && reply.status !== 403) throw new Error(`the bucket answers status ${reply.status}`);
    const allowed = reply.headers.get('access-control-allow-origin');
    const exposed = reply.headers.get('access-control-expose-headers') ?? '';
    return {
      method,
      isAllowed: reply.ok && (allowed === '*' || allowed === page),
      exposesEtag: /(^|,)\s*(etag|\*)\s*(,|$)/i.test(exposed),
    };
  };
  const answers = await Promise.all(methods.map(ask));
  const refused = answers.filter(({ isAllowed }) => !isAllowed).map(({ method }) => method);
  // Without it an upload in parts cannot be completed.
  const hidesEtag = answers.some(({ method, isAllowed, exposesEtag }) => method === 'PUT' && isAllowed && !exposesEtag);
  return [
    ...(refused.length > 0 ? [`${page} may not ${refused.join(', ')} with ${headers}`] : []),
    ...(hidesEtag ? [`${page} may not read ETag`] : []),
  ];
};
