import type { ClassMute } from '../../lib/classroom/class/class-mute.ts';
import type { Classes } from '../../lib/classroom/class/classes.ts';
import { type HttpDeps, httpEndpoint } from '../../lib/scf/http-endpoint.ts';
import { type MuteClassOutput, muteClassInput } from './schema.ts';

export interface Deps {
  http: HttpDeps;
  classes: Pick<Classes, 'requireLedBy'>;
  muteClass: ClassMute;
}

/** `POST /mute-class`: silences all students, or lets them speak again. 403 unless its teacher or an assistant, 410 when it is over. */
export const createHandler = ({ http, classes, muteClass }: Deps) =>
  httpEndpoint(http, {
    input: muteClassInput,
    async run({ classId, muted }, caller): Promise<MuteClassOutput> {
      await classes.requireLedBy(classId, caller);
      await muteClass(classId, muted);
      return { classId, muted };
    },
  });
