import type { Caller } from '../../auth/authenticate.ts';
import { AppError } from '../../errors.ts';
import type { Lesson } from '../class/class.ts';
import type { Classes } from '../class/classes.ts';
import type { ClassMessageType } from './class-message.ts';
import { type MessageObjection, objectionToMessage } from './gate.ts';

export interface SendersOptions {
  classes: Pick<Classes, 'requireReadable' | 'requireMember' | 'assertGoingOn'>;
  /** Milliseconds since 1970. */
  clock(): number;
}

/** The same rules as for those who send straight to IM. */
const refusals: Readonly<Record<MessageObjection, string>> = {
  over: 'This class has ended.',
  silenced: 'You may not speak in this class now.',
  'reserved type': 'Notices are for the teacher and the assistants of the class.',
  'no board': 'You do not hold the board of this class.',
};

/** Who may send what into a class. */
export const createSenders = ({ classes, clock }: SendersOptions) => ({
  /**
   * The class, for whoever may send such a message now: a member who is not muted, for a notice one who leads the class
   * or any admin, for the board one who holds it. Throws `NOT_FOUND`, `GONE`, `FORBIDDEN`.
   */
  async requireSender(classId: string, caller: Caller, type: ClassMessageType): Promise<Lesson> {
    const isAdminsNotice = type === 'notice' && caller.role === 'admin';
    const { lesson, member } = await (isAdminsNotice
      ? classes.requireReadable(classId, caller)
      : classes.requireMember(classId, caller));
    classes.assertGoingOn(lesson);
    if (isAdminsNotice) return lesson;
    const objection = objectionToMessage('chat', [type], { lesson, member }, Math.floor(clock() / 1000));
    if (objection) throw new AppError('FORBIDDEN', refusals[objection]);
    return lesson;
  },
});

export type Senders = ReturnType<typeof createSenders>;
