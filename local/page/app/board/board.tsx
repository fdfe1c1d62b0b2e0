import { effect, untracked, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { ImRefusal } from '../im/frames.ts';
import { inBoth } from '../language.ts';
import type { LessonInProgress } from '../lesson/lesson.ts';
import { Icon } from '../parts/icon.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { ProblemNote } from '../parts/problem-note.tsx';
import { loadReplay } from '../review/load-replay.ts';
import { client } from '../session.ts';
import { createDrawing, type Drawing, type Outcome } from './drawing.ts';
import { Paper } from './paper.tsx';
import { listenToPen } from './pen.ts';
import { firstPen, Pens } from './pens.tsx';
import { clearersOf, readBoardData, type Stroke } from './strokes.ts';

const text = inBoth({
  en: {
    board: 'Whiteboard',
    nothing: 'Whiteboard. Nothing is drawn on it.',
    drawn: (lines: number, people: number) =>
      `Whiteboard with ${lines} ${lines === 1 ? 'line' : 'lines'} by ${people} ${people === 1 ? 'person' : 'people'}.`,
    loading: 'What was drawn before is coming…',
    draw: 'Draw here, with the mouse, a finger or a pen.',
    watch: 'Nothing is drawn yet.',
    lent: 'The teacher lends the board. Until then you see what the others draw.',
    lost: 'What is dashed did not get through.',
    sendAgain: 'Send again',
    noBoard: 'You do not hold the board any more, so your last line was not taken.',
    refused: 'Your last line was not taken: you may not draw now.',
    dismiss: 'All right',
  },
  zh: {
    board: '白板',
    nothing: '白板，还没有笔迹。',
    drawn: (lines: number, people: number) => `白板，${people} 人画了 ${lines} 笔。`,
    loading: '正在加载之前的笔迹…',
    draw: '用鼠标、手指或触控笔在此书写。',
    watch: '白板上还没有内容。',
    lent: '老师授权后即可书写，现在可以看到大家的笔迹。',
    lost: '虚线笔迹未能送达。',
    sendAgain: '重新发送',
    noBoard: '您已没有白板权限，最后一笔未被接收。',
    refused: '最后一笔未被接收：您现在不能书写。',
    dismiss: '知道了',
  },
});

/** The whiteboard of a class that goes on. `children` lie over it, and let the pen through. */
export const Board = ({ lesson, children }: { lesson: LessonInProgress; children?: ComponentChildren }) => {
  const drawing = useMemo(() => drawingOf(lesson), [lesson]);
  useEffect(
    () =>
      lesson.onBoard((sent, userId) => {
        const data = readBoardData(sent);
        if (data) drawing.hear({ userId, data });
      }),
    [lesson, drawing],
  );
  // After each cut, too: what was drawn meanwhile is only in the replay.
  useEffect(
    () =>
      effect(() => {
        if (lesson.phase.value === 'live') void untracked(drawing.catchUp);
      }),
    [lesson, drawing],
  );

  const paper = useRef<HTMLDivElement>(null);
  const pen = useSignal(firstPen);
  const mayDraw = lesson.mayDraw.value;
  useEffect(() => {
    if (!mayDraw || !paper.current) return;
    const { extend, finish } = drawing;
    return listenToPen(paper.current, { begin: (x, y) => drawing.begin(pen.value, x, y), extend, finish });
  }, [mayDraw, drawing, pen]);

  return (
    <section class={mayDraw ? 'board may-draw' : 'board'} aria-label={text().board}>
      <div class="board-frame">
        <Paper strokes={drawing.strokes} label={describe(drawing.strokes.value)} element={paper}>
          <Blank drawing={drawing} mayDraw={mayDraw} />
          {children}
        </Paper>
        <Trouble drawing={drawing} />
      </div>
      {mayDraw ? (
        <Pens pen={pen} drawing={drawing} mayClear={lesson.role === 'teacher'} />
      ) : (
        <p class="board-hint faint">
          <Icon name="lock" />
          {text().lent}
        </p>
      )}
    </section>
  );
};

const noBoardCodes = [10007, 10101];
const undecided = 10103;

const drawingOf = ({ lesson, userId, draw }: LessonInProgress): Drawing =>
  createDrawing({
    userId,
    clearers: clearersOf(lesson),
    send: (data) => draw(data).then(() => 'sent' as const, outcomeOf),
    loadPast: async () => {
      const { messages } = await loadReplay(client, lesson.classId);
      return messages.flatMap(({ userId, type, data }) => {
        const drawn = type === 'board' ? readBoardData(data) : undefined;
        return drawn ? [{ userId, data: drawn }] : [];
      });
    },
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    newId: () => crypto.randomUUID(),
  });

const outcomeOf = (error: unknown): Outcome => {
  if (!(error instanceof ImRefusal) || error.code === undecided) return 'lost';
  return noBoardCodes.includes(error.code) ? 'noBoard' : 'refused';
};

/** What a picture is to those who cannot see it. */
const describe = (strokes: readonly Stroke[]): string =>
  strokes.length === 0
    ? text().nothing
    : text().drawn(strokes.length, new Set(strokes.map(({ userId }) => userId)).size);

const Blank = ({ drawing, mayDraw }: { drawing: Drawing; mayDraw: boolean }) => {
  const { state } = drawing.past.value;
  if (state === 'failed' || drawing.strokes.value.length > 0) return null;
  return (
    <p class="board-blank" role="status">
      {state === 'loading' ? text().loading : mayDraw ? text().draw : text().watch}
    </p>
  );
};

/** Why what is seen here is not what the others see. */
const Trouble = ({ drawing }: { drawing: Drawing }) => {
  const past = drawing.past.value;
  const trouble = drawing.trouble.value;
  return (
    <div class="board-trouble" role="status">
      {past.state === 'failed' && <ProblemNote error={past.error} retry={() => void drawing.catchUp()} />}
      {trouble && (
        <div class="board-note">
          <Icon name="alert" />
          <p>{text()[trouble]}</p>
          {trouble === 'lost' ? (
            <button type="button" class="button small" onClick={drawing.sendAgain}>
              {text().sendAgain}
            </button>
          ) : (
            <IconButton icon="close" label={text().dismiss} onClick={drawing.dismissTrouble} />
          )}
        </div>
      )}
    </div>
  );
};
