import type { ReservedUserIds } from '../../lib/auth/reserved-user-ids.ts';
import { classView } from '../../lib/classroom/class/class.ts';
import type { ClassEditing } from '../../lib/classroom/class/class-editing.ts';
import type { Classes } from '../../lib/classroom/class/classes.ts';
import { AppError } from '../../lib/errors.ts';
import { type HttpDeps, httpEndpoint } from '../../lib/scf/http-endpoint.ts';
import { type UpdateClassOutput, updateClassInput } from './schema.ts';

export interface Deps {
  http: HttpDeps;
  reserved: ReservedUserIds;
  classes: Pick<Classes, 'requireTaughtBy'>;
  editing: ClassEditing;
}

/**
 * `POST /update-class`: changes a class and answers it. What IM has to know of that and does not take, the `sweep` tells it:
 * the answer is 200 all the same. 403 unless the class's teacher, 409 for another start of a live class, 410 when it is over.
 */
export const createHandler = ({ http, reserved, classes, editing }: Deps) =>
  httpEndpoint(http, {
    input: updateClassInput,
    async run({ classId, ...changes }, caller): Promise<UpdateClassOutput> {
      await classes.requireTaughtBy(classId, caller);
      if (changes.assistantIds?.some(reserved.isReserved)) throw new AppError('FORBIDDEN', 'A user id is reserved.');
      return classView(await editing.update(classId, changes));
    },
  });
