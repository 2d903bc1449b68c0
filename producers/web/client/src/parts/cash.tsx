/** The user's cash, and what of it is held or reserved. */
import type { JSX } from 'preact';
import type { PortfolioView } from '../../../../../shared/web-api/portfolio.ts';
import { Card } from './card.tsx';
import { Money } from './money.tsx';

type CashProps = {
  readonly portfolio: PortfolioView;
  /** Whether it is of a past time, of which the orders are not known. */
  readonly isPast: boolean;
};

export function Cash({ portfolio, isPast }: CashProps): JSX.Element {
  const ofOrders = [
    ['Held', portfolio.held, 'Of your cash, for buys to confirm'],
    ['Available', portfolio.available, 'Cash less what is held'],
  ] as const;
  const rows = [
    ['Cash', portfolio.balance, 'All that is not in shares or reserved'],
    ...(isPast ? [] : ofOrders),
    ['Reserved', portfolio.reserved, 'By buy triggers, out of your cash'],
  ] as const;
  return (
    <Card title="Your cash">
      <dl class="facts">
        {rows.map(([term, cents, meaning]) => (
          <div key={term}>
            <dt>
              {term}
              <span class="facts-note">{meaning}</span>
            </dt>
            <dd>
              <Money cents={cents} />
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
