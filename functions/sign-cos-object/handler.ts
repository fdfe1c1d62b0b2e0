import { classFiles } from '../../lib/classroom/class/class-files.ts';
import type { Classes } from '../../lib/classroom/class/classes.ts';
import { objectKey } from '../../lib/cos/object-path.ts';
import type { ObjectSigner } from '../../lib/cos/object-signer.ts';
import { AppError } from '../../lib/errors.ts';
import { type HttpDeps, httpEndpoint } from '../../lib/scf/http-endpoint.ts';
import { type SignCosObjectOutput, signCosObjectInput } from './schema.ts';

export interface Deps {
  http: HttpDeps;
  classes: Pick<Classes, 'requireMember' | 'lifetimeSeconds' | 'downloadLifetimeSeconds'>;
  objectSigner: ObjectSigner;
  /** Of what can be used again. */
  ttlSeconds: number;
}

const onceSeconds = 300;

/**
 * `POST /sign-cos-object`: a signature for one object of a class. 403 unless a member with that right. Writing ends with
 * the class (410), reading 30 days later. A v4 signature covers no method, so it takes the right to write.
 */
export const createHandler = ({ http, classes, objectSigner, ttlSeconds }: Deps) =>
  httpEndpoint(http, {
    input: signCosObjectInput,
    async run({ classId, path, area, method, mode, format }, caller): Promise<SignCosObjectOutput> {
      const { lesson } = await classes.requireMember(classId, caller);
      const { prefix, coursewarePrefix, writable, readable } = classFiles(lesson, caller.userId);
      const key = objectKey(area === 'own' ? prefix : coursewarePrefix, path);
      const writes = method === 'PUT' || format === 'v4';
      if (!(writes ? writable : readable).some((allowed) => key.startsWith(allowed)))
        throw new AppError(
          'FORBIDDEN',
          method === 'PUT'
            ? 'Only the teacher and the assistants may write the courseware.'
            : 'A v4 signature could write the courseware, too, which only the teacher and the assistants may.',
        );
      const ttl = mode === 'once' ? onceSeconds : ttlSeconds;
      const seconds = writes ? classes.lifetimeSeconds(lesson, ttl) : classes.downloadLifetimeSeconds(lesson, ttl);
      return {
        key,
        ...(format === 'v4' ? objectSigner.signV4(key, mode, seconds) : await objectSigner.sign(method, key, seconds)),
      };
    },
  });
