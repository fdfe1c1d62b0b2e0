/** What IM reads from the answer to a callback. Source: https://cloud.tencent.com/document/product/269/1619 */
export interface CallbackReply {
  ActionStatus: 'OK';
  ErrorInfo: string;
  ErrorCode: number;
  MsgBody?: readonly unknown[];
  CloudCustomData?: string;
  RefusedMembers_Account?: readonly string[];
}

/** Our codes in the range that IM hands on to the sender's client (10100 to 10200). */
export const clientCode = {
  word: 10100,
  noBoard: 10101,
  silenced: 10102,
  undecided: 10103,
  reservedType: 10104,
} as const;

export const proceed: CallbackReply = { ActionStatus: 'OK', ErrorInfo: '', ErrorCode: 0 };

/** The sender's client gets the code and the text. */
export const refuse = (ErrorCode: number, ErrorInfo: string): CallbackReply => ({
  ActionStatus: 'OK',
  ErrorInfo,
  ErrorCode,
});

/** What was asked for does not happen; whoever asked gets 10016. */
export const deny: CallbackReply = { ActionStatus: 'OK', ErrorInfo: '', ErrorCode: 1 };

/** None of them comes in, whether IM goes by the code or by the list. */
export const denyInvitation = (userIds: readonly string[]): CallbackReply => ({
  ...deny,
  RefusedMembers_Account: userIds,
});

/** The sender sees success, and nobody else sees the message. */
export const drop: CallbackReply = { ActionStatus: 'OK', ErrorInfo: '', ErrorCode: 2 };

/** IM delivers this instead. */
export const rewrite = ({
  MsgBody,
  CloudCustomData,
}: {
  MsgBody: readonly unknown[];
  CloudCustomData?: string | null | undefined;
}): CallbackReply => ({
  ...proceed,
  MsgBody,
  ...(typeof CloudCustomData === 'string' && { CloudCustomData }),
});
