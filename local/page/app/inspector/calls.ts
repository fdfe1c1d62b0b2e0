import type { FeedEvent, InvocationEvent, UpstreamEvent } from '../../../feed-event.ts';

/** Which of the events are shown. */
export type CallKind = 'all' | 'functions' | 'callbacks' | 'services' | 'errors';

/** Which calls are listed. */
export interface CallFilter {
  kind: CallKind;
  /** What has to occur somewhere in it. */
  text: string;
}

/** How an event looks: `good` is as it should be, `warn` is somebody's mistake or a moderated message, `bad` is a failure. */
export type Tone = 'good' | 'warn' | 'bad';

/** What the code of a function's problem is: `UPSTREAM_FAILED`. */
export const problemCodeOf = ({ reply }: InvocationEvent): string | undefined =>
  typeof reply === 'object' && reply !== null && 'code' in reply ? String(reply.code) : undefined;

/** How well a call went, as a colour says it. */
export const toneOf = (event: FeedEvent): Tone =>
  event.kind === 'invocation' ? toneOfInvocation(event) : toneOfUpstream(event);

const toneOfInvocation = ({ error, status = 200, verdict }: InvocationEvent): Tone => {
  if (error !== undefined || status >= 500) return 'bad';
  if (verdict?.outcome === 'undecided') return 'bad';
  return status >= 400 || (verdict && verdict.outcome !== 'passed') ? 'warn' : 'good';
};

const toneOfUpstream = ({ outcome, fault }: UpstreamEvent): Tone => {
  if (outcome === 'ok') return fault ? 'warn' : 'good';
  return outcome === 'refused' && !fault ? 'warn' : 'bad';
};

const isOfKind = (event: FeedEvent, kind: CallKind): boolean => {
  switch (kind) {
    case 'all':
      return true;
    case 'functions':
      return event.kind === 'invocation' && event.trigger !== 'callback';
    case 'callbacks':
      return event.kind === 'invocation' && event.trigger === 'callback';
    case 'services':
      return event.kind === 'upstream';
    case 'errors':
      return event.kind === 'invocation'
        ? event.error !== undefined || (event.status ?? 200) >= 400
        : event.outcome !== 'ok';
  }
};

/** Answers whether an event is of that kind and has that text in it, in any spelling of its letters. */
export const isShown = (event: FeedEvent, { kind, text }: CallFilter): boolean =>
  isOfKind(event, kind) && (text === '' || JSON.stringify(event).toLowerCase().includes(text.toLowerCase()));

/** Tells events apart, also those of a cloud that was started anew. */
export const keyOf = ({ id, at }: FeedEvent): string => `${at} ${id}`;
