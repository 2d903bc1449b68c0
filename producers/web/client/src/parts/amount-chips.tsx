/** Buttons that each fill in an amount. */
import type { JSX } from 'preact';

export type AmountChip = { readonly label: string; readonly cents: number };

type AmountChipsProps = {
  /** A chip without an amount is disabled. */
  readonly chips: readonly AmountChip[];
  readonly onChoose: (cents: number) => void;
};

export const AmountChips = ({ chips, onChoose }: AmountChipsProps): JSX.Element => (
  <div class="chips">
    {chips.map(({ label, cents }) => (
      <button
        key={label}
        class="chip"
        type="button"
        disabled={cents <= 0}
        onClick={() => onChoose(cents)}
      >
        {label}
      </button>
    ))}
  </div>
);
