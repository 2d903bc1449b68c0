/** Replays all commits in the naive model, with the recorded quotes and times. */
import type { AuditEvent } from '../model/audit-xml.ts';
import { dollarsOf } from '../model/dollars.ts';
import { Model } from '../model/model.ts';
import { sameAccounts } from '../model/same-accounts.ts';
import { sameAudit } from '../model/same-audit.ts';
import { entryOf } from '../../shared/domain/command-catalogue.ts';
import type { ReceivedQuote } from '../../shared/domain/quote.ts';
import { modelCommandOf } from '../support/model-command.ts';
import type { Tables, UserRows } from '../support/memory-tables.ts';
import type { AuditRow } from '../support/memory-tables.ts';
import { usedKey, type Parts } from './parts.ts';
import type { ScriptLine } from './script.ts';

export type Replayed = {
  readonly lines: ReadonlyMap<number, ScriptLine>;
  readonly deadlines: ReadonlyMap<number, number>;
};

/** Empty if accounts and log are those of the model; otherwise names the first differences. */
export function compareWithModel(parts: Parts, { lines, deadlines }: Replayed): string {
  const { database, settings, used } = parts;
  const { orderLifetimeMs } = settings;
  const audit = [...database.tables.audit].sort(byPlace);
  const rows = new Map(
    audit.flatMap((row) => (row.kind === 'userCommand' ? [[row.number, row]] : [])),
  );
  const quoteOf = (number: number, symbol: string): ReceivedQuote | undefined => {
    const row = rows.get(number);
    return row === undefined ? undefined : used.get(usedKey(row.server, row.at, symbol));
  };
  const model = new Model({
    price: (symbol, _, number) => quoteOf(number, symbol)?.price ?? null,
    orderLifetimeMs,
  });
  for (const row of audit) {
    const line = lines.get(row.number);
    if (line === undefined) return `number ${row.number} is nobody's`;
    if (row.kind === 'userCommand') {
      const deadline = deadlines.get(row.number);
      const circumstances = { instant: row.at, administrator: true };
      model.execute(
        modelCommandOf(line.command, line),
        deadline === undefined ? circumstances : { ...circumstances, deadline },
      );
    } else if (isFiring(row)) {
      fire(model, row, used.get(usedKey(row.server, row.at, row.symbol ?? ''))?.price);
    }
  }
  const instant = database.now();
  return (
    sameAccounts(accountLines(database.tables, instant, orderLifetimeMs), model, instant) ||
    needlessHit(audit, lines) ||
    sameAudit(usedHits(audit, model, quoteOf).map(eventOf), model)
  );
}

const byPlace = (one: AuditRow, other: AuditRow): number =>
  Number(one.outboxId) - Number(other.outboxId) || one.index - other.index;

/** A firing after its arming has no stream and no position. */
const isFiring = ({ kind, position }: AuditRow): boolean =>
  position === undefined && (kind === 'systemEvent' || kind === 'errorEvent');

function fire(model: Model, row: AuditRow, price: bigint | undefined): void {
  const { user, symbol = '', number, at: instant } = row;
  if (price === undefined) throw new Error(`the firing of ${number} used no recorded price`);
  const side = row.command === 'SET_BUY_TRIGGER' ? 'buy' : 'sell';
  model.fire({ user, symbol, side, price, instant, armedBy: number });
}

/** Finds hits that no command and no arming could need. */
function needlessHit(audit: readonly AuditRow[], lines: Replayed['lines']): string {
  const hit = audit.find(({ kind, number, symbol, position }) => {
    const command = lines.get(number)?.command;
    if (command === undefined) return kind === 'quoteServer';
    const isNeeded = 'symbol' in command && entryOf(command.type).needsQuote;
    const isOfIt = isNeeded && command.symbol === symbol;
    const isRefresh = position === undefined && !command.type.endsWith('TRIGGER');
    return kind === 'quoteServer' && (!isOfIt || isRefresh);
  });
  return hit === undefined
    ? ''
    : `a hit nobody needed: ${hit.number} ${hit.symbol ?? ''} (${hit.stream ?? 'no stream'}, ${lines.get(hit.number)?.command.type ?? 'nobody'})`;
}

/**
 * Returns the hits that their command used. Another hit may have been needed when it was requested, and
 * no more at the command's turn, because its deadline had passed or a later price was used.
 */
function usedHits(
  audit: readonly AuditRow[],
  model: Model,
  quoteOf: (number: number, symbol: string) => ReceivedQuote | undefined,
): readonly AuditRow[] {
  const needs = new Set(model.quotes.all.map(({ symbol, number }) => `${number} ${symbol}`));
  return audit.filter(({ kind, user, stream, position, number, symbol = '' }) => {
    if (kind !== 'quoteServer') return true;
    const asker = `${user}/${stream ?? ''}/${position ?? 0}`;
    return quoteOf(number, symbol)?.causedBy === asker && needs.has(`${number} ${symbol}`);
  });
}

function eventOf(row: AuditRow): AuditEvent {
  const fields: readonly (readonly [string, string | undefined])[] = [
    ['transactionNum', row.number.toString()],
    ['command', row.kind === 'quoteServer' ? undefined : row.command],
    ['username', row.user],
    ['stockSymbol', row.symbol],
    ['filename', row.file],
    ['funds', row.funds === undefined ? undefined : dollarsOf(row.funds)],
    ['action', row.action],
    ['errorMessage', row.message],
  ];
  const there = fields.flatMap(([name, text]) =>
    text === undefined ? [] : [[name, text] as const],
  );
  return { kind: row.kind, fields: new Map(there) };
}

/** The accounts as the accounts file writes them. */
function accountLines(tables: Tables, instant: number, orderLifetimeMs: number): readonly string[] {
  return [...tables.users]
    .filter(([, { account }]) => account !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([user, rows]) => JSON.stringify(accountOf(user, rows, instant - orderLifetimeMs)));
}

function accountOf(user: string, rows: UserRows, diedBefore: number): object {
  const orders = [...rows.orders.values()]
    .filter(({ at }) => at > diedBefore)
    .sort((one, other) => one.no - other.no);
  const ofSide = (wanted: string): object[] =>
    orders.flatMap(({ side, symbol, shares, price }) =>
      side === wanted ? [{ symbol, shares: Number(shares), price: Number(price) }] : [],
    );
  const held = orders.filter(({ side }) => side === 'buy');
  return {
    user,
    balance: Number(rows.account?.balance),
    held: held.reduce((sum, { shares, price }) => sum + Number(shares * price), 0),
    holdings: inOrder(rows.holdings, Number),
    pendingBuys: ofSide('buy'),
    pendingSells: ofSide('sell'),
    buyTriggers: inOrder(rows.buyTriggers, ({ amount, arming }) => ({
      amount: Number(amount),
      price: arming === undefined ? null : Number(arming.price),
    })),
    sellTriggers: inOrder(rows.sellTriggers, ({ amount, arming }) => ({
      amount: Number(amount),
      price: arming === undefined ? null : Number(arming.price),
      shares: Number(arming?.shares ?? 0n),
    })),
  };
}

const inOrder = <Row>(map: ReadonlyMap<string, Row>, of: (row: Row) => unknown): object =>
  Object.fromEntries(
    [...map].sort(([one], [other]) => (one < other ? -1 : 1)).map(([key, row]) => [key, of(row)]),
  );
