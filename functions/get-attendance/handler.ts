import type { Presence } from '../../lib/classroom/attendance/presence.ts';
import type { Classes } from '../../lib/classroom/class/classes.ts';
import { type HttpDeps, httpEndpoint } from '../../lib/scf/http-endpoint.ts';
import { type GetAttendanceOutput, getAttendanceInput } from './schema.ts';

export interface Deps {
  http: HttpDeps;
  classes: Pick<Classes, 'requireOwnedBy' | 'assertReadable'>;
  presence: Pick<Presence, 'attendanceOf'>;
}

/** `POST /get-attendance`: who is and was in the class, and for how long. 403 unless the class's teacher or an admin. */
export const createHandler = ({ http, classes, presence }: Deps) =>
  httpEndpoint(http, {
    input: getAttendanceInput,
    async run({ classId }, caller): Promise<GetAttendanceOutput> {
      const lesson = await classes.requireOwnedBy(classId, caller);
      classes.assertReadable(lesson);
      return { classId, members: await presence.attendanceOf(lesson, http.clock()) };
    },
  });
