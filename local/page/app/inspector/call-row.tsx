import { useState } from 'preact/hooks';
import type { FeedEvent, InvocationEvent, UpstreamEvent } from '../../../feed-event.ts';
import { formatTime, inBoth } from '../language.ts';
import { problemCodeOf, toneOf } from './calls.ts';

const text = inBoth({
  en: {
    http: 'function',
    callback: 'callback',
    timer: 'timer',
    invoke: 'invoked',
    request: 'Request',
    reply: 'Reply',
    log: 'Log',
    fault: 'Ordered fault',
    message: 'What it said',
    verdict: 'Verdict',
    threw: 'threw',
    done: 'done',
    faulted: 'fault',
  },
  zh: {
    http: '函数',
    callback: '回调',
    timer: '定时',
    invoke: '调用',
    request: '请求',
    reply: '回复',
    log: '日志',
    fault: '安排的故障',
    message: '返回的说明',
    verdict: '判定',
    threw: '抛出错误',
    done: '完成',
    faulted: '故障',
  },
});

const outcomes = inBoth({
  en: {
    ok: 'ok',
    refused: 'refused',
    'reply lost': 'reply lost',
    cut: 'cut',
    'not sent': 'not sent',
    timeout: 'no answer in time',
    'no connection': 'no connection',
    'bad reply': 'bad reply',
    passed: 'passed',
    masked: 'masked',
    dropped: 'dropped',
    undecided: 'undecided',
  },
  zh: {
    ok: '成功',
    refused: '拒绝',
    'reply lost': '回复丢失',
    cut: '断开',
    'not sent': '未发送',
    timeout: '超时',
    'no connection': '连不上',
    'bad reply': '回复有误',
    passed: '放行',
    masked: '打码',
    dropped: '丢弃',
    undecided: '未判定',
  },
});

const clockTime = { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 } as const;

/** When something was, to the millisecond; `ms` since 1970. */
export const formatMoment = (ms: number): string => formatTime(ms / 1000, clockTime);

/** How an event came out, in a few words. */
export const outcomeOf = (event: FeedEvent): string =>
  event.kind === 'invocation' ? invocationOutcome(event) : upstreamOutcome(event);

const invocationOutcome = (event: InvocationEvent): string => {
  const { error, status, verdict } = event;
  if (error !== undefined) return text().threw;
  if (verdict) return [outcomes()[verdict.outcome], verdict.code].filter(isThere).join(' ');
  return [status ?? text().done, problemCodeOf(event)].filter(isThere).join(' ');
};

const upstreamOutcome = ({ outcome, code }: UpstreamEvent): string =>
  [outcomes()[outcome], code].filter(isThere).join(' ');

const isThere = <T,>(value: T | undefined): value is T => value !== undefined;

/** An outcome with the colour of how good it is. */
export const OutcomeBadge = ({ event }: { event: FeedEvent }) => (
  <span class={`badge call-outcome is-${toneOf(event)}`}>{outcomeOf(event)}</span>
);

/** One event in a line; it opens to all that is known of it. */
export const CallRow = ({ event }: { event: FeedEvent }) => {
  const [isOpen, setOpen] = useState(false);
  const { at, ms, kind } = event;
  return (
    <details class={`call is-${kind}`} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        <time class="faint">{formatMoment(at)}</time>
        <span class="call-origin">{kind === 'invocation' ? text()[event.trigger] : event.service}</span>
        <span class="call-name">
          <strong>{kind === 'invocation' ? event.function : event.command}</strong>
          {kind === 'invocation' && event.command !== undefined && <span class="call-command">{event.command}</span>}
        </span>
        <span class="call-who faint">{kind === 'invocation' ? event.caller : ''}</span>
        <span class="call-ms faint">{`${ms} ms`}</span>
        <span class="call-end">
          {kind === 'upstream' && event.fault && <span class="badge is-danger">{text().faulted}</span>}
          <OutcomeBadge event={event} />
        </span>
      </summary>
      {isOpen && <CallDetails event={event} />}
    </details>
  );
};

const CallDetails = ({ event }: { event: FeedEvent }) => (
  <div class="call-details">
    <Json title={text().request} value={event.request} />
    <Json title={text().reply} value={event.kind === 'invocation' ? (event.error ?? event.reply) : event.reply} />
    {event.kind === 'invocation' ? (
      <>
        <Json title={text().verdict} value={event.verdict} />
        <Json title={text().log} value={event.log.length > 0 ? event.log : undefined} />
      </>
    ) : (
      <>
        <Json title={text().message} value={event.message} />
        <Json title={text().fault} value={event.fault} />
      </>
    )}
  </div>
);

const Json = ({ title, value }: { title: string; value: unknown }) =>
  value === undefined ? null : (
    <figure class="call-json">
      <figcaption>{title}</figcaption>
      <pre>{typeof value === 'string' ? value : JSON.stringify(value, undefined, 2)}</pre>
    </figure>
  );
