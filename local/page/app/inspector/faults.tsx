import { useEffect, useState } from 'preact/hooks';
import { inBoth } from '../language.ts';
import { Icon } from '../parts/icon.tsx';
import { ProblemNote } from '../parts/problem-note.tsx';
import { useAction } from '../parts/use-action.ts';
import type { FaultDesk } from './fault-desk.ts';
import { FaultForm } from './fault-form.tsx';
import { type PresetId, presetGroups, presets } from './fault-presets.ts';
import { hintOf, orderName, presetName } from './fault-words.ts';
import { strikesOf } from './story.ts';
import { StoryCard } from './story-card.tsx';

const text = inBoth({
  en: {
    lead: 'Make something go wrong, then use the page as ever, and see what the functions do about it.',
    im: 'IM',
    sts: 'STS, for COS credentials',
    database: 'Database',
    cos: 'COS',
    callback: 'Callbacks of IM',
    connection: 'Connection',
    times: 'times',
    order: 'Order',
    orderOf: (name: string) => `Order: ${name}`,
    timesOf: (name: string) => `How often: ${name}`,
    pending: 'Still to come',
    nothingPending: 'Nothing is ordered. All is well.',
    left: (count: number) => (count === 1 ? 'once' : `${count} times`),
    forget: 'Forget all',
    stories: 'What the functions did about it',
    noStory: 'Order a fault, and its story is told here: what it struck, what was tried again, and how it came out.',
    clear: 'Clear the stories',
    ordered: (name: string) => `Ordered: ${name}`,
  },
  zh: {
    lead: '制造一个故障，然后照常使用页面，看函数如何应对。',
    im: 'IM',
    sts: 'STS（COS 密钥）',
    database: '数据库',
    cos: 'COS',
    callback: 'IM 回调',
    connection: '连接',
    times: '次',
    order: '制造故障',
    orderOf: (name: string) => `制造故障：${name}`,
    timesOf: (name: string) => `次数：${name}`,
    pending: '待发生',
    nothingPending: '没有待发生的故障，一切正常。',
    left: (count: number) => `${count} 次`,
    forget: '全部取消',
    stories: '函数如何应对',
    noStory: '制造一个故障，这里会讲述它的经过：影响了什么、重试了什么、结果如何。',
    clear: '清空经过',
    ordered: (name: string) => `已安排：${name}`,
  },
});

/** Orders faults, and tells what became of each. */
export const Faults = ({ desk }: { desk: FaultDesk }) => {
  const asking = useAction(desk.refresh);
  const ordering = useAction(desk.order);
  const forgetting = useAction(desk.forgetAll);
  const stories = desk.stories.value;
  const strikes = stories.reduce((sum, story) => sum + strikesOf(story), 0);
  // Each strike leaves less to come.
  useEffect(() => {
    void asking.run();
  }, [strikes]);
  const error = ordering.error ?? forgetting.error ?? asking.error;
  return (
    <div class="faults">
      <div class="fault-shop">
        <p class="faint">{text().lead}</p>
        {presetGroups.map((group) => (
          <section class="fault-group" key={group} aria-label={text()[group]}>
            <h2>{text()[group]}</h2>
            <ul>
              {presets
                .filter((preset) => preset.group === group)
                .map(({ id, fault }) => (
                  <li key={id}>
                    <PresetRow
                      id={id}
                      hint={hintOf(fault)}
                      isBusy={ordering.isBusy}
                      onOrder={(times) => ordering.run({ ...fault, times })}
                    />
                  </li>
                ))}
            </ul>
          </section>
        ))}
        <FaultForm isBusy={ordering.isBusy} onOrder={ordering.run} />
      </div>
      <div class="fault-stories">
        {error !== undefined && <ProblemNote error={error} />}
        <Pending desk={desk} onForget={forgetting.run} />
        <section aria-label={text().stories}>
          <div class="fault-head">
            <h2>{text().stories}</h2>
            {stories.length > 0 && (
              <button type="button" class="button quiet small" onClick={desk.clearStories}>
                {text().clear}
              </button>
            )}
          </div>
          {stories.length === 0 && (
            <div class="empty">
              <Icon name="alert" />
              <p>{text().noStory}</p>
            </div>
          )}
          <ul class="story-list" aria-live="polite" aria-relevant="additions text">
            {stories.map((story) => (
              <li key={story.orderedAt}>
                <StoryCard story={story} />
              </li>
            ))}
          </ul>
        </section>
      </div>
    </div>
  );
};

const PresetRow = ({
  id,
  hint,
  isBusy,
  onOrder,
}: {
  id: PresetId;
  hint: string;
  isBusy: boolean;
  onOrder: (times: number) => void;
}) => {
  const [times, setTimes] = useState(1);
  const name = presetName(id);
  return (
    <form
      class="preset"
      onSubmit={(event) => {
        event.preventDefault();
        onOrder(times);
      }}
    >
      <span class="preset-name">
        {name}
        <span class="faint">{hint}</span>
      </span>
      <label class="preset-times">
        <input
          type="number"
          min={1}
          max={99}
          required
          value={times}
          aria-label={text().timesOf(name)}
          onInput={({ currentTarget }) => setTimes(currentTarget.valueAsNumber || 1)}
        />
        <span aria-hidden="true">×</span>
      </label>
      <button type="submit" class="button small" disabled={isBusy} aria-label={text().orderOf(name)}>
        {text().order}
      </button>
    </form>
  );
};

const Pending = ({ desk, onForget }: { desk: FaultDesk; onForget: () => void }) => {
  const pending = desk.pending.value;
  return (
    <section class="fault-pending" aria-label={text().pending}>
      <div class="fault-head">
        <h2>{text().pending}</h2>
        {pending.length > 0 && (
          <button type="button" class="button small" onClick={onForget}>
            {text().forget}
          </button>
        )}
      </div>
      <div aria-live="polite">
        {pending.length === 0 ? (
          <p class="faint">{text().nothingPending}</p>
        ) : (
          <ul>
            {pending.map((order, index) => (
              <li key={index}>
                <span>{orderName(order)}</span>
                <span class="badge is-warn">{text().left(order.times)}</span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </section>
  );
};
