import { useId } from 'preact/hooks';

interface FieldProps {
  label: string;
  /** Said below it. */
  hint?: string;
  value: string;
  onValue(value: string): void;
  /** Shown as dots. */
  isSecret?: boolean;
  required?: boolean;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
}

/** A labelled line of text. */
export const Field = ({ label, hint, value, onValue, isSecret = false, ...rules }: FieldProps) => {
  const id = useId();
  const input = {
    id,
    value,
    onInput: ({ currentTarget }: { currentTarget: HTMLInputElement }) => onValue(currentTarget.value),
    'aria-describedby': hint ? `${id}-hint` : undefined,
    autocomplete: 'off',
    ...rules,
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {isSecret ? <input type="password" {...input} /> : <input {...input} />}
      {hint && (
        <p id={`${id}-hint`} class="faint">
          {hint}
        </p>
      )}
    </div>
  );
};
