/** The table of the user's holdings, with their value and their profit or loss. */
import type { JSX } from 'preact';
import type { Holding } from '../../../../../shared/web-api/portfolio.ts';
import { formatCount, formatMoney } from '../pure/money.ts';
import { useApp } from '../state/app-context.ts';
import { Card, Empty } from './card.tsx';
import { Change } from './money.tsx';

export function HoldingsTable({
  holdings,
}: {
  readonly holdings: readonly Holding[];
}): JSX.Element {
  const { router } = useApp();
  const worth = (holding: Holding): number => holding.value ?? holding.cost;
  const sorted = [...holdings].sort((one, other) => worth(other) - worth(one));
  return (
    <Card title="Positions" flush>
      {sorted.length === 0 ? (
        <Empty title="No shares yet.">
          <button class="button" type="button" onClick={() => router.go('/trade')}>
            Find a stock
          </button>
        </Empty>
      ) : (
        <table class="table cards">
          <caption class="unseen">Your shares, the most valuable first</caption>
          <thead>
            <tr>
              <th scope="col">Stock</th>
              <th scope="col">Shares</th>
              <th scope="col">Average cost</th>
              <th scope="col">Price</th>
              <th scope="col">Value</th>
              <th scope="col">P/L today</th>
              <th scope="col">P/L total</th>
            </tr>
          </thead>
          <tbody>
            {sorted.map((holding) => (
              <HoldingRow key={holding.symbol} holding={holding} />
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}

function HoldingRow({ holding }: { readonly holding: Holding }): JSX.Element {
  const { symbol, shares, averageCost, price, value, dayProfit, profit, cost } = holding;
  const { held, reserved } = holding;
  return (
    <tr>
      <th scope="row">
        <a href={`/trade/${symbol}`}>{symbol}</a>
      </th>
      <td data-label="Shares">
        <span>
          {formatCount(shares)}
          {held > 0 && <span class="cell-note">{formatCount(held)} held</span>}
          {reserved > 0 && <span class="cell-note">{formatCount(reserved)} reserved</span>}
        </span>
      </td>
      <td data-label="Average cost">{formatMoney(averageCost)}</td>
      <td data-label="Price">{price === null ? '–' : formatMoney(price)}</td>
      <td data-label="Value">{value === null ? '–' : formatMoney(value)}</td>
      <td data-label="P/L today">{dayProfit === null ? '–' : <Change cents={dayProfit} />}</td>
      <td data-label="P/L total">
        {profit === null ? '–' : <Change cents={profit} before={cost} />}
      </td>
    </tr>
  );
}
