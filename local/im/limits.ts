/** What the app's plan allows. Source: https://cloud.tencent.com/document/product/269/9346 */
export interface ImLimits {
  /** Of a Private, Public or ChatRoom group; the owner counts. */
  privateMembers: number;
  communityMembers: number;
  /** AVChatRooms at a time; over it 10036. */
  avChatRooms: number;
  /** Groups of the app, as the trial plan limits them; over it 10058. */
  groups: number;
  /** Groups that one account may be in, AVChatRooms left out; over it 10037. */
  groupsPerUser: number;
  /** Over it a message is dropped in silence. */
  messagesPerSecondPerGroup: number;
  /** Calls of one REST command; over it 60007. */
  restPerSecond: number;
  /** An older message leaves a hole in the history. */
  historySeconds: number;
}

/** The pro plan's. The two that our documents give no number for are off. */
export const defaultLimits: ImLimits = {
  privateMembers: 200,
  communityMembers: 100_000,
  avChatRooms: 50,
  groups: Number.POSITIVE_INFINITY,
  groupsPerUser: Number.POSITIVE_INFINITY,
  messagesPerSecondPerGroup: 40,
  restPerSecond: 200,
  historySeconds: 7 * 86_400,
};
