/** A table of a user's movements of money and shares, or of their commands with the outcomes. */
import type { ComponentChildren, JSX } from 'preact';
import type {
  CommandItem,
  CommandStatus,
  History,
  HistoryItem,
  LedgerItem,
} from '../../../../../shared/web-api/history.ts';
import { labelOfCommand, labelOfEntry } from '../pure/describe-entry.ts';
import { explainReason } from '../pure/explain-rejection.ts';
import { momentPath } from '../pure/route.ts';
import { formatChange, formatCount, formatCountChange, formatMoney } from '../pure/money.ts';
import type { Loaded } from '../state/use-loaded.ts';
import { Empty } from './card.tsx';
import { Loading } from './loading.tsx';
import { When } from './when.tsx';

type HistoryItemsProps = { readonly page: Loaded<History> };

export function HistoryItems({ page }: HistoryItemsProps): JSX.Element {
  if (page.value === undefined) return <Loading of={page} />;
  const { items } = page.value;
  if (items.length === 0) {
    return <Empty title="Nothing here.">Nothing was done yet, or nothing fits the filter.</Empty>;
  }
  const isLedger = items[0]?.of === 'ledger';
  return (
    <table class="table cards">
      <caption class="unseen">{isLedger ? 'Movements' : 'Commands'}, the latest first</caption>
      <Head isLedger={isLedger} />
      <tbody>
        {items.map((item) =>
          item.of === 'ledger' ? (
            <Movement key={item.id} item={item} />
          ) : (
            <Command key={item.id} item={item} />
          ),
        )}
      </tbody>
    </table>
  );
}

const LEDGER_HEADS = ['Price', 'Shares', 'Cash', 'Cash after', 'Reserved'];
const COMMAND_HEADS = ['Price', 'Shares', 'Amount'];

const Head = ({ isLedger }: { readonly isLedger: boolean }): JSX.Element => (
  <thead>
    <tr>
      <th scope="col">When</th>
      <th scope="col" class="left">
        What
      </th>
      <th scope="col" class="left">
        Stock
      </th>
      {(isLedger ? LEDGER_HEADS : COMMAND_HEADS).map((head) => (
        <th key={head} scope="col">
          {head}
        </th>
      ))}
      {!isLedger && (
        <th scope="col" class="left">
          Status
        </th>
      )}
      <th scope="col">Transaction</th>
    </tr>
  </thead>
);

const Stock = ({ symbol }: { readonly symbol: string | null }): JSX.Element =>
  symbol === null ? <></> : <a href={`/trade/${symbol}`}>{symbol}</a>;

type CellProps = {
  readonly label: string;
  readonly empty: boolean;
  readonly isText?: boolean;
  readonly children: ComponentChildren;
};

const Cell = ({ label, empty, isText, children }: CellProps): JSX.Element => (
  <td
    data-label={label}
    data-empty={empty ? '' : undefined}
    class={isText === true ? 'text' : undefined}
  >
    {empty ? '–' : children}
  </td>
);

type ItemHeadProps = { readonly item: HistoryItem; readonly label: string };

/** The first cells of every row: when it was, what it was, and of which stock. */
const ItemHead = ({ item, label }: ItemHeadProps): JSX.Element => (
  <>
    <td class="left">
      {item.symbol === null ? (
        <When at={item.at} />
      ) : (
        <a href={momentPath(item.symbol, item.at)} title={`On the chart of ${item.symbol}`}>
          <When at={item.at} />
        </a>
      )}
    </td>
    <th scope="row" class="left">
      {label}
    </th>
    <Cell label="Stock" isText empty={item.symbol === null}>
      <Stock symbol={item.symbol} />
    </Cell>
  </>
);

function Movement({ item }: { readonly item: LedgerItem }): JSX.Element {
  return (
    <tr>
      <ItemHead item={item} label={labelOfEntry(item.type)} />
      <Cell label="Price" empty={item.price === null}>
        {formatMoney(item.price ?? 0)}
      </Cell>
      <Cell label="Shares" empty={item.shares === 0}>
        {formatCountChange(item.shares)}
      </Cell>
      <Cell label="Cash" empty={item.balance === 0}>
        {formatChange(item.balance)}
      </Cell>
      <Cell label="Cash after" empty={item.balance === 0}>
        {formatMoney(item.balanceAfter)}
      </Cell>
      <Cell label="Reserved" empty={item.reserve === 0 && item.reservedShares === 0}>
        {item.reserve !== 0
          ? formatChange(item.reserve)
          : `${formatCountChange(item.reservedShares)} shares`}
      </Cell>
      <td data-label="Transaction" class="quiet">
        {formatCount(item.number)}
      </td>
    </tr>
  );
}

function Command({ item }: { readonly item: CommandItem }): JSX.Element {
  const { amount, total } = item;
  return (
    <tr>
      <ItemHead item={item} label={labelOfCommand(item.type)} />
      <Cell label="Price" empty={item.price === null}>
        {formatMoney(item.price ?? 0)}
      </Cell>
      <Cell label="Shares" empty={item.shares === null}>
        {formatCount(item.shares ?? 0)}
      </Cell>
      <Cell label="Amount" empty={amount === null && total === null}>
        <span>
          {formatMoney(total ?? amount ?? 0)}
          {total !== null && amount !== null && (
            <span class="cell-note">of {formatMoney(amount)}</span>
          )}
        </span>
      </Cell>
      <td data-label="Status" class="text">
        <Status item={item} />
      </td>
      <td data-label="Transaction" class="quiet">
        {formatCount(item.number)}
      </td>
    </tr>
  );
}

const STATUS: Readonly<Record<CommandStatus, { readonly text: string; readonly kind: string }>> = {
  done: { text: 'Done', kind: 'good' },
  pending: { text: 'To confirm', kind: 'info' },
  committed: { text: 'Committed', kind: 'good' },
  cancelled: { text: 'Cancelled', kind: '' },
  expired: { text: 'Expired', kind: 'warn' },
  refused: { text: 'Refused', kind: 'bad' },
};

function Status({ item }: { readonly item: CommandItem }): JSX.Element {
  const { text, kind } = STATUS[item.status];
  return (
    <span>
      <span class={`badge ${kind}`}>{text}</span>
      {item.reason !== null && (
        <span class="reason small quiet">
          {explainReason(item.reason, {
            command: item.type,
            ...(item.symbol !== null && { symbol: item.symbol }),
          })}
        </span>
      )}
    </span>
  );
}
