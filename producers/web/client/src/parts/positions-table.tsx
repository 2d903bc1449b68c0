/** The table of the user's positions, open and closed. Its columns add up to the figures of the portfolio. */
import type { JSX } from 'preact';
import type {
  ClosedPosition,
  Holding,
  PortfolioView,
} from '../../../../../shared/web-api/portfolio.ts';
import { formatCount, formatMoney } from '../pure/money.ts';
import { dayLabel } from '../pure/past-moment.ts';
import { useApp } from '../state/app-context.ts';
import { Card, Empty } from './card.tsx';
import { Change } from './money.tsx';
import { PriceAge } from './price-age.tsx';
import { RefreshPrices } from './refresh-prices.tsx';
import { When } from './when.tsx';

type PositionsTableProps = {
  readonly portfolio: PortfolioView;
  /** Whether it is of a past time. */
  readonly isPast: boolean;
};

export function PositionsTable({ portfolio, isPast }: PositionsTableProps): JSX.Element {
  const { holdings, closedPositions } = portfolio;
  const worth = (holding: Holding): number => holding.value ?? holding.cost;
  const day = dayLabel(isPast);
  const sorted = [...holdings].sort((one, other) => worth(other) - worth(one));
  return (
    <Card title="Positions" flush action={!isPast && <RefreshHeld holdings={sorted} />}>
      {holdings.length + closedPositions.length === 0 ? (
        <NoShares isPast={isPast} />
      ) : (
        <table class="table cards">
          <caption class="unseen">Your shares, the most valuable first, then what you sold</caption>
          <thead>
            <tr>
              <th scope="col">Stock</th>
              <th scope="col">Shares</th>
              <th scope="col">Average cost</th>
              <th scope="col">Price</th>
              <th scope="col">Value</th>
              <th scope="col">{day}</th>
              <th scope="col">Unrealised</th>
              <th scope="col">Realised</th>
            </tr>
          </thead>
          <tbody>
            {sorted.map((holding) => (
              <HoldingRow key={holding.symbol} holding={holding} day={day} isPast={isPast} />
            ))}
          </tbody>
          <tbody>
            {closedPositions.map((closed) => (
              <ClosedRow key={closed.symbol} closed={closed} day={day} />
            ))}
          </tbody>
          <TotalRow
            portfolio={portfolio}
            day={day}
            shares={sorted.reduce((sum, each) => sum + worth(each), 0)}
          />
        </table>
      )}
    </Card>
  );
}

const RefreshHeld = ({ holdings }: { readonly holdings: readonly Holding[] }): JSX.Element =>
  holdings.length === 0 ? <></> : <RefreshPrices symbols={holdings.map(({ symbol }) => symbol)} />;

function NoShares({ isPast }: Pick<PositionsTableProps, 'isPast'>): JSX.Element {
  const { router } = useApp();
  if (isPast) return <Empty title="No shares at that time." />;
  return (
    <Empty title="No shares yet.">
      <button class="button" type="button" onClick={() => router.go('/trade')}>
        Find a stock
      </button>
    </Empty>
  );
}

/** `day`: the label of the profit of the day. */
type OfDay = { readonly day: string };

type HoldingRowProps = OfDay & Pick<PositionsTableProps, 'isPast'> & { readonly holding: Holding };

function HoldingRow({ holding, day, isPast }: HoldingRowProps): JSX.Element {
  const { symbol, shares, held, reserved, averageCost, price, priceAt, value, cost } = holding;
  const { dayProfit, unrealised, realised } = holding;
  return (
    <tr>
      <Stock symbol={symbol} />
      <td data-label="Shares">
        <span>
          {formatCount(shares)}
          {held > 0 && <span class="cell-note">{formatCount(held)} held</span>}
          {reserved > 0 && <span class="cell-note">{formatCount(reserved)} reserved</span>}
        </span>
      </td>
      <td data-label="Average cost">{formatMoney(averageCost)}</td>
      <td data-label="Price">
        <span>
          {price === null ? '–' : formatMoney(price)}
          {priceAt !== null && (
            <span class="cell-note">
              {isPast ? <When at={priceAt} /> : <PriceAge at={priceAt} />}
            </span>
          )}
        </span>
      </td>
      <td data-label="Value">{value === null ? '–' : formatMoney(value)}</td>
      <td data-label={day}>{dayProfit === null ? '–' : <Change cents={dayProfit} />}</td>
      <td data-label="Unrealised">
        {unrealised === null ? '–' : <Change cents={unrealised} before={cost} />}
      </td>
      <td data-label="Realised">
        <Change cents={realised} />
      </td>
    </tr>
  );
}

const ClosedRow = ({ closed, day }: OfDay & { readonly closed: ClosedPosition }): JSX.Element => (
  <tr>
    <Stock symbol={closed.symbol} />
    <td data-label="Shares" class="quiet">
      Closed
    </td>
    <td data-empty="" colSpan={3} />
    <td data-label={day}>
      <Change cents={closed.dayProfit} />
    </td>
    <td data-empty="" />
    <td data-label="Realised">
      <Change cents={closed.realised} />
    </td>
  </tr>
);

type TotalRowProps = OfDay & {
  readonly portfolio: PortfolioView;
  /** The value of all shares. */
  readonly shares: number;
};

const TotalRow = ({ portfolio, day, shares }: TotalRowProps): JSX.Element => (
  <tfoot>
    <tr>
      <th scope="row" colSpan={4}>
        Total
      </th>
      <td data-label="Value">{formatMoney(shares)}</td>
      <td data-label={day}>
        <Change cents={portfolio.dayProfit} />
      </td>
      <td data-label="Unrealised">
        <Change cents={portfolio.unrealised} />
      </td>
      <td data-label="Realised">
        <Change cents={portfolio.realised} />
      </td>
    </tr>
  </tfoot>
);

const Stock = ({ symbol }: { readonly symbol: string }): JSX.Element => (
  <th scope="row">
    <a href={`/trade/${symbol}`}>{symbol}</a>
  </th>
);
