import type { Signal } from '@preact/signals';
import { useId, useState } from 'preact/hooks';
import { inBoth } from '../language.ts';
import { Dialog } from '../parts/dialog.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import type { Drawing } from './drawing.ts';
import { type PenColor, penColors } from './strokes.ts';

const text = inBoth({
  en: {
    color: 'Colour',
    ink: 'Ink',
    red: 'Red',
    orange: 'Orange',
    green: 'Green',
    blue: 'Blue',
    violet: 'Violet',
    width: 'Width',
    fine: 'Fine',
    medium: 'Medium',
    broad: 'Broad',
    undo: 'Undo your last line',
    clear: 'Clear the board',
    clearQuestion: 'Clear the board?',
    clearWarning: 'All lines go, on everybody’s board. The replay keeps them.',
    keep: 'Keep them',
  },
  zh: {
    color: '颜色',
    ink: '墨色',
    red: '红色',
    orange: '橙色',
    green: '绿色',
    blue: '蓝色',
    violet: '紫色',
    width: '粗细',
    fine: '细',
    medium: '中',
    broad: '粗',
    undo: '撤销上一笔',
    clear: '清空白板',
    clearQuestion: '清空白板？',
    clearWarning: '所有人白板上的笔迹都会消失，回放中仍会保留。',
    keep: '保留',
  },
});

/** What one draws with. */
export interface Pen {
  color: PenColor;
  width: number;
}

/** Widths in the board's units. */
const penWidths = { fine: 28, medium: 56, broad: 120 } as const;

const widthNames = ['fine', 'medium', 'broad'] as const;

/** The one that everybody begins with. */
export const firstPen: Pen = { color: 'ink', width: penWidths.fine };

/** What one draws with, and what takes it away again. */
export const Pens = ({ pen, drawing, mayClear }: { pen: Signal<Pen>; drawing: Drawing; mayClear: boolean }) => {
  const [isAsking, setAsking] = useState(false);
  const isEmpty = drawing.strokes.value.length === 0;
  const take = (changes: Partial<Pen>) => {
    pen.value = { ...pen.value, ...changes };
  };
  return (
    <div class="pens">
      <Choice label={text().color} names={penColors} chosen={pen.value.color} onChoose={(color) => take({ color })} />
      <Choice
        label={text().width}
        names={widthNames}
        chosen={widthNames.find((each) => penWidths[each] === pen.value.width)}
        onChoose={(each) => take({ width: penWidths[each] })}
      />
      <div class="pens-end">
        <IconButton icon="undo" label={text().undo} disabled={!drawing.canUndo.value} onClick={drawing.undo} />
        {mayClear && (
          <IconButton icon="eraser" label={text().clear} disabled={isEmpty} onClick={() => setAsking(true)} />
        )}
      </div>
      {isAsking && <ClearDialog onClear={drawing.clear} onClose={() => setAsking(false)} />}
    </div>
  );
};

type ChoiceName = PenColor | keyof typeof penWidths;

const Choice = <Name extends ChoiceName>({
  label,
  names,
  chosen,
  onChoose,
}: {
  label: string;
  names: readonly Name[];
  chosen: Name | undefined;
  onChoose: (name: Name) => void;
}) => {
  const group = useId();
  return (
    <fieldset>
      <legend class="unseen">{label}</legend>
      {names.map((name) => (
        <label class={`pen is-${name}`} key={name} title={text()[name]}>
          <input
            type="radio"
            class="unseen"
            name={group}
            checked={name === chosen}
            onChange={() => onChoose(name)}
            aria-label={text()[name]}
          />
        </label>
      ))}
    </fieldset>
  );
};

const ClearDialog = ({ onClear, onClose }: { onClear: () => void; onClose: () => void }) => (
  <Dialog title={text().clearQuestion} onClose={onClose}>
    <div class="form">
      <p>{text().clearWarning}</p>
      <div class="choices">
        <button type="button" class="button" onClick={onClose}>
          {text().keep}
        </button>
        <button
          type="button"
          class="button danger"
          onClick={() => {
            onClear();
            onClose();
          }}
        >
          {text().clear}
        </button>
      </div>
    </div>
  </Dialog>
);
