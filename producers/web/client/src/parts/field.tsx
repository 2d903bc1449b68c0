/** A labelled input with its hint and its fault, which are linked for screen readers. */
import { useSignal, type Signal } from '@preact/signals';
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
  /** Takes a whole line in a form with two columns. */
  readonly isWide?: boolean;
  /** An amount in dollars: shows the sign, and a numeric keyboard on phones. */
  readonly dollars?: 'plain' | 'large';
  /** A count of shares: shows a numeric keyboard on phones. */
  readonly shares?: 'plain' | 'large';
  /** Stands at the end of the line of the label. */
  readonly corner?: ComponentChildren;
};

export function Field(props: FieldProps): JSX.Element {
  const id = useId();
  const isShown = useSignal(false);
  const { label, value, onValue, hint, fault, dollars, shares, corner } = props;
  const attributes = {
    id,
    class: 'input',
    name: props.name,
    value,
    required: props.required,
    placeholder: props.placeholder,
    autocomplete: props.autocomplete ?? 'off',
    // Names, symbols and passwords must arrive as they are typed.
    autocapitalize: 'none' as const,
    autocorrect: 'off',
    spellcheck: false,
    'aria-invalid': fault === undefined ? undefined : ('true' as const),
    'aria-describedby': `${id}-hint`,
    onInput: (event: TargetedInputEvent<HTMLInputElement>) => onValue(event.currentTarget.value),
  };
  const isPassword = props.type === 'password';
  const input =
    isPassword && !isShown.value ? (
      <input {...attributes} type="password" />
    ) : (
      <input
        {...attributes}
        type="text"
        inputMode={(dollars && 'decimal') ?? (shares && 'numeric')}
      />
    );
  return (
    <div class={`field ${props.isWide === true ? 'whole' : ''}`}>
      <div class="row apart">
        <label for={id}>{label}</label>
        {corner}
      </div>
      {isPassword ? (
        <Reveal isShown={isShown}>{input}</Reveal>
      ) : (
        <div class={frameOf(props)}>{input}</div>
      )}
      <div id={`${id}-hint`} class={fault === undefined ? 'hint' : 'fault'}>
        {fault ?? hint}
      </div>
    </div>
  );
}

function frameOf({ dollars, shares }: FieldProps): string | undefined {
  if (dollars !== undefined) return `dollars ${dollars}`;
  return shares === undefined ? undefined : `shares ${shares}`;
}

type RevealProps = { readonly isShown: Signal<boolean>; readonly children: ComponentChildren };

/** A password’s input, with a button that shows its characters. */
const Reveal = ({ isShown, children }: RevealProps): JSX.Element => (
  <div class="password">
    {children}
    <button
      class="button compact plain"
      type="button"
      aria-pressed={isShown.value}
      onClick={() => (isShown.value = !isShown.value)}
    >
      {isShown.value ? 'Hide' : 'Show'}
      <span class="unseen"> the characters</span>
    </button>
  </div>
);
