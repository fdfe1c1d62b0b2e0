import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { inBoth } from '../language.ts';
import { IconButton } from './icon-button.tsx';

const text = inBoth({ en: { close: 'Close' }, zh: { close: '关闭' } });

/** A modal dialog: the browser keeps the focus inside, and Escape closes it. */
export const Dialog = ({
  title,
  onClose,
  children,
}: {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
}) => {
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => element.current?.showModal(), []);
  return (
    <dialog ref={element} class="dialog" aria-labelledby={titleId} onClose={onClose}>
      <header class="dialog-head">
        <h2 id={titleId}>{title}</h2>
        <IconButton icon="close" label={text().close} onClick={onClose} />
      </header>
      {children}
    </dialog>
  );
};
