import { useEffect, useRef, useState } from 'preact/hooks';
import { flightMs, type LaneUse, pickLane, widthInEms } from './danmaku-lanes.ts';
import type { Flying, LessonInProgress } from './lesson.ts';

const laneCount = 6;
/** As the stylesheet has it: a part of the board's width, within limits. */
const fontPx = (boardWidth: number) => Math.min(18, Math.max(12, boardWidth * 0.021));

/** The comments flying over the board, from right to left. Who cannot see them hears the chat. */
export const Danmaku = ({ lesson }: { lesson: LessonInProgress }) => {
  const layer = useRef<HTMLDivElement>(null);
  const lanes = useRef<(LaneUse | undefined)[]>(Array.from({ length: laneCount }));
  const [flying, setFlying] = useState<readonly (Flying & { lane: number })[]>([]);

  useEffect(
    () =>
      lesson.onComment((comment) => {
        const nowMs = performance.now();
        const boardWidth = layer.current?.clientWidth ?? 0;
        const width = widthInEms(comment.text) * fontPx(boardWidth);
        const lane = pickLane(lanes.current, { width, boardWidth, nowMs });
        lanes.current[lane] = { startedAtMs: nowMs, width };
        setFlying((now) => [...now, { ...comment, lane }]);
      }),
    [lesson],
  );

  const land = (key: number) => setFlying((now) => now.filter((comment) => comment.key !== key));
  return (
    <div class="danmaku" ref={layer} aria-hidden="true">
      {flying.map(({ key, text, color, isOwn, lane }) => (
        <span
          key={key}
          class={isOwn ? 'comment is-own' : 'comment'}
          style={{ top: `${0.6 + lane * 2}em`, animationDuration: `${flightMs}ms`, color }}
          onAnimationEnd={() => land(key)}
        >
          {text}
        </span>
      ))}
    </div>
  );
};
