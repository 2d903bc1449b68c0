/** Rows for the limit: as many as the system wrote, of the same size, without a thought behind them. */
import { parseSymbol, type StockSymbol, type UserId } from '../../shared/domain/identity.ts';
import { cents, NO_MONEY } from '../../shared/domain/money.ts';
import type { Order } from '../../shared/domain/order.ts';
import { EMPTY_PORTFOLIO, type Portfolio } from '../../shared/domain/portfolio.ts';
import { NO_SHARES, shares } from '../../shared/domain/shares.ts';
import { instant } from '../../shared/domain/time.ts';
import type { BuyTrigger } from '../../shared/domain/trigger.ts';
import type { BatchWrites, LedgerLine, PortfolioChange } from '../../shared/ports/batch-store.ts';
import type { RowRates } from './row-rates.ts';

/** One user's part of a batch: that many commands, the first of them at `position`. */
export type Portion = {
  readonly user: UserId;
  readonly stream: string;
  readonly position: number;
  readonly count: number;
};

const SYMBOLS = 50;
const PRICE = cents(12_345);
const AMOUNT = cents(1_000_000);
const LAST_OUTCOME =
  '{"is":"rejected","reason":"no-pending-buy","message":"there is no pending buy to commit"}';

/** Shares a rate out: so many rows of each call that in sum it is met. */
class Dispenser {
  readonly #rate: number;
  #owed = 0;

  constructor(rate: number) {
    this.#rate = rate;
  }

  take(count: number): number {
    this.#owed += this.#rate * count;
    const whole = Math.floor(this.#owed);
    this.#owed -= whole;
    return whole;
  }
}

export class CannedRows {
  readonly #dispensers: Readonly<Record<keyof RowRates, Dispenser>>;
  readonly #portfolios = new Map<UserId, Portfolio>();
  readonly #auditTails: readonly string[];
  #auditTurn = 0;
  readonly #symbols: readonly StockSymbol[] = symbolsOf(SYMBOLS);
  #turn = 0;

  /** `auditTails`: rows of the audit log without their outbox id and index, taken in turn. */
  constructor(rates: RowRates, auditTails: readonly string[]) {
    this.#auditTails = auditTails;
    const of = (name: keyof RowRates): Dispenser => new Dispenser(rates[name]);
    this.#dispensers = {
      accounts: of('accounts'),
      holdings: of('holdings'),
      ordersNew: of('ordersNew'),
      ordersGone: of('ordersGone'),
      triggers: of('triggers'),
      triggersGone: of('triggersGone'),
      ledger: of('ledger'),
      auditEvents: of('auditEvents'),
    };
  }

  writesOf(portions: readonly Portion[], now: number): BatchWrites {
    return {
      changes: portions.map((portion) => this.#change(portion, now)),
      advances: portions.map(({ user, stream, position, count }) => ({
        user,
        stream,
        last: position + count - 1,
        lastOutcome: LAST_OUTCOME,
        bodyHash: undefined,
        at: now,
      })),
      ledger: portions.flatMap((portion) => this.#ledger(portion, now)),
      keys: [],
      dumps: [],
      dumpsAskedAgain: [],
    };
  }

  auditBody(portions: readonly Portion[], outboxId: string): string {
    let body = '';
    let index = 0;
    for (const { count } of portions) {
      const rows = this.#dispensers.auditEvents.take(count);
      for (let row = 0; row < rows; row += 1) {
        this.#auditTurn = (this.#auditTurn + 1) % this.#auditTails.length;
        body += `${outboxId}\t${index++}\t${this.#auditTails[this.#auditTurn] ?? ''}\n`;
      }
    }
    return body;
  }

  #change({ user, count }: Portion, now: number): PortfolioChange {
    const take = this.#dispensers;
    const before = this.#portfolios.get(user) ?? EMPTY_PORTFOLIO;
    const holdings = new Map(before.holdings);
    for (let left = take.holdings.take(count); left > 0; left -= 1) {
      const symbol = this.#nextSymbol();
      holdings.set(symbol, shares((before.holdings.get(symbol) ?? NO_SHARES) + 1n));
    }
    const isAccountWritten = take.accounts.take(count) > 0;
    const { orders, ordersPlaced } = this.#orders(before, count, now);
    const after: Portfolio = {
      ...before,
      opened: true,
      balance: isAccountWritten ? cents(before.balance + 1n) : before.balance,
      ordersPlaced,
      holdings,
      buys: orders,
      buyTriggers: this.#triggers(before, count),
    };
    this.#portfolios.set(user, after);
    return { user, before, after };
  }

  #orders(
    before: Portfolio,
    count: number,
    at: number,
  ): { readonly orders: readonly Order[]; readonly ordersPlaced: number } {
    const gone = this.#dispensers.ordersGone.take(count);
    const orders = before.buys.slice(gone);
    let { ordersPlaced } = before;
    for (let left = this.#dispensers.ordersNew.take(count); left > 0; left -= 1) {
      ordersPlaced += 1;
      const symbol = this.#nextSymbol();
      orders.push({ no: ordersPlaced, symbol, shares: shares(7n), price: PRICE, at: instant(at) });
    }
    return { orders, ordersPlaced };
  }

  #triggers({ buyTriggers }: Portfolio, count: number): ReadonlyMap<StockSymbol, BuyTrigger> {
    const triggers = new Map(buyTriggers);
    const gone = this.#dispensers.triggersGone.take(count);
    for (const symbol of [...triggers.keys()].slice(0, gone)) triggers.delete(symbol);
    for (let left = this.#dispensers.triggers.take(count); left > 0; left -= 1) {
      triggers.set(this.#nextSymbol(), { amount: AMOUNT, arming: undefined });
    }
    return triggers;
  }

  #ledger({ user, stream, position, count }: Portion, at: number): readonly LedgerLine[] {
    const rows = this.#dispensers.ledger.take(count);
    return Array.from({ length: rows }, (_, index) => ({
      event: 'BuyCommitted',
      user,
      at,
      stream,
      position: position + index,
      number: position + index,
      symbol: this.#nextSymbol(),
      price: PRICE,
      armingId: undefined,
      balance: AMOUNT,
      reserve: NO_MONEY,
      deposited: AMOUNT,
      traded: NO_MONEY,
      holding: shares(7n),
      reservedShares: NO_SHARES,
      tradedShares: shares(7n),
    }));
  }

  #nextSymbol(): StockSymbol {
    this.#turn = (this.#turn + 1) % SYMBOLS;
    const symbol = this.#symbols[this.#turn];
    if (symbol === undefined) throw new RangeError('there is no such symbol');
    return symbol;
  }
}

const symbolsOf = (count: number): readonly StockSymbol[] =>
  Array.from({ length: count }, (_, index) => {
    const letters = String.fromCharCode(65 + Math.floor(index / 26), 65 + (index % 26));
    const symbol = parseSymbol(letters);
    if (symbol === undefined) throw new RangeError('not a symbol');
    return symbol;
  });
