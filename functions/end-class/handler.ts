import { classView } from '../../lib/classroom/class/class.ts';
import type { ClassEnding } from '../../lib/classroom/class/class-ending.ts';
import type { Classes } from '../../lib/classroom/class/classes.ts';
import { type HttpDeps, httpEndpoint } from '../../lib/scf/http-endpoint.ts';
import { type EndClassOutput, endClassInput } from './schema.ts';

export interface Deps {
  http: HttpDeps;
  classes: Pick<Classes, 'requireOwnedBy'>;
  ending: Pick<ClassEnding, 'end' | 'closeSoon'>;
}

/**
 * `POST /end-class`: the class has ended, whatever becomes of its groups and its room: what cannot be taken down now is left
 * to the sweep. 200 again for one that has ended. 403 unless its teacher or an admin.
 */
export const createHandler = ({ http, classes, ending }: Deps) =>
  httpEndpoint(http, {
    input: endClassInput,
    async run({ classId }, caller): Promise<EndClassOutput> {
      const ended = await ending.end(await classes.requireOwnedBy(classId, caller));
      await ending.closeSoon(classId);
      return classView(ended);
    },
  });
