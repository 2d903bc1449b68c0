/** A few options side by side, one of which is selected. */
import type { JSX } from 'preact';

type Option<Value> = { readonly value: Value; readonly text: string; readonly kind?: string };

type ChoiceProps<Value extends string> = {
  readonly label: string;
  readonly options: readonly Option<Value>[];
  readonly value: Value;
  readonly onChoose: (value: Value) => void;
  readonly small?: boolean;
};

export const Choice = <Value extends string>(props: ChoiceProps<Value>): JSX.Element => (
  <div
    class={`segments ${props.small === true ? 'small' : ''}`}
    role="group"
    aria-label={props.label}
  >
    {props.options.map(({ value, text, kind }) => (
      <button
        key={value}
        type="button"
        class={`segment ${kind ?? ''}`}
        aria-pressed={value === props.value}
        onClick={() => props.onChoose(value)}
      >
        {text}
      </button>
    ))}
  </div>
);
