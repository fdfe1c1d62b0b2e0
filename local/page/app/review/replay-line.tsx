import { useMemo } from 'preact/hooks';
import { formatDuration, inBoth } from '../language.ts';
import type { Playback } from './playback.ts';
import { activityOf, type Timeline } from './player.ts';

const text = inBoth({
  en: {
    position: 'Position',
    at: (now: string, end: string) => `${now} of ${end}`,
  },
  zh: {
    position: '进度',
    at: (now: string, end: string) => `${now}，共 ${end}`,
  },
});

const pieces = 160;

/** The line of time: how much was drawn when, where something is missing, what was recorded, and where the play is. */
export const ReplayLine = ({ timeline, playback }: { timeline: Timeline; playback: Playback }) => {
  const { durationMs, gaps, recordings } = timeline;
  const outline = useMemo(() => outlineOf(activityOf(timeline, pieces)), [timeline]);
  const positionMs = playback.positionMs.value;
  const share = (ms: number) => `${(ms / durationMs) * 100}%`;
  return (
    <div class="replay-line" style={{ '--played': share(positionMs) }}>
      <div class="replay-marks" aria-hidden="true">
        {['replay-activity', 'replay-activity is-played'].map((name) => (
          <svg aria-hidden="true" key={name} class={name} viewBox={`0 0 ${pieces} 1`} preserveAspectRatio="none">
            <path d={outline} />
          </svg>
        ))}
        {gaps.map(({ fromMs, toMs, reason }) => (
          <span
            class="replay-gap"
            key={`${fromMs} ${reason}`}
            style={{ left: share(fromMs), width: share(toMs - fromMs) }}
          />
        ))}
        {recordings.map(({ seq, atMs }) => (
          <span class="replay-recording" key={seq} style={{ left: share(atMs) }} />
        ))}
      </div>
      <input
        type="range"
        aria-label={text().position}
        aria-valuetext={text().at(formatDuration(positionMs / 1000), formatDuration(durationMs / 1000))}
        min={0}
        max={durationMs}
        step={1000}
        value={positionMs}
        onInput={({ currentTarget }) => playback.seek(currentTarget.valueAsNumber)}
      />
    </div>
  );
};

/** A step for each piece, from the ground up. */
const outlineOf = (activity: readonly number[]): string =>
  `M0 1${activity.map((height, index) => `V${(1 - height).toFixed(3)}H${index + 1}`).join('')}V1Z`;
