/** One user in the domain and in the naive model, side by side. */
import { entryOf } from '../../shared/domain/command-catalogue.ts';
import type { Command, FireTrigger } from '../../shared/domain/command.ts';
import { decide } from '../../shared/domain/decide.ts';
import type { Decision } from '../../shared/domain/decision.ts';
import type { DomainEvent } from '../../shared/domain/event.ts';
import { evolve } from '../../shared/domain/evolve.ts';
import { armingId, type ArmingId, type StockSymbol } from '../../shared/domain/identity.ts';
import { brokenInvariant, isBalanced } from '../../shared/domain/invariant.ts';
import { ledgerEntryOf, type LedgerEntry } from '../../shared/domain/ledger.ts';
import type { Cents } from '../../shared/domain/money.ts';
import type { Order } from '../../shared/domain/order.ts';
import {
  EMPTY_PORTFOLIO,
  held,
  withoutExpired,
  type Portfolio,
} from '../../shared/domain/portfolio.ts';
import type { Quote } from '../../shared/domain/quote.ts';
import { instant } from '../../shared/domain/time.ts';
import type { AccountLine } from '../model/account-line.ts';
import { Model } from '../model/model.ts';
import { modelCommandOf } from '../support/model-command.ts';

const USER = 'alice';
const LIFETIME_MS = 60_000;

export type Circumstances = {
  /** Undefined: none is to be had. */
  readonly price: Cents | undefined;
  readonly elapsedMs: number;
  readonly administrator: boolean;
  /** How long after its deadline it is decided; undefined: it has none. */
  readonly lateMs: number | undefined;
};

export type Arming = Pick<FireTrigger, 'side' | 'symbol' | 'armingId'>;

/** What came of a step, in words that both worlds have. */
export type Came = {
  /** Empty where it took effect. */
  readonly rejection: string;
  readonly neededQuote: boolean;
};

export class TwoWorlds {
  /** Every arming so far, gone ones too; oldest first. */
  readonly armings: Arming[] = [];
  readonly #numbers = new Map<ArmingId, number>();
  readonly #ledger: LedgerEntry[] = [];
  readonly #model: Model;
  #portfolio: Portfolio = EMPTY_PORTFOLIO;
  #price: Cents | undefined;
  #now = instant(1_700_000_000_000);
  #number = 0;
  #deposited = 0n;

  constructor() {
    this.#model = new Model({ price: () => this.#price ?? null, orderLifetimeMs: LIFETIME_MS });
  }

  step(
    doable: Command | FireTrigger,
    circumstances: Circumstances,
  ): { readonly ours: Came; readonly models: Came } {
    this.#now = instant(this.#now + circumstances.elapsedMs);
    this.#number += 1;
    this.#price = circumstances.price;
    return { ours: this.#decide(doable, circumstances), models: this.#ask(doable, circumstances) };
  }

  #decide(doable: Command | FireTrigger, { administrator, lateMs, price }: Circumstances): Came {
    this.#portfolio = withoutExpired(this.#portfolio, this.#now, LIFETIME_MS);
    const isFiring = doable.type === 'FIRE_TRIGGER';
    const decideWith = (quote: Quote | undefined): Decision =>
      decide(isFiring ? this.#portfolio : touchedBy(doable, this.#portfolio), doable, {
        now: this.#now,
        number: this.#number,
        quote,
        armingId: armingId(`arming ${this.#number}`),
        administrator,
        deadline: lateMs === undefined || isFiring ? undefined : instant(this.#now - lateMs),
      });
    let decision = decideWith(undefined);
    const neededQuote = decision.type === 'quote-needed';
    if (neededQuote) {
      if (!isFiring && !entryOf(doable.type).needsQuote) throw new Error('the catalogue is wrong');
      decision = decideWith(
        price === undefined ? { type: 'unavailable' } : { type: 'fresh', price },
      );
    }
    if (decision.type === 'quote-needed') throw new Error('a settled quote was asked for again');
    if (decision.type === 'accepted') for (const event of decision.events) this.#take(event);
    return { rejection: decision.type === 'rejected' ? decision.rejection : '', neededQuote };
  }

  #take(event: DomainEvent): void {
    this.#portfolio = evolve(this.#portfolio, event);
    const entry = ledgerEntryOf(event);
    if (entry !== undefined) this.#ledger.push(entry);
    if (event.type === 'FundsAdded') this.#deposited += event.amount;
    if (event.type !== 'BuyTriggerArmed' && event.type !== 'SellTriggerArmed') return;
    const { symbol, arming } = event;
    const side = event.type === 'BuyTriggerArmed' ? 'buy' : 'sell';
    this.armings.push({ side, symbol, armingId: arming.id });
    this.#numbers.set(arming.id, arming.number);
  }

  #ask(doable: Command | FireTrigger, { administrator, lateMs, price }: Circumstances): Came {
    const before = this.#model.quotes.all.length;
    if (doable.type === 'FIRE_TRIGGER') return this.#askToFire(doable, price);
    const deadline = lateMs === undefined ? {} : { deadline: this.#now - lateMs };
    const rejection = this.#model.execute(
      modelCommandOf(doable, { number: this.#number, user: USER }),
      {
        instant: this.#now,
        administrator,
        ...deadline,
      },
    );
    return {
      rejection: rejection ?? '',
      neededQuote: this.#model.quotes.all.length > before,
    };
  }

  /** The model fires at a price that is known; without one nothing happens. */
  #askToFire({ side, symbol, armingId: id }: FireTrigger, price: Cents | undefined): Came {
    const armedBy = this.#numbers.get(id) ?? -1;
    const firing = { user: USER, symbol, side, instant: this.#now, armedBy };
    // A price that meets nothing tells only whether the arming is there.
    const probe = side === 'buy' ? 10n ** 18n : 0n;
    const outcome = this.#model.fire({ ...firing, price: price ?? probe });
    return { rejection: '', neededQuote: outcome !== 'gone' };
  }

  ourAccounts(): readonly AccountLine[] {
    return this.#portfolio.opened ? [accountOf(this.#portfolio)] : [];
  }

  modelsAccounts(): readonly AccountLine[] {
    return this.#model.accounts(this.#now);
  }

  /** What does not hold of the state and of the ledger that led to it. */
  brokenInvariants(): readonly string[] {
    const sum = (part: (entry: LedgerEntry) => bigint): bigint =>
      this.#ledger.reduce((total, entry) => total + part(entry), 0n);
    const { balance, holdings, buyTriggers, sellTriggers } = this.#portfolio;
    const reserve = [...buyTriggers.values()].reduce((total, { amount }) => total + amount, 0n);
    const holding = [...holdings.values()].reduce((total, count) => total + count, 0n);
    const reservedShares = [...sellTriggers.values()].reduce(
      (total, { arming }) => total + (arming?.shares ?? 0n),
      0n,
    );
    const broken = brokenInvariant(this.#portfolio);
    return [
      ...(broken === undefined ? [] : [broken]),
      ...(this.#ledger.every(isBalanced) ? [] : ['an entry is not balanced']),
      ...(balance === sum((entry) => entry.balance) ? [] : ['balance is not its entries']),
      ...(reserve === sum((entry) => entry.reserve) ? [] : ['reserves are not their entries']),
      ...(holding === sum((entry) => entry.holding) ? [] : ['holdings are not their entries']),
      ...(reservedShares === sum((entry) => entry.reservedShares)
        ? []
        : ['reserved shares are not their entries']),
      ...(balance + reserve === this.#deposited + sum((entry) => entry.traded)
        ? []
        : ['money was made or lost']),
      ...(holding + reservedShares === sum((entry) => entry.tradedShares)
        ? []
        : ['shares were made or lost']),
    ];
  }
}

/** The part of a portfolio that the catalogue says a command touches, as a batch loads it. */
function touchedBy(command: Command, portfolio: Portfolio): Portfolio {
  const { touches } = entryOf(command.type);
  if (touches === 'portfolio') return portfolio;
  const own = touches === 'symbol' && 'symbol' in command ? [command.symbol] : [];
  const ordered = [...portfolio.buys, ...portfolio.sells].map(({ symbol }) => symbol);
  return {
    ...portfolio,
    holdings: only(portfolio.holdings, [...own, ...ordered]),
    buyTriggers: only(portfolio.buyTriggers, own),
    sellTriggers: only(portfolio.sellTriggers, own),
  };
}

const only = <Value>(
  map: ReadonlyMap<StockSymbol, Value>,
  symbols: readonly StockSymbol[],
): ReadonlyMap<StockSymbol, Value> =>
  new Map([...map].filter(([symbol]) => symbols.includes(symbol)));

const byName = <From, To>(
  map: ReadonlyMap<string, From>,
  line: (from: From) => To,
): Readonly<Record<string, To>> =>
  Object.fromEntries([...map].map(([name, from]) => [name, line(from)]));

const orderLine = ({ symbol, shares, price }: Order): AccountLine['pendingBuys'][number] => ({
  symbol,
  shares: Number(shares),
  price: Number(price),
});

const orNull = (price: Cents | undefined): number | null =>
  price === undefined ? null : Number(price);

/** As the accounts file has it. */
const accountOf = (portfolio: Portfolio): AccountLine => ({
  user: USER,
  balance: Number(portfolio.balance),
  held: Number(held(portfolio)),
  holdings: byName(portfolio.holdings, Number),
  pendingBuys: portfolio.buys.map(orderLine),
  pendingSells: portfolio.sells.map(orderLine),
  buyTriggers: byName(portfolio.buyTriggers, ({ amount, arming }) => ({
    amount: Number(amount),
    price: orNull(arming?.price),
  })),
  sellTriggers: byName(portfolio.sellTriggers, ({ amount, arming }) => ({
    amount: Number(amount),
    price: orNull(arming?.price),
    shares: Number(arming?.shares ?? 0n),
  })),
});
