import type { AuditEvent } from './audit-xml.ts';

/** The price of each symbol that was hit; throws where one was answered with two prices. */
export function pricesIn(events: readonly AuditEvent[]): ReadonlyMap<string, bigint> {
  const prices = new Map<string, bigint>();
  for (const hit of events.filter(({ kind }) => kind === 'quoteServer')) {
    const symbol = text(hit, 'stockSymbol');
    const price = cents(hit, 'price');
    if ((prices.get(symbol) ?? price) !== price) throw new Error(`${symbol} has two prices`);
    prices.set(symbol, price);
  }
  return prices;
}

/** Each user's adds minus removes, which have to equal the balance (SPEC 5.2). */
export function balancesIn(events: readonly AuditEvent[]): ReadonlyMap<string, bigint> {
  const balances = new Map<string, bigint>();
  for (const movement of events.filter(({ kind }) => kind === 'accountTransaction')) {
    const user = text(movement, 'username');
    const funds = cents(movement, 'funds');
    const change = text(movement, 'action') === 'add' ? funds : -funds;
    balances.set(user, (balances.get(user) ?? 0n) + change);
  }
  return balances;
}

/** The numbers of a log's user commands, as they stand in it; those of one user, if one is named. */
export function commandNumbersIn(events: readonly AuditEvent[], user?: string): readonly number[] {
  return events
    .filter(({ kind }) => kind === 'userCommand')
    .filter(({ fields }) => user === undefined || fields.get('username') === user)
    .map((event) => Number(text(event, 'transactionNum')));
}

function text({ fields, kind }: AuditEvent, name: string): string {
  const value = fields.get(name);
  if (value === undefined) throw new Error(`A ${kind} without ${name}`);
  return value;
}

/** Any sum of cents: proceeds may be higher than a command's amount may. */
function cents(event: AuditEvent, name: string): bigint {
  const dollars = text(event, name);
  if (!/^[0-9]+\.[0-9]{2}$/.test(dollars)) throw new Error(`${name} is ${dollars}`);
  return BigInt(dollars.replace('.', ''));
}
