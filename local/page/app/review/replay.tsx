import { effect, type ReadonlySignal, useSignal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import type { Reply } from '../../../../client/classroom.ts';
import { Paper } from '../board/paper.tsx';
import { clearersOf } from '../board/strokes.ts';
import { formatDuration, formatTime, inBoth } from '../language.ts';
import { Icon } from '../parts/icon.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { ProblemNote } from '../parts/problem-note.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { client, person } from '../session.ts';
import { loadReplay } from './load-replay.ts';
import { createPlayback, type Playback, speeds } from './playback.ts';
import { createTimeline, type Timeline } from './player.ts';
import { ReplayLine } from './replay-line.tsx';

const text = inBoth({
  en: {
    replay: 'Replay',
    loading: (count: number) =>
      count > 0 ? `${count.toLocaleString('en')} messages so far…` : 'The replay is coming…',
    emptyTitle: 'Nothing was drawn',
    empty: 'Whatever is drawn in a class can be played back here afterwards.',
    board: (lines: number) => `Whiteboard as it was then, with ${lines} ${lines === 1 ? 'line' : 'lines'}.`,
    playAll: 'Play from the beginning',
    play: 'Play',
    pause: 'Pause',
    speed: 'Speed',
    skip: 'Skip pauses',
    drawing: (names: readonly string[]) => `${names.join(' and ')} ${names.length === 1 ? 'is' : 'are'} drawing`,
    final: 'The board as it was at the end',
    gaps: 'What is missing',
    between: (from: string, to: string) => `${from} – ${to}`,
    missing: (count: number) => (count === 1 ? 'One message is missing.' : `${count} messages are missing.`),
    expired: (count: number) =>
      count === 1 ? 'One message was too old to be kept.' : `${count} messages were too old to be kept.`,
    recalled: (count: number) => (count === 1 ? 'One message was taken back.' : `${count} messages were taken back.`),
    recordings: 'Recordings',
    recording: 'Recording',
    watch: 'Watch',
    noVideo: 'not to be watched here',
  },
  zh: {
    replay: '回放',
    loading: (count: number) => (count > 0 ? `已加载 ${count} 条消息…` : '正在加载回放…'),
    emptyTitle: '没有笔迹',
    empty: '课堂上的板书会保存在这里，课后可以回放。',
    board: (lines: number) => `当时的白板，共 ${lines} 笔。`,
    playAll: '从头播放',
    play: '播放',
    pause: '暂停',
    speed: '速度',
    skip: '跳过停顿',
    drawing: (names: readonly string[]) => `${names.join('、')} 正在书写`,
    final: '下课时的白板',
    gaps: '缺失的内容',
    between: (from: string, to: string) => `${from} – ${to}`,
    missing: (count: number) => `缺失 ${count} 条消息。`,
    expired: (count: number) => `${count} 条消息已过期。`,
    recalled: (count: number) => `${count} 条消息已撤回。`,
    recordings: '录制文件',
    recording: '录制',
    watch: '观看',
    noVideo: '此处无法观看',
  },
});

type Names = ReadonlyMap<string, string>;

/** What was drawn in a class, played on a line of time. */
export const Replay = ({ classId }: { classId: string }) => {
  const count = useSignal(0);
  const { loaded, reload } = useLoaded(classId, async () => {
    const [lesson, replay] = await Promise.all([
      client.call('get-class', { classId }),
      loadReplay(client, classId, (loadedCount) => {
        count.value = loadedCount;
      }),
    ]);
    const timeline = createTimeline(replay);
    return { timeline, playback: createPlayback(timeline, clearersOf(lesson)), names: await loadNames(lesson) };
  });
  if (loaded.state === 'failed')
    return (
      <div class="replay">
        <ProblemNote error={loaded.error} retry={reload} />
      </div>
    );
  if (loaded.state === 'loading') return <Loading count={count} />;
  const { timeline, playback, names } = loaded.value;
  return (
    <section class="replay" aria-label={text().replay}>
      {timeline.beats.length === 0 ? (
        <div class="empty">
          <Icon name="board" />
          <h2>{text().emptyTitle}</h2>
          <p>{text().empty}</p>
        </div>
      ) : (
        <Player timeline={timeline} playback={playback} names={names} />
      )}
      <Gaps timeline={timeline} />
      <Recordings timeline={timeline} />
    </section>
  );
};

/** Names are the teacher's to know; others see ids, and themselves. */
const loadNames = async ({ classId, teacherId }: Reply<'get-class'>): Promise<Names> => {
  const me = person.value;
  if (!me) return new Map();
  if (me.role !== 'admin' && me.userId !== teacherId) return new Map([[me.userId, me.name]]);
  // A replay with ids is better than none.
  const { members } = await client.call('get-attendance', { classId }).catch(() => ({ members: [] }));
  return new Map([...members, me].map(({ userId, name }) => [userId, name || userId]));
};

const Loading = ({ count }: { count: ReadonlySignal<number> }) => (
  <div class="replay" aria-busy="true">
    <div class="paper" />
    <div class="replay-loading">
      <progress aria-label={text().loading(0)} />
      <span class="faint">{text().loading(count.value)}</span>
    </div>
  </div>
);

const Player = ({ timeline, playback, names }: { timeline: Timeline; playback: Playback; names: Names }) => {
  useFrames(playback);
  useSpaceBar(playback);
  const isPlaying = playback.isPlaying.value;
  return (
    <>
      <Paper strokes={playback.strokes} label={text().board(playback.strokes.value.length)}>
        {!playback.hasBegun.value && (
          <button type="button" class="replay-begin" aria-label={text().playAll} onClick={playback.toggle}>
            <Icon name="play" />
          </button>
        )}
        <Drawers playback={playback} names={names} />
      </Paper>
      <div class="replay-controls">
        <IconButton
          class="icon-button replay-play"
          icon={isPlaying ? 'pause' : 'play'}
          label={isPlaying ? text().pause : text().play}
          onClick={playback.toggle}
        />
        <ReplayLine timeline={timeline} playback={playback} />
        <Times timeline={timeline} playback={playback} />
        <Speeds playback={playback} />
        <label class="replay-skip">
          <input
            type="checkbox"
            checked={playback.skipsPauses.value}
            onChange={({ currentTarget }) => {
              playback.skipsPauses.value = currentTarget.checked;
            }}
          />
          {text().skip}
        </label>
      </div>
    </>
  );
};

/** So much time at most goes by between two frames; a tab in the background has none. */
const longestFrameMs = 250;

const useFrames = (playback: Playback) =>
  useEffect(
    () =>
      effect(() => {
        if (!playback.isPlaying.value) return;
        let lastMs = performance.now();
        const step = (nowMs: number) => {
          frame = requestAnimationFrame(step);
          playback.tick(Math.min(Math.max(nowMs - lastMs, 0), longestFrameMs));
          lastMs = nowMs;
        };
        let frame = requestAnimationFrame(step);
        return () => cancelAnimationFrame(frame);
      }),
    [playback],
  );

/** The space bar plays and stops, unless it is something else's just now. */
const useSpaceBar = (playback: Playback) =>
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const isTaken =
        event.target instanceof Element &&
        event.target.closest('button, a, input:not([type="range"]), select, textarea, summary, dialog');
      if (event.key !== ' ' || isTaken) return;
      event.preventDefault();
      playback.toggle();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [playback]);

const Drawers = ({ playback, names }: { playback: Playback; names: Names }) => {
  const drawers = playback.drawers.value.map((userId) => names.get(userId) ?? userId);
  const said = drawers.length > 0 ? text().drawing(drawers) : playback.hasBegun.value ? undefined : text().final;
  return said ? <p class="replay-drawers">{said}</p> : null;
};

const Times = ({ timeline: { startsAt, durationMs }, playback }: { timeline: Timeline; playback: Playback }) => {
  const seconds = Math.floor(playback.positionMs.value / 1000);
  return (
    <p class="replay-times">
      <span>
        <strong>{formatDuration(seconds)}</strong> / {formatDuration(durationMs / 1000)}
      </span>
      <span class="faint">{formatTime(startsAt + seconds, { timeStyle: 'medium' })}</span>
    </p>
  );
};

const Speeds = ({ playback }: { playback: Playback }) => {
  const name = useId();
  return (
    <fieldset class="replay-speeds">
      <legend class="unseen">{text().speed}</legend>
      {speeds.map((speed) => (
        <label key={speed}>
          <input
            type="radio"
            class="unseen"
            name={name}
            checked={playback.speed.value === speed}
            onChange={() => {
              playback.speed.value = speed;
            }}
          />
          {speed}×
        </label>
      ))}
    </fieldset>
  );
};

const Gaps = ({ timeline: { gaps } }: { timeline: Timeline }) =>
  gaps.length === 0 ? null : (
    <section class="replay-list" aria-label={text().gaps}>
      <h2>{text().gaps}</h2>
      <ul>
        {gaps.map(({ fromMs, toMs, count, reason }) => (
          <li key={`${fromMs} ${reason}`}>
            <span class="replay-gap-mark" />
            <span class="replay-span">
              {text().between(formatDuration(fromMs / 1000), formatDuration(toMs / 1000))}
            </span>
            {text()[reason](count)}
          </li>
        ))}
      </ul>
    </section>
  );

const Recordings = ({ timeline: { recordings } }: { timeline: Timeline }) =>
  recordings.length === 0 ? null : (
    <section class="replay-list" aria-label={text().recordings}>
      <h2>{text().recordings}</h2>
      <ul>
        {recordings.map(({ seq, atMs, name, url }) => (
          <li key={seq}>
            <span class="replay-recording-mark" />
            <span class="replay-span">{formatDuration(atMs / 1000)}</span>
            <span class="replay-file">{name ?? text().recording}</span>
            {url === undefined ? (
              <span class="faint">{text().noVideo}</span>
            ) : (
              <a href={url} target="_blank" rel="noreferrer">
                {text().watch}
              </a>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
