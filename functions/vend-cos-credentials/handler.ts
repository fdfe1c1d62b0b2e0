import { classFiles } from '../../lib/classroom/class/class-files.ts';
import type { Classes } from '../../lib/classroom/class/classes.ts';
import { type Bucket, downloadPolicy, uploadPolicy } from '../../lib/cos/policy.ts';
import type { Sts } from '../../lib/cos/sts.ts';
import { type HttpDeps, httpEndpoint } from '../../lib/scf/http-endpoint.ts';
import { type VendCosCredentialsOutput, vendCosCredentialsInput } from './schema.ts';

export interface Deps {
  http: HttpDeps;
  classes: Pick<Classes, 'requireMember' | 'lifetimeSeconds' | 'downloadLifetimeSeconds'>;
  sts: Sts;
  bucket: Bucket;
  ttlSeconds: number;
}

/**
 * `POST /vend-cos-credentials`: temporary credentials for the caller's files of a class, in the shape that `cos-js-sdk-v5`
 * takes. Uploads end with the class (410), downloads 30 days later. 403 unless a member.
 */
export const createHandler = ({ http, classes, sts, bucket, ttlSeconds }: Deps) =>
  httpEndpoint(http, {
    input: vendCosCredentialsInput,
    async run({ classId, purpose }, caller): Promise<VendCosCredentialsOutput> {
      const { lesson } = await classes.requireMember(classId, caller);
      const { prefix, coursewarePrefix, writable, readable } = classFiles(lesson, caller.userId);
      const isUpload = purpose === 'upload';
      const credentials = isUpload
        ? await sts.vend(uploadPolicy(bucket, writable), classes.lifetimeSeconds(lesson, ttlSeconds))
        : await sts.vend(downloadPolicy(bucket, readable), classes.downloadLifetimeSeconds(lesson, ttlSeconds));
      return {
        ...credentials,
        bucket: bucket.name,
        region: bucket.region,
        origin: bucket.origin,
        prefix,
        ...((!isUpload || writable.includes(coursewarePrefix)) && { coursewarePrefix }),
      };
    },
  });
