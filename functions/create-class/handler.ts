import type { ReservedUserIds } from '../../lib/auth/reserved-user-ids.ts';
import { classView } from '../../lib/classroom/class/class.ts';
import type { ClassCreation } from '../../lib/classroom/class/class-creation.ts';
import { AppError } from '../../lib/errors.ts';
import { type HttpDeps, httpEndpoint } from '../../lib/scf/http-endpoint.ts';
import { Created } from '../../lib/scf/reply.ts';
import { type CreateClassOutput, createClassInput, idempotencyKeyHeader } from './schema.ts';

export interface Deps {
  http: HttpDeps;
  reserved: ReservedUserIds;
  creation: Pick<ClassCreation, 'create'>;
  classesPerTeacherPerDay: number;
}

/**
 * `POST /create-class`: a class with both its IM groups and a room number; 201, or 200 when the same call made it before.
 * 409 for an id in use otherwise, 410 for one of an ended class, 429 over a quota. Teachers, and admins for a teacher they name.
 */
export const createHandler = ({ http, reserved, creation, classesPerTeacherPerDay }: Deps) =>
  httpEndpoint(http, {
    roles: ['teacher', 'admin'],
    input: createClassInput,
    async run(newClass, caller, { headers }): Promise<CreateClassOutput | Created<CreateClassOutput>> {
      const { teacherId, assistantIds } = newClass;
      if (caller.role === 'admin' && teacherId === undefined) {
        throw new AppError('BAD_REQUEST', 'An admin must name the teacher.', {
          errors: [{ path: '/teacherId', message: 'is missing' }],
        });
      }
      if (caller.role !== 'admin' && teacherId !== undefined && teacherId !== caller.userId) {
        throw new AppError('FORBIDDEN', 'Only an admin may create a class for another teacher.');
      }
      if ([...assistantIds, teacherId ?? caller.userId].some(reserved.isReserved))
        throw new AppError('FORBIDDEN', 'A user id is reserved.');
      const key = idempotencyKeyHeader.safeParse(headers['idempotency-key']);
      if (!key.success)
        throw new AppError('BAD_REQUEST', 'The Idempotency-Key must be 1 to 64 printable ASCII characters.');
      const { lesson, isNew } = await creation.create(newClass, caller, {
        idempotencyKey: key.data,
        classesPerTeacherPerDay,
      });
      return isNew ? new Created(classView(lesson)) : classView(lesson);
    },
  });
