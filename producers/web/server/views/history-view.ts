/** Renders ledger entries and commands for the web API and as CSV. Pure. */
import { cents, renderDollars } from '../../../../shared/domain/money.ts';
import type { CommandRow } from '../../../../shared/pg/web-commands.ts';
import type { LedgerPageRow } from '../../../../shared/pg/web-ledger.ts';
import type { CommandItem, HistoryItem, LedgerItem } from '../../../../shared/web-api/history.ts';
import { commandKey, type OrderFate } from './order-fates.ts';

const orNull = (value: bigint | null): number | null => (value === null ? null : Number(value));

export const ledgerItem = (row: LedgerPageRow): LedgerItem => ({
  of: 'ledger',
  id: row.id.toString(),
  at: Number(row.at),
  number: Number(row.number),
  type: row.event,
  symbol: row.symbol,
  price: orNull(row.price),
  balance: Number(row.balance),
  balanceAfter: Number(row.balance_after),
  reserve: Number(row.reserve),
  shares: Number(row.holding),
  reservedShares: Number(row.reserved_shares),
});

/** `fate`: that of the order which the command placed or decided, if there is one. */
export function commandItem(row: CommandRow, fate: OrderFate | undefined): CommandItem {
  const isArming = /^SET_(BUY|SELL)_TRIGGER$/.test(row.command ?? '');
  const [shares, price] = [fate?.shares ?? null, fate?.price ?? null];
  const total = shares === null || price === null ? null : shares * price;
  return {
    of: 'commands',
    id: commandKey(row),
    at: Number(row.at),
    number: Number(row.number),
    type: row.command ?? '',
    symbol: row.symbol ?? fate?.symbol ?? null,
    shares: orNull(shares),
    price: orNull(isArming ? row.funds : (price ?? row.quoted)),
    amount: orNull(isArming ? null : row.funds),
    total: orNull(total),
    outcome: row.reason === null ? 'accepted' : 'rejected',
    status: row.reason === null ? (fate?.status ?? 'done') : 'refused',
    reason: row.reason,
  };
}

/** `cash` is the account’s balance; `reserved` is what triggers have set aside. */
const LEDGER_COLUMNS = [
  'time',
  'transaction',
  'event',
  'symbol',
  'price',
  'cash change',
  'cash after',
  'reserved cash change',
  'shares change',
  'reserved shares change',
];
const COMMAND_COLUMNS = [
  'time',
  'transaction',
  'command',
  'symbol',
  'shares',
  'price',
  'amount',
  'total',
  'status',
  'reason',
];

export const csvHead = (of: HistoryItem['of']): string =>
  csvLine(of === 'ledger' ? LEDGER_COLUMNS : COMMAND_COLUMNS);

export function csvRow(item: HistoryItem): string {
  const common = [new Date(item.at).toISOString(), item.number, item.type, item.symbol];
  return csvLine(
    item.of === 'ledger'
      ? [
          ...common,
          dollars(item.price),
          dollars(item.balance),
          dollars(item.balanceAfter),
          dollars(item.reserve),
          item.shares,
          item.reservedShares,
        ]
      : [
          ...common,
          item.shares,
          dollars(item.price),
          dollars(item.amount),
          dollars(item.total),
          item.status,
          item.reason,
        ],
  );
}

/** A number with two decimals. */
const dollars = (amount: number | null): Cell =>
  amount === null ? null : { number: renderDollars(cents(amount)) };

type Cell = string | number | { readonly number: string } | null;

/** Renders a cell. Puts an apostrophe before a text that a spreadsheet would run as a formula. */
function csvCell(value: Cell): string {
  if (value === null) return '';
  if (typeof value === 'number') return value.toString();
  if (typeof value !== 'string') return value.number;
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const csvLine = (cells: readonly Cell[]): string => `${cells.map(csvCell).join(',')}\r\n`;
