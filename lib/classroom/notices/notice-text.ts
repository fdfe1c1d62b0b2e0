export type NoticeEvent = 'join' | 'leave';
export type NoticeLanguage = 'zh' | 'en';

/** So many names stand in a notice; the rest is a number. */
const namedPeople = 3;

/** The sentence of a notice: «A、B 加入了房间», «A, B, C and 2 others have left the room». `count` is everybody, named or not. */
export const noticeText = (
  language: NoticeLanguage,
  event: NoticeEvent,
  names: readonly string[],
  count: number,
): string => {
  const named = names.slice(0, namedPeople);
  const rest = count - named.length;
  if (language === 'zh') {
    const who = named.join('、') + (rest > 0 ? ` 等 ${count} 人` : ' ');
    return who + (event === 'join' ? '加入了房间' : '离开了房间');
  }
  const others = rest === 0 ? [] : [`${rest} ${rest === 1 ? 'other' : 'others'}`];
  const parts = [...named, ...others];
  const who = parts.length > 1 ? `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}` : parts.join('');
  return `${who} ${count === 1 ? 'has' : 'have'} ${event === 'join' ? 'joined' : 'left'} the room`;
};
