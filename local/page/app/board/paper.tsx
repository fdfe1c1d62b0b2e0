import { effect, type ReadonlySignal } from '@preact/signals';
import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { theme } from '../theme.ts';
import { createPainter } from './paint.ts';
import type { ShownStroke } from './strokes.ts';

/** The sheet that lines are seen on; `label` says in words what is there, and `children` lie over it and let the pen through. */
export const Paper = ({
  strokes,
  label,
  element,
  children,
}: {
  strokes: ReadonlySignal<readonly ShownStroke[]>;
  label: string;
  /** Where a pen is listened to. */
  element?: RefObject<HTMLDivElement | null>;
  children?: ComponentChildren;
}) => {
  const resting = useRef<HTMLCanvasElement>(null);
  const growing = useRef<HTMLCanvasElement>(null);
  const themeNow = theme.value;

  useEffect(() => {
    if (!resting.current || !growing.current) return;
    const painter = createPainter(resting.current, growing.current);
    const observer = new ResizeObserver(([entry]) => {
      if (entry) painter.resize(...pixelsOf(entry));
    });
    observer.observe(resting.current);
    const stop = effect(() => painter.show(strokes.value));
    return () => {
      stop();
      observer.disconnect();
      painter.stop();
    };
  }, [strokes, themeNow]);

  return (
    <div class="paper" ref={element}>
      <div role="img" aria-label={label}>
        <canvas ref={resting} />
        <canvas ref={growing} />
      </div>
      <div class="paper-over">{children}</div>
    </div>
  );
};

const pixelsOf = ({ contentRect, devicePixelContentBoxSize }: ResizeObserverEntry): [number, number] => {
  const [exact] = devicePixelContentBoxSize ?? [];
  if (exact) return [exact.inlineSize, exact.blockSize];
  // Safari does not tell exactly.
  return [Math.round(contentRect.width * devicePixelRatio), Math.round(contentRect.height * devicePixelRatio)];
};
