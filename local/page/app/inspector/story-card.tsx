import type { UpstreamEvent } from '../../../feed-event.ts';
import { inBoth } from '../language.ts';
import { formatMoment, OutcomeBadge } from './call-row.tsx';
import { keyOf, toneOf } from './calls.ts';
import { hintOf, orderName } from './fault-words.ts';
import { endingOf, type Step, type Story, strikesOf, tellingLines, timeOf } from './story.ts';

const text = inBoth({
  en: {
    waiting: 'waiting',
    struck: 'struck',
    failed: 'failed',
    recovered: 'came out well',
    repaired: 'repaired',
    now: (hint: string) => `Now: ${hint}`,
    waits: 'It waits for the next call.',
    strikes: (count: number, times: number) => `struck ${count} of ${times}`,
    stepStruck: (name: string) => `The fault strikes ${name}`,
    stepAgain: (name: string) => `${name} is asked again`,
    stepAround: (name: string) => `${name} answers`,
    stepAnew: (name: string) => `${name} is called anew`,
    stepRepaired: (name: string) => `${name} repairs what was left`,
    socket: 'No function was in it: the page comes back by itself, and goes on.',
    cos: 'No function was in it: the page sends the rest again by itself, or offers to.',
    sweep: 'What was left behind is repaired by the next call, or by the sweep, which runs every minute.',
  },
  zh: {
    waiting: '等待中',
    struck: '已发生',
    failed: '失败',
    recovered: '已恢复',
    repaired: '已修复',
    now: (hint: string) => `现在：${hint}`,
    waits: '等待下一次调用。',
    strikes: (count: number, times: number) => `已发生 ${count} / ${times} 次`,
    stepStruck: (name: string) => `故障发生在 ${name}`,
    stepAgain: (name: string) => `再次请求 ${name}`,
    stepAround: (name: string) => `${name} 返回`,
    stepAnew: (name: string) => `再次调用 ${name}`,
    stepRepaired: (name: string) => `${name} 修复了遗留问题`,
    socket: '没有函数参与：页面会自动重连并继续。',
    cos: '没有函数参与：页面会自动重传剩余部分，或提供“继续上传”。',
    sweep: '遗留的问题由下一次调用修复，或由每分钟运行一次的 sweep 修复。',
  },
});

const endingTones = { waiting: '', struck: 'is-warn', failed: 'is-danger', recovered: 'is-good', repaired: 'is-good' };

/** One order, and step by step what became of it. */
export const StoryCard = ({ story }: { story: Story }) => {
  const { order, steps } = story;
  const ending = endingOf(story);
  const hint = hintOf(order);
  return (
    <article class="story card">
      <header class="story-head">
        <h3>{orderName(order)}</h3>
        <span class={`badge ${endingTones[ending]}`}>{text()[ending]}</span>
      </header>
      {order.times > 1 && <p class="faint">{text().strikes(strikesOf(story), order.times)}</p>}
      {ending === 'waiting' && <p class="story-note">{hint ? text().now(hint) : text().waits}</p>}
      {steps.length > 0 && (
        <ol class="steps">
          {steps.map((step) => (
            <li key={keyOf(step.event)} class={`step is-${step.role} is-${toneOf(step.event)}`}>
              <StepLine step={step} />
            </li>
          ))}
        </ol>
      )}
      {ending === 'struck' && <p class="story-note">{noteOf(steps)}</p>}
      {ending === 'failed' && <p class="story-note">{text().sweep}</p>}
    </article>
  );
};

/** Where only the browser was struck, and the feed does not tell what it does about it. */
const noteOf = (steps: readonly Step[]): string => {
  const [first] = steps;
  if (first?.event.kind !== 'upstream') return '';
  if (first.event.command === 'socket') return text().socket;
  return first.event.service === 'COS' ? text().cos : '';
};

const sentences = {
  struck: 'stepStruck',
  again: 'stepAgain',
  around: 'stepAround',
  anew: 'stepAnew',
  repaired: 'stepRepaired',
} as const;

const StepLine = ({ step }: { step: Step }) => {
  const { role, event } = step;
  const name = event.kind === 'upstream' ? serviceOf(event) : event.function;
  const lines = event.kind === 'invocation' ? tellingLines(event) : [];
  return (
    <>
      <div class="step-line">
        <time class="faint">{formatMoment(timeOf(step))}</time>
        <span class="step-name">{text()[sentences[role]](name)}</span>
        <OutcomeBadge event={event} />
        <span class="faint">{`${event.ms} ms`}</span>
      </div>
      {lines.length > 0 && (
        <ul class="step-log">
          {lines.map((line, index) => (
            <li key={index}>
              <code>{wordsOf(line)}</code>
            </li>
          ))}
        </ul>
      )}
    </>
  );
};

/** The database has one command, named like itself. */
const serviceOf = ({ service, command }: UpstreamEvent): string =>
  command === service ? service : `${service} ${command}`;

/** What says how it came about; the rest is in the list of calls. */
const tellingFields = ['repair', 'reason', 'code', 'vendor', 'vendorCode', 'vendorText', 'tries', 'error', 'cause'];

const wordsOf = ({ event, ...fields }: Record<string, unknown>): string =>
  [
    ...(event === 'invocation' ? [] : [String(event)]),
    ...tellingFields.filter((name) => name in fields).map((name) => `${name}=${String(fields[name])}`),
  ].join(' · ');
