import type { MsgBody, MsgPriority } from './msg-body.ts';

/** A group message on its way, from whichever side. */
export interface OutgoingMessage {
  groupId: string;
  from: string;
  random: number;
  body: MsgBody;
  priority: MsgPriority;
  cloudCustomData?: string;
  /** Reaches who is online and is not kept. */
  isOnlineOnly?: boolean;
  skipsBeforeCallback?: boolean;
  skipsAfterCallback?: boolean;
}

/** What the sender is answered. */
export interface Delivered {
  MsgTime: number;
  MsgSeq: number;
}
