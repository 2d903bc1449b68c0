/** Buttons that each fill in an amount, or a count of shares. */
import type { JSX } from 'preact';
import type { Portion } from '../pure/quantity.ts';

type AmountChipsProps = {
  /** A chip with the value 0 is disabled. */
  readonly chips: readonly Portion[];
  readonly onChoose: (value: number) => void;
};

export const AmountChips = ({ chips, onChoose }: AmountChipsProps): JSX.Element => (
  <div class="chips">
    {chips.map(({ label, value }) => (
      <button
        key={label}
        class="chip"
        type="button"
        disabled={value <= 0}
        onClick={() => onChoose(value)}
      >
        {label}
      </button>
    ))}
  </div>
);
