/** Renders ledger entries and commands for the web API and as CSV. Pure. */
import { cents, renderDollars } from '../../../../shared/domain/money.ts';
import type { CommandRow } from '../../../../shared/pg/web-commands.ts';
import type { LedgerRow } from '../../../../shared/pg/web-ledger.ts';
import type { CommandItem, HistoryItem, LedgerItem } from '../../../../shared/web-api/history.ts';

const orNull = (value: bigint | null): number | null => (value === null ? null : Number(value));

export const ledgerItem = (row: LedgerRow): LedgerItem => ({
  of: 'ledger',
  id: row.id.toString(),
  at: Number(row.at),
  number: Number(row.number),
  type: row.event,
  symbol: row.symbol,
  price: orNull(row.price),
  balance: Number(row.balance),
  reserve: Number(row.reserve),
  shares: Number(row.holding),
  reservedShares: Number(row.reserved_shares),
});

export const commandItem = (row: CommandRow): CommandItem => ({
  of: 'commands',
  id: `${row.outbox_id}.${row.index}`,
  at: Number(row.at),
  number: Number(row.number),
  type: row.command ?? '',
  symbol: row.symbol,
  amount: orNull(row.funds),
  outcome: row.reason === null ? 'accepted' : 'rejected',
  reason: row.reason,
});

const LEDGER_COLUMNS = [
  'time',
  'number',
  'event',
  'symbol',
  'price',
  'balance',
  'reserve',
  'shares',
  'reserved shares',
];
const COMMAND_COLUMNS = ['time', 'number', 'command', 'symbol', 'amount', 'outcome', 'reason'];

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
          dollars(item.reserve),
          item.shares,
          item.reservedShares,
        ]
      : [...common, dollars(item.amount), item.outcome, item.reason],
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
