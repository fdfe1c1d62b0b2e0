import { boardExtent } from './strokes.ts';

/** Is told of a line from where the pen comes down to where it is lifted. */
export interface PenListener {
  begin(x: number, y: number): void;
  extend(x: number, y: number): void;
  finish(): void;
}

/** Listens to a mouse, a finger or a pen on an element, in the board's units. Answers how to stop. */
export const listenToPen = (element: HTMLElement, { begin, extend, finish }: PenListener): (() => void) => {
  let drawing: number | undefined;
  const listening = new AbortController();
  const { signal } = listening;

  const pointOf = ({ clientX, clientY }: PointerEvent): [number, number] => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return [inUnits((clientX - left) / width), inUnits((clientY - top) / height)];
  };
  const lift = ({ pointerId }: PointerEvent) => {
    if (pointerId !== drawing) return;
    drawing = undefined;
    finish();
  };

  element.addEventListener(
    'pointerdown',
    (event) => {
      // A second finger draws nothing, nor does a right button.
      if (drawing !== undefined || event.button !== 0) return;
      event.preventDefault();
      drawing = event.pointerId;
      element.setPointerCapture(drawing);
      begin(...pointOf(event));
    },
    { signal },
  );
  element.addEventListener(
    'pointermove',
    (event) => {
      if (event.pointerId !== drawing) return;
      const between = event.getCoalescedEvents();
      for (const each of between.length > 0 ? between : [event]) extend(...pointOf(each));
    },
    { signal },
  );
  element.addEventListener('pointerup', lift, { signal });
  element.addEventListener('pointercancel', lift, { signal });
  return () => {
    listening.abort();
    finish();
  };
};

const inUnits = (share: number): number => Math.round(Math.min(Math.max(share, 0), 1) * boardExtent);
