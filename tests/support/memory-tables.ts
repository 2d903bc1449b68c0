/** The tables of the database in memory, with the checks that the schema makes. */
import type { AuditEntry } from '../../shared/messages/audit-entry.ts';
import type { StockSymbol, UserId } from '../../shared/domain/identity.ts';
import { BALANCE_MAX } from '../../shared/domain/money.ts';
import type { Order } from '../../shared/domain/order.ts';
import type { BuyTrigger, SellTrigger } from '../../shared/domain/trigger.ts';
import type { ReceivedQuote } from '../../shared/domain/quote.ts';
import { isBalanced } from '../../shared/domain/invariant.ts';
import type {
  DumpRequest,
  LedgerLine,
  StreamState,
  UsedKey,
} from '../../shared/ports/batch-store.ts';
import type { HitRecord } from '../../shared/ports/quote-store.ts';

export type StoredOrder = Order & { readonly side: 'buy' | 'sell' };

/** Everything that is stored of one user. */
export type UserRows = {
  account: { readonly balance: bigint; readonly ordersPlaced: number } | undefined;
  readonly holdings: Map<StockSymbol, bigint>;
  readonly orders: Map<number, StoredOrder>;
  readonly buyTriggers: Map<StockSymbol, BuyTrigger>;
  readonly sellTriggers: Map<StockSymbol, SellTrigger>;
  readonly streams: Map<string, StreamState>;
  readonly ledger: LedgerLine[];
};

export type OutboxRow = { readonly id: string; readonly at: number; readonly body: string };
export type AuditRow = Omit<AuditEntry, 'command' | 'kind'> & {
  readonly outboxId: string;
  readonly index: number;
  readonly kind: AuditEntry['kind'];
  readonly command: string | undefined;
};

export type Tables = {
  readonly users: Map<UserId, UserRows>;
  /** By `keyId`. */
  readonly keys: Map<string, UsedKey>;
  readonly outbox: Map<string, OutboxRow>;
  readonly audit: AuditRow[];
  readonly quotes: Map<StockSymbol, ReceivedQuote>;
  readonly history: HitRecord[];
  readonly dumps: DumpRequest[];
};

export const emptyTables = (): Tables => ({
  users: new Map(),
  keys: new Map(),
  outbox: new Map(),
  audit: [],
  quotes: new Map(),
  history: [],
  dumps: [],
});

export const rowsOf = ({ users }: Tables, user: UserId): UserRows => {
  const rows = users.get(user) ?? {
    account: undefined,
    holdings: new Map(),
    orders: new Map(),
    buyTriggers: new Map(),
    sellTriggers: new Map(),
    streams: new Map(),
    ledger: [],
  };
  users.set(user, rows);
  return rows;
};

/** A write that PostgreSQL would refuse with the name of a constraint. */
export class ConstraintError extends Error {}

function demand(holds: boolean, constraint: string): void {
  if (!holds) throw new ConstraintError(`violates ${constraint}`);
}

export function checkLedger(tables: Tables, lines: readonly LedgerLine[]): void {
  const fired = new Set<string>();
  for (const line of lines) {
    demand(isBalanced(line), 'ledger_check');
    if (!line.event.endsWith('Fired')) continue;
    const id = `${line.user} ${line.armingId ?? ''}`;
    const isOld = rowsOf(tables, line.user).ledger.some(
      ({ event, armingId }) => event.endsWith('Fired') && armingId === line.armingId,
    );
    demand(!isOld && !fired.has(id), 'ledger_fired_once');
    fired.add(id);
  }
}

export const checkBalance = (balance: bigint): void =>
  demand(balance >= 0n && balance <= BALANCE_MAX, 'accounts_balance_check');
export const checkShares = (shares: bigint): void => demand(shares >= 0n, 'holdings_shares_check');
export const checkNew = (isNew: boolean, constraint: string): void => demand(isNew, constraint);

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', '\\': '\\' };

/** Reads rows of COPY's text format as `audit_events` would. */
export function auditRowsIn(body: string): readonly AuditRow[] {
  return body
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => rowOf(line.split('\t').map(textOf)));
}

const textOf = (field: string): string | undefined =>
  field === '\\N'
    ? undefined
    : field.replace(/\\(.)/g, (_, letter: string) => ESCAPES[letter] ?? letter);

function rowOf(fields: readonly (string | undefined)[]): AuditRow {
  const text = (at: number): string => fields[at] ?? '';
  const count = (at: number): number | undefined =>
    fields[at] === undefined ? undefined : Number(fields[at]);
  demand(fields.length === 17, 'the columns of audit_events');
  return {
    outboxId: text(0),
    index: Number(text(1)),
    at: Number(text(2)),
    kind: text(3) as AuditEntry['kind'],
    server: text(4),
    number: Number(text(5)),
    user: text(6),
    stream: fields[7],
    position: count(8),
    command: fields[9],
    symbol: fields[10],
    file: fields[11],
    funds: fields[12] === undefined ? undefined : (BigInt(fields[12]) as AuditRow['funds']),
    action: fields[13] as AuditEntry['action'],
    message: fields[14],
    quoteServerTime: count(15),
    cryptokey: fields[16],
  };
}
