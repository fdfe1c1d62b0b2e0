import { type ClassGroup, isOver, roleInClass } from '../class/class.ts';
import { holdsBoard, isMember, isSilenced, type Participant } from '../members/member.ts';

/** Why a message is not let into a class's group. */
export type MessageObjection = 'over' | 'silenced' | 'reserved type' | 'no board';
/** Why somebody is not let into it. */
export type EntryObjection = 'by invitation only' | 'over' | 'not in the class';

/** The time line and the recordings are told by the administrator alone. */
const administratorTypes: readonly string[] = ['1003', '1004'];

/**
 * What stands against a message of somebody who is not the administrator; `types` has one for each of its elements,
 * `undefined` for those without. The words in it are another matter.
 */
export const objectionToMessage = (
  kind: ClassGroup['kind'],
  types: readonly (string | undefined)[],
  { lesson, member }: Participant,
  nowSeconds: number,
): MessageObjection | undefined => {
  if (isOver(lesson, nowSeconds)) return 'over';
  if (isSilenced(lesson, member, nowSeconds)) return 'silenced';
  const isBoardAlone = types.length === 1 && types[0] === 'board';
  if (kind === 'replay' && !isBoardAlone) return 'reserved type';
  if (types.some((type) => type !== undefined && administratorTypes.includes(type))) return 'reserved type';
  if (types.includes('notice') && roleInClass(lesson, member.userId) === 'student') return 'reserved type';
  if (types.includes('board') && !holdsBoard(lesson, member)) return 'no board';
  return undefined;
};

/** What stands against somebody who asks to come into a group: into the ReplayGroup people are only ever brought. */
export const objectionToEntry = (
  kind: ClassGroup['kind'],
  { lesson, member }: Participant,
  nowSeconds: number,
): EntryObjection | undefined => {
  if (kind === 'replay') return 'by invitation only';
  if (isOver(lesson, nowSeconds)) return 'over';
  return isMember(lesson, member) ? undefined : 'not in the class';
};
