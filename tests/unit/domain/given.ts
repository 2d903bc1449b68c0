/** A user's portfolio over a run of commands, decided and evolved as the transaction process does it. */
import type { CommandName } from '../../../shared/domain/command-catalogue.ts';
import {
  buildCommand,
  type Command,
  type FireTrigger,
  type Side,
  type UnreadableCommand,
} from '../../../shared/domain/command.ts';
import { decide } from '../../../shared/domain/decide.ts';
import type { Context, Decision } from '../../../shared/domain/decision.ts';
import type { DomainEvent } from '../../../shared/domain/event.ts';
import { evolve } from '../../../shared/domain/evolve.ts';
import {
  armingId,
  parseSymbol,
  type ArmingId,
  type StockSymbol,
} from '../../../shared/domain/identity.ts';
import { brokenInvariant, isBalanced } from '../../../shared/domain/invariant.ts';
import { ledgerEntryOf } from '../../../shared/domain/ledger.ts';
import { cents } from '../../../shared/domain/money.ts';
import {
  EMPTY_PORTFOLIO,
  withoutExpired,
  type Portfolio,
} from '../../../shared/domain/portfolio.ts';
import type { Rejection } from '../../../shared/domain/rejection.ts';
import { instant, later, type Instant } from '../../../shared/domain/time.ts';

export const LIFETIME_MS = 60_000;
export const ABC: StockSymbol = symbolOf('ABC');
export const XYZ: StockSymbol = symbolOf('XYZ');

export type Doable = Command | UnreadableCommand | FireTrigger;
/** A price in cents, or no price because it is unavailable or was not requested yet. */
export type Price = number | 'unavailable' | 'not-asked';

/** Makes a command, on ABC by default. `amount` is in cents; for a `SET_*_TRIGGER` it is the price. */
export function command(type: CommandName, amount = 0n, symbol: StockSymbol = ABC): Command {
  const money = cents(amount);
  const values = { symbol, amount: money, price: money, file: './log' };
  return buildCommand(type, (field) => values[field], 'user');
}

export class Trader {
  portfolio: Portfolio = EMPTY_PORTFOLIO;
  now: Instant = instant(1_700_000_000_000);
  #commands = 0;

  /** Runs commands at a price; each must be accepted. Returns the events of the last. */
  does(price: Price, ...commands: readonly Doable[]): readonly DomainEvent[] {
    let last: readonly DomainEvent[] = [];
    for (const each of commands) {
      const decision = this.decides(price, each);
      if (decision.type !== 'accepted') {
        throw new Error(`${each.type} did not take effect: ${JSON.stringify(decision)}`);
      }
      this.#commands += 1;
      last = decision.events;
      last.forEach(assertBalanced);
      this.portfolio = last.reduce(evolve, this.#live());
      const broken = brokenInvariant(this.portfolio);
      if (broken !== undefined) throw new Error(`${each.type}: ${broken}`);
    }
    return last;
  }

  /** Returns the decision on a command, and changes nothing. */
  decides(price: Price, tried: Doable, change: Partial<Context> = {}): Decision {
    return decide(this.#live(), tried, {
      now: this.now,
      number: this.#commands + 1,
      quote: quoteOf(price),
      armingId: armingId(`arming ${this.#commands + 1}`),
      administrator: true,
      deadline: undefined,
      ...change,
    });
  }

  /** Returns the rejection of a command, or else the type of its decision. */
  tries(
    price: Price,
    tried: Doable,
    change: Partial<Context> = {},
  ): Rejection | 'accepted' | 'quote-needed' {
    const decision = this.decides(price, tried, change);
    return decision.type === 'rejected' ? decision.rejection : decision.type;
  }

  waits(ms: number): void {
    this.now = later(this.now, ms);
  }

  /** Returns the firing of the present arming, as a quote that meets it would cause it. */
  firing(side: Side, symbol: StockSymbol = ABC): FireTrigger {
    const triggers = side === 'buy' ? this.portfolio.buyTriggers : this.portfolio.sellTriggers;
    const id = triggers.get(symbol)?.arming?.id;
    if (id === undefined) throw new Error(`No ${side} trigger of ${symbol} is armed`);
    return fireTrigger(side, id, symbol);
  }

  #live(): Portfolio {
    return withoutExpired(this.portfolio, this.now, LIFETIME_MS);
  }
}

export function fireTrigger(side: Side, id: ArmingId, symbol: StockSymbol = ABC): FireTrigger {
  return { type: 'FIRE_TRIGGER', side, symbol, armingId: id };
}

/** Makes a user who has added this much. */
export function traderWith(balance: bigint): Trader {
  const trader = new Trader();
  trader.does('not-asked', command('ADD', balance));
  return trader;
}

/** Makes a user with this many shares of ABC, bought at a cent each, and nothing else. */
export function ownerOf(shares: bigint): Trader {
  const trader = traderWith(shares);
  trader.does(1, command('BUY', shares), command('COMMIT_BUY'));
  return trader;
}

function symbolOf(text: string): StockSymbol {
  const symbol = parseSymbol(text);
  if (symbol === undefined) throw new Error(`${text} is no symbol`);
  return symbol;
}

function quoteOf(price: Price): Context['quote'] {
  if (price === 'not-asked') return undefined;
  if (price === 'unavailable') return { type: 'unavailable' };
  return { type: 'fresh', price: cents(price) };
}

function assertBalanced(event: DomainEvent): void {
  const entry = ledgerEntryOf(event);
  if (entry !== undefined && !isBalanced(entry)) throw new Error(`${event.type} is not balanced`);
}
