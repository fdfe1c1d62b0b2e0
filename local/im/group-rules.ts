export const groupTypes = ['Private', 'Public', 'ChatRoom', 'AVChatRoom', 'Community'] as const;

export type GroupType = (typeof groupTypes)[number];

export interface GroupRules {
  /** Whether a client may come in by itself: never, as it likes, or as the group's `ApplyJoinOption` says. */
  selfJoin: 'never' | 'free' | 'option';
  canMute: boolean;
  /** Members and messages are kept. An AVChatRoom has only those who are in it now, and no history. */
  isStored: boolean;
  /** Members are told who came and who went. */
  tellsChanges: boolean;
}

/** What each group type can do. Source: https://cloud.tencent.com/document/product/269/1502 */
export const groupRules: Readonly<Record<GroupType, GroupRules>> = {
  Private: { selfJoin: 'never', canMute: false, isStored: true, tellsChanges: true },
  Public: { selfJoin: 'option', canMute: true, isStored: true, tellsChanges: true },
  ChatRoom: { selfJoin: 'free', canMute: true, isStored: true, tellsChanges: false },
  AVChatRoom: { selfJoin: 'free', canMute: true, isStored: false, tellsChanges: false },
  Community: { selfJoin: 'free', canMute: true, isStored: true, tellsChanges: true },
};
