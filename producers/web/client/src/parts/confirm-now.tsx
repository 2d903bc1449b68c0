/** Asks the user to confirm a trigger that trades as soon as it is armed. */
import type { JSX } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { Plan } from '../pure/describe-trigger.ts';
import { warnOfMet } from '../pure/met-trigger.ts';
import { Spinner } from './icon.tsx';

type ConfirmNowProps = {
  readonly plan: Plan;
  /** The latest known price, in cents. */
  readonly price: number;
  readonly isBusy: boolean;
  readonly onConfirm: () => void;
  readonly onBack: () => void;
};

/** Takes the focus, so that a screen reader reads it. Neither Enter nor a double click confirms it. */
export function ConfirmNow(props: ConfirmNowProps): JSX.Element {
  const { plan, price, isBusy, onConfirm, onBack } = props;
  const id = useId();
  const group = useRef<HTMLDivElement>(null);
  useEffect(() => group.current?.focus(), []);
  const goBack = (form: HTMLFormElement | null): void => {
    focusPrice(form);
    onBack();
  };
  return (
    <div
      ref={group}
      class="plan warn stack"
      role="group"
      tabIndex={-1}
      aria-labelledby={id}
      onKeyDown={(event) => {
        if (event.key === 'Escape') goBack(event.currentTarget.closest('form'));
      }}
    >
      <p id={id} class="strong">
        {warnOfMet(plan, price)}
      </p>
      <div class="row">
        <button
          class="button"
          type="button"
          disabled={isBusy}
          onClick={(event) => goBack(event.currentTarget.form)}
        >
          Change it
        </button>
        <button
          class={`button ${plan.side}`}
          type="button"
          disabled={isBusy}
          onClick={() => onConfirm()}
        >
          {isBusy && <Spinner />}
          {plan.side === 'buy' ? 'Buy now' : 'Sell now'}
        </button>
      </div>
    </div>
  );
}

function focusPrice(form: HTMLFormElement | null): void {
  const field = form?.elements.namedItem('trigger-price');
  if (field instanceof HTMLElement) field.focus();
}
