import { cosSettings, httpSettings, readCredentials } from '../../lib/config.ts';
import { readProblem } from '../../lib/cos/bucket-xml.ts';
import { signCosRequest } from '../../lib/cos/signature.ts';
import { type CorsRule, readCorsRules, whatIsMissing } from './cors-rules.ts';
import { type Check, ok, wrong } from './finding.ts';
import { type Patient, withSettings } from './patient.ts';

const timeoutMs = 10_000;
const signatureSeconds = 300;

/** Whether the bucket is there, for these keys. */
export const bucketCheck = (patient: Patient): Check => ({
  name: 'COS bucket',
  look: () =>
    withSettings(cosSettings, patient, async ({ bucket: { name, region, origin } }) => {
      const reply = await ask(patient, origin, 'HEAD');
      return reply?.ok
        ? ok(`${name} is there`)
        : wrong(
            `${name} in ${region}: ${reply ? `status ${reply.status}` : 'no reply'}`,
            bucketFixes[reply?.status ?? 0] ?? bucketFix,
          );
    }),
});

const bucketFix = 'compare COS_BUCKET, COS_REGION and COS_URL with the COS console';
/** A HEAD has no body, and so no code. */
const bucketFixes: Readonly<Record<number, string>> = {
  403: 'let these keys do cos:HeadBucket and cos:GetBucketCORS on the bucket',
  404: 'make the bucket, or correct COS_BUCKET and COS_REGION',
};

/** Whether browsers may use the bucket: pages of every origin that may call the functions. */
export const corsCheck = (patient: Patient): Check => ({
  name: 'COS CORS',
  look: () =>
    withSettings(httpSettings, patient, ({ allowedOrigins }) =>
      withSettings(cosSettings, patient, async ({ bucket: { origin } }) => {
        if (allowedOrigins.length === 0) return ok('not needed: CORS_ALLOWED_ORIGINS is empty');
        const reply = await ask(patient, origin, 'GET', { cors: '' });
        if (!reply) return wrong('the bucket does not answer', bucketFix);
        const rules = await readRules(reply);
        if (typeof rules === 'string') return wrong(`COS answers ${rules}`, 'let these keys do cos:GetBucketCORS');
        const missing = allowedOrigins.flatMap((page) => whatIsMissing(rules, page));
        return missing.length === 0
          ? ok(`pages of ${allowedOrigins.join(', ')} may use the bucket`)
          : wrong(
              missing.join('; '),
              'COS console → bucket → security: a CORS rule with all methods, * headers and ETag exposed',
            );
      }),
    ),
});

/** Says of a bucket that nobody has made rules for. Source: https://cloud.tencent.com/document/product/436/8274 */
const noRules = 'NoSuchCORSConfiguration';

/** The rules of the bucket, or the code of a refusal. */
const readRules = async (reply: Response): Promise<readonly CorsRule[] | string> => {
  const text = await reply.text();
  if (reply.ok) return readCorsRules(text);
  const { code = `status ${reply.status}` } = readProblem(text);
  return code === noRules ? [] : code;
};

/** `undefined` when there is no reply. */
const ask = async (
  { env, fetch, clock }: Patient,
  origin: string,
  method: 'HEAD' | 'GET',
  query: Readonly<Record<string, string>> = {},
): Promise<Response | undefined> => {
  const { sessionToken, ...key } = readCredentials(env);
  const startTime = Math.floor(clock() / 1000);
  const headers = { host: new URL(origin).host };
  const signTime = { startTime, endTime: startTime + signatureSeconds };
  const authorization = signCosRequest({ method, path: '/', query, headers }, key, signTime);
  const search = Object.keys(query).join('&');
  try {
    return await fetch(`${origin}/${search && `?${search}`}`, {
      method,
      headers: { authorization, ...(sessionToken !== undefined && { 'x-cos-security-token': sessionToken }) },
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch {
    // Said in the line of the one who asked.
    return undefined;
  }
};
