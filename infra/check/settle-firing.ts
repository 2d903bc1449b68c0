/** Compares the firing of a trigger in a log with what SPEC expects, and applies it. Source: SPEC §3.2. */
import { fireBuy } from '../../shared/domain/decide-buy-trigger.ts';
import { decideFiring } from '../../shared/domain/decide-firing.ts';
import type { DomainEvent } from '../../shared/domain/event.ts';
import { evolve } from '../../shared/domain/evolve.ts';
import type { StockSymbol } from '../../shared/domain/identity.ts';
import { renderDollars, type Cents } from '../../shared/domain/money.ts';
import { withoutExpired, type Portfolio } from '../../shared/domain/portfolio.ts';
import { instant } from '../../shared/domain/time.ts';
import {
  isBuyMet,
  isSellMet,
  type BuyTrigger,
  type SellTrigger,
} from '../../shared/domain/trigger.ts';
import { compareMovements } from './compare-step.ts';
import { contextOf, quoteOf } from './expect-command.ts';
import type { LogEvent } from './log-event.ts';
import type { LogQuote } from './log-quotes.ts';
import { checkQuoteLife, stopReplay, type ReplayDeps } from './replay-deps.ts';
import type { Step, UserReplay } from './user-replay.ts';

/** Whether an event is of a command that arms a trigger, so that it may be of its firing. */
export const isOfArming = ({ command }: LogEvent): boolean =>
  command === 'SET_BUY_TRIGGER' || command === 'SET_SELL_TRIGGER';

type Armed = {
  readonly side: 'buy' | 'sell';
  readonly symbol: StockSymbol;
  readonly trigger: BuyTrigger | SellTrigger;
  readonly arming: NonNullable<(BuyTrigger | SellTrigger)['arming']>;
};

export function settleFiring(user: UserReplay, step: Step, deps: ReplayDeps): void {
  const { opener } = step;
  deps.looked('triggers');
  const before = withoutExpired(user.portfolio, instant(opener.at), deps.orderLifetimeMs);
  const armed = armedIn(before, opener);
  if (armed?.arming.number !== opener.number || armed.arming.price !== opener.funds) {
    reportUnarmed(user, { opener, armed }, deps);
  }
  const { symbol } = opener;
  const used = symbol && deps.quotes.usedBy(opener, symbol);
  if (armed === undefined || used === undefined) {
    if (armed !== undefined) checkQuoteLife(opener, used, { deps, isOfAnother: true });
    stopReplay(user, opener);
    return;
  }
  checkQuoteLife(opener, used, { deps, isOfAnother: true });
  if (!used.isFresh && !deps.isWhole()) {
    stopReplay(user, opener);
    return;
  }
  const events = eventsOf(before, { armed, quote: used.quote, opener }, deps, user);
  compareMovements(user, step, { events, deps });
  user.portfolio = events.reduce(evolve, before);
  user.firings += 1;
}

function armedIn(portfolio: Portfolio, { command, symbol }: LogEvent): Armed | undefined {
  if (symbol === undefined) return undefined;
  const side = command === 'SET_BUY_TRIGGER' ? 'buy' : 'sell';
  const trigger = (side === 'buy' ? portfolio.buyTriggers : portfolio.sellTriggers).get(symbol);
  return trigger?.arming && { side, symbol, trigger, arming: trigger.arming };
}

function reportUnarmed(
  user: UserReplay,
  { opener, armed }: { readonly opener: LogEvent; readonly armed: Armed | undefined },
  { report }: ReplayDeps,
): void {
  const show = (number: number, price: Cents | undefined): string =>
    `transaction ${number} at ${price === undefined ? 'no price' : renderDollars(price)}`;
  const { command = '', symbol = '' } = opener;
  const expected =
    armed === undefined
      ? `an armed trigger of ${command} on ${symbol}`
      : `that of ${show(armed.arming.number, armed.arming.price)}`;
  const found = `the firing of ${show(opener.number, opener.funds)}`;
  report('trigger-not-armed', opener, { expected, found }, user);
}

type Firing = { readonly armed: Armed; readonly quote: LogQuote; readonly opener: LogEvent };

/** Decides the firing; carries it out even if the price does not meet it, because the log says so. */
function eventsOf(
  before: Portfolio,
  { armed, quote, opener }: Firing,
  { report }: ReplayDeps,
  user: UserReplay,
): readonly DomainEvent[] {
  const { side, symbol, arming } = armed;
  const isMet = (side === 'buy' ? isBuyMet : isSellMet)(arming, quote.price);
  if (!isMet) {
    const says = {
      expected: `a price of ${symbol} ${side === 'buy' ? '≤' : '≥'} ${renderDollars(arming.price)}`,
      found: `${renderDollars(quote.price)} (line ${quote.event.line})`,
    };
    report('trigger-not-met', opener, says, user);
    return [firedAt(quote.price, armed)];
  }
  const command = { type: 'FIRE_TRIGGER', side, symbol, armingId: arming.id } as const;
  const decision = decideFiring(before, command, contextOf(opener, quoteOf({ quote })));
  const events = decision.type === 'accepted' ? decision.events : [];
  if (opener.kind === 'errorEvent' && events.some(({ type }) => type.endsWith('Fired'))) {
    const says = { expected: 'the trigger fires', found: `rejected: ${opener.message ?? ''}` };
    report('rejection-unexpected', opener, says, user);
  }
  return events;
}

function firedAt(price: Cents, { symbol, trigger, arming }: Armed): DomainEvent {
  if ('shares' in arming) {
    return { type: 'SellTriggerFired', symbol, arming, shares: arming.shares, price };
  }
  return fireBuy({ symbol, reserve: trigger.amount, arming, current: price });
}
