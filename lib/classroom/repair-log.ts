import { describeFailure, type Log } from '../log.ts';
import { readGroupId } from './class/class.ts';

type ClassRepair = 'unfinished creation' | 'leftover groups' | 'lost groups' | 'unsettled class' | 'ended class';

/** What the sweep makes good: its kind, and its place, which is the whole of what its lines say of where. */
type Repair =
  | { repair: ClassRepair; classId: string }
  | { repair: 'unsettled member'; classId: string; userId: string }
  /** All that one group has not got; its class is told with it. */
  | { repair: 'unsent message' | 'unsent notice'; groupId: string }
  | { repair: 'untold words' };

/**
 * The lines about one thing that the sweep makes good. The latest one says how it stands: it is open after `due` and
 * `failed`, and not after `done` and `givenUp`. `why` is our own word for it, or what was thrown.
 */
export const createRepairLog = (log: Log, repair: Repair) => {
  const place = 'groupId' in repair ? { ...repair, classId: readGroupId(repair.groupId)?.classId } : repair;
  return {
    /** A call has left it to the sweep. */
    due: (why: unknown): void => log.warn('repair due', { ...reasonOf(why), ...place }),
    /** It was tried again, and is left again. */
    failed: (why: unknown): void => log.warn('repair failed', { ...reasonOf(why), ...place }),
    /** Nobody will try it any more. */
    givenUp: (why: unknown): void => log.warn('repair given up', { ...reasonOf(why), ...place }),
    done: (count?: number): void => log.info('repair', { ...place, count }),
  };
};

export type RepairLog = ReturnType<typeof createRepairLog>;

const reasonOf = (why: unknown) => (typeof why === 'string' ? { reason: why } : describeFailure(why));
