/** Shows amounts, and changes with sign, arrow and colour. */
import type { JSX } from 'preact';
import { formatChange, formatMoney, formatPercent } from '../pure/money.ts';

export const Money = ({ cents }: { readonly cents: number }): JSX.Element => (
  <span class="number">{formatMoney(cents)}</span>
);

type ChangeProps = {
  readonly cents: number;
  /** The amount before the change, for the percentage. */
  readonly before?: number | undefined;
};

export function Change({ cents, before }: ChangeProps): JSX.Element {
  const direction = cents > 0 ? 'up' : cents < 0 ? 'down' : 'quiet';
  const arrow = cents > 0 ? '▲ ' : cents < 0 ? '▼ ' : '';
  return (
    <span class={direction}>
      <span class="number">
        <span aria-hidden="true">{arrow}</span>
        {formatChange(cents)}
      </span>
      {before !== undefined && before > 0 && (
        <>
          {' '}
          <span class="number">({formatPercent(cents, before)})</span>
        </>
      )}
    </span>
  );
}
