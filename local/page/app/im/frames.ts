/** A UserSig, as `issue-sig` and `join-class` answer it. Times are Unix seconds. */
export interface Sig {
  sdkAppId: number;
  userId: string;
  userSig: string;
  refreshAt: number;
}

/** What a client asks of IM, in its WebSocket's spelling. */
export type Question =
  | { op: 'join' | 'quit' | 'members'; groupId: string }
  | { op: 'send'; groupId: string; message: object }
  | { op: 'renew'; userSig: string };

/** What IM answers; the fields at the end are those of `members`. */
export interface Answer {
  ErrorCode: number;
  ErrorInfo: string;
  members?: readonly { Member_Account: string; Role: string; NickName?: string; MuteUntil: number }[];
  ShutUpAllMember?: 'On' | 'Off';
}

/** What IM tells unasked. */
export interface Push {
  event: 'message' | 'system' | 'kicked';
  groupId?: string;
  kind?: string;
  reason?: string;
  From_Account?: string;
  MsgBody?: readonly { MsgType: string; MsgContent: Record<string, unknown> }[];
  MsgTime?: number;
  members?: readonly string[];
}

/** IM's own refusal, with its code. */
export class ImRefusal extends Error {
  readonly code: number;

  constructor({ ErrorCode, ErrorInfo }: Answer) {
    super(ErrorInfo);
    this.name = 'ImRefusal';
    this.code = ErrorCode;
  }
}

/** The connection went away before the answer came: it may have been done, or not. */
export class AnswerLost extends Error {}
