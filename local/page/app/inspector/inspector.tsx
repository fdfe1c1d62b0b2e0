import { useEffect, useState } from 'preact/hooks';
import { ClassroomError } from '../../../../client/classroom.ts';
import { inBoth } from '../language.ts';
import { IconButton } from '../parts/icon-button.tsx';
import { Tabs } from '../parts/tabs.tsx';
import { surroundings } from '../surroundings.ts';
import { Calls } from './calls.tsx';
import { createFaultDesk } from './fault-desk.ts';
import { Faults } from './faults.tsx';
import { listenToFeed } from './feed.ts';

const text = inBoth({
  en: {
    title: 'Inspector',
    parts: 'Parts of the inspector',
    calls: 'Calls',
    faults: 'Faults',
    larger: 'Larger',
    smaller: 'Smaller',
    close: 'Close the inspector',
    connected: 'listening',
    disconnected: 'The local cloud does not answer. Trying again…',
  },
  zh: {
    title: '检查器',
    parts: '检查器的内容',
    calls: '调用',
    faults: '故障',
    larger: '放大',
    smaller: '缩小',
    close: '关闭检查器',
    connected: '监听中',
    disconnected: '本地云没有响应，正在重试…',
  },
});

// Both outlive the drawer: what was ordered is still there when it is opened again.
const feed = listenToFeed(`${location.origin.replace(/^http/, 'ws')}/local/feed`);
const desk = createFaultDesk({
  url: `${surroundings.cloudUrl}/local/faults`,
  fetch: (...args) =>
    fetch(...args).catch((cause: unknown) => {
      throw new ClassroomError({ code: 'NETWORK', detail: '', cause });
    }),
  clock: Date.now,
});
feed.onEvent(desk.hear);

/** A drawer that shows what the functions and the services do, and where faults are ordered for them. */
export const Inspector = ({ onClose }: { onClose: () => void }) => {
  const [part, setPart] = useState<'calls' | 'faults'>('calls');
  const [isLarge, setLarge] = useState(false);
  useEffect(() => {
    feed.open();
    return feed.close;
  }, []);
  return (
    <section id="inspector" class={isLarge ? 'inspector is-large' : 'inspector'} aria-label={text().title}>
      <div class="inspector-head">
        <span class="inspector-state" role="status">
          {feed.isConnected.value ? (
            <span class="badge is-live">{text().connected}</span>
          ) : (
            <span class="badge is-warn">{text().disconnected}</span>
          )}
        </span>
        <button type="button" class="button quiet small" aria-pressed={isLarge} onClick={() => setLarge(!isLarge)}>
          {isLarge ? text().smaller : text().larger}
        </button>
        <IconButton icon="close" label={text().close} onClick={onClose} />
      </div>
      <Tabs
        label={text().parts}
        selected={part}
        onSelect={setPart}
        tabs={[
          { id: 'calls', name: text().calls, icon: 'inspect' },
          { id: 'faults', name: text().faults, icon: 'alert' },
        ]}
      >
        {part === 'calls' ? <Calls feed={feed} /> : <Faults desk={desk} />}
      </Tabs>
    </section>
  );
};
