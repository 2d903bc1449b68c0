/** A labelled input with its hint and its fault, tied together for screen readers. */
import type { ComponentChildren, JSX, TargetedInputEvent } from 'preact';
import { useId } from 'preact/hooks';

type FieldProps = {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly type?: 'text' | 'password';
  readonly hint?: ComponentChildren;
  readonly fault?: string | undefined;
  readonly required?: boolean;
  readonly name?: string;
  readonly autocomplete?: string;
  readonly placeholder?: string;
  readonly maxLength?: number;
  /** Takes a line of its own where fields stand in pairs. */
  readonly isWide?: boolean;
  /** Dollars, with the sign before and the keyboard of numbers. */
  readonly dollars?: 'plain' | 'large';
};

export function Field(props: FieldProps): JSX.Element {
  const id = useId();
  const { label, value, onValue, hint, fault, dollars } = props;
  const attributes = {
    id,
    class: 'input',
    name: props.name,
    value,
    required: props.required,
    maxLength: props.maxLength,
    placeholder: props.placeholder,
    autocomplete: props.autocomplete ?? 'off',
    spellcheck: false,
    'aria-invalid': fault === undefined ? undefined : ('true' as const),
    'aria-describedby': `${id}-hint`,
    onInput: (event: TargetedInputEvent<HTMLInputElement>) => onValue(event.currentTarget.value),
  };
  const input =
    props.type === 'password' ? (
      <input {...attributes} type="password" />
    ) : (
      <input {...attributes} type="text" inputMode={dollars && 'decimal'} />
    );
  return (
    <div class={`field ${props.isWide === true ? 'whole' : ''}`}>
      <label for={id}>{label}</label>
      {dollars === undefined ? input : <div class={`dollars ${dollars}`}>{input}</div>}
      <div id={`${id}-hint`} class={fault === undefined ? 'hint' : 'fault'}>
        {fault ?? hint}
      </div>
    </div>
  );
}
