/** A button for what cannot be undone: a first click asks, and a second one on another button does it. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

type ConfirmButtonProps = {
  readonly text: string;
  /** Says what it does to what, for those who do not see the place of the button. */
  readonly label: string;
  readonly question: string;
  /** The safe answer. */
  readonly safeText?: string;
  /** Whether the first button has no warning colour, as where each row of a table has several. */
  readonly isCalm?: boolean;
  readonly onConfirm: () => void;
};

/** The focus moves to the question, and back if the user keeps what there is. */
export function ConfirmButton({
  text,
  label,
  question,
  safeText = 'Keep',
  isCalm = false,
  onConfirm,
}: ConfirmButtonProps): JSX.Element {
  const isAsking = useSignal(false);
  const wasAsking = useRef(false);
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (wasAsking.current && !isAsking.value) first.current?.focus();
    wasAsking.current = isAsking.value;
  }, [isAsking.value]);
  return isAsking.value ? (
    <Question
      text={text}
      question={question}
      safeText={safeText}
      onClose={() => (isAsking.value = false)}
      onConfirm={() => {
        // The focus is left to the result.
        wasAsking.current = false;
        onConfirm();
      }}
    />
  ) : (
    <button
      ref={first}
      class={`button compact ${isCalm ? '' : 'danger'}`}
      type="button"
      aria-label={label}
      onClick={() => (isAsking.value = true)}
    >
      {text}
    </button>
  );
}

type QuestionProps = Pick<ConfirmButtonProps, 'text' | 'question' | 'onConfirm'> & {
  readonly safeText: string;
  readonly onClose: () => void;
};

/** Focuses the safe answer, so that a second Enter does no harm. Escape closes it. */
function Question(props: QuestionProps): JSX.Element {
  const { text, question, safeText, onClose, onConfirm } = props;
  const safe = useRef<HTMLButtonElement>(null);
  useEffect(() => safe.current?.focus(), []);
  const confirm = (): void => {
    onConfirm();
    onClose();
  };
  return (
    <span
      class="row question"
      role="group"
      aria-label={question}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <span class="small strong">{question}</span>
      <button ref={safe} class="button compact" type="button" onClick={onClose}>
        {safeText}
      </button>
      <button class="button compact danger" type="button" onClick={confirm}>
        {text}
      </button>
    </span>
  );
}
