import { classNotice, classView } from '../../lib/classroom/class/class.ts';
import type { Classes } from '../../lib/classroom/class/classes.ts';
import { isMember } from '../../lib/classroom/members/member.ts';
import { type HttpDeps, httpEndpoint } from '../../lib/scf/http-endpoint.ts';
import { type GetClassOutput, getClassInput } from './schema.ts';

export interface Deps {
  http: HttpDeps;
  classes: Pick<Classes, 'requireReadable'>;
}

/** `POST /get-class`: the class, to its members and admins; what it is called and when it is, to anybody signed in. */
export const createHandler = ({ http, classes }: Deps) =>
  httpEndpoint(http, {
    input: getClassInput,
    async run({ classId }, caller): Promise<GetClassOutput> {
      const { lesson, member } = await classes.requireReadable(classId, caller);
      return caller.role === 'admin' || isMember(lesson, member) ? classView(lesson) : classNotice(lesson);
    },
  });
