import { inBoth } from '../language.ts';
import type { Notice } from './wire.ts';

const text = inBoth({
  en: {
    who: (names: string, others: number) =>
      others === 0 ? names : `${names} and ${others} ${others === 1 ? 'other' : 'others'}`,
    separator: ', ',
    join: (who: string) => `${who} came in`,
    leave: (who: string) => `${who} left`,
    granted: (who: string) => `${who} may draw now`,
    revoked: (who: string) => `${who} gave the board back`,
    muted: (who: string, minutes: number) => `${who} is muted for ${minutes} minutes`,
    unmuted: (who: string) => `${who} may speak again`,
    allMuted: 'Everybody is muted',
    allUnmuted: 'Everybody may speak again',
  },
  zh: {
    who: (names: string, others: number) => (others === 0 ? `${names} ` : `${names} 等人`),
    separator: '、',
    join: (who: string) => `${who}加入了课堂`,
    leave: (who: string) => `${who}离开了课堂`,
    granted: (who: string) => `${who}可以上台书写`,
    revoked: (who: string) => `${who}交还了白板`,
    muted: (who: string, minutes: number) => `${who}被禁言 ${minutes} 分钟`,
    unmuted: (who: string) => `${who}可以发言了`,
    allMuted: '全员禁言',
    allUnmuted: '已解除全员禁言',
  },
});

const namedPeople = 3;

/** A notice in the reader's language, when it says what has happened; else in its own words. */
export const noticeSentence = ({
  event,
  users = [],
  count = users.length,
  board,
  seconds = 0,
  ...notice
}: Notice): string => {
  const named = users.slice(0, namedPeople).map(({ userId, name }) => name || userId);
  const who = text().who(named.join(text().separator), Math.max(0, count - named.length));
  switch (event) {
    case 'join':
      return text().join(who);
    case 'leave':
      return text().leave(who);
    case 'board':
      return board ? text().granted(who) : text().revoked(who);
    case 'mute':
      return seconds > 0 ? text().muted(who, Math.ceil(seconds / 60)) : text().unmuted(who);
    case 'mute-class':
      return notice.muted ? text().allMuted : text().allUnmuted;
    default:
      return notice.text;
  }
};
