/** Decides a command of a log by SPEC, with the quotes of the log. */
import { buildUnreadable } from '../../shared/domain/command.ts';
import { decide } from '../../shared/domain/decide.ts';
import type { Context, Decision } from '../../shared/domain/decision.ts';
import { armingId } from '../../shared/domain/identity.ts';
import { withoutExpired, type Portfolio } from '../../shared/domain/portfolio.ts';
import type { Quote } from '../../shared/domain/quote.ts';
import { instant } from '../../shared/domain/time.ts';
import type { LogEvent } from './log-event.ts';
import {
  isOwnQuote,
  type LogQuote,
  type LogQuotes,
  type PendingHit,
  type UsedQuote,
} from './log-quotes.ts';
import { commandIn } from './shown-command.ts';

export type Expectation = {
  /** The portfolio before the command, without expired orders. */
  readonly before: Portfolio;
  /** `quote-needed` if the log has no price for it. */
  readonly decision: Decision;
  /** Whether the command's rule came as far as to need a price. */
  readonly needsPrice: boolean;
  readonly used: UsedQuote | undefined;
  /** The hits that carry the number of the command. */
  readonly hits: readonly PendingHit[];
  /** How many `systemEvent`s it has: one for another's quote, one for a trigger that fires at once. */
  readonly systems: number;
};

type CommandContext = {
  readonly portfolio: Portfolio;
  readonly hits: readonly PendingHit[];
  readonly quotes: LogQuotes;
  readonly orderLifetimeMs: number;
};

/** Decides first without a quote, because only a command that passes the checks before its price uses one. */
export function expectCommand(
  event: LogEvent,
  { portfolio, hits, quotes, orderLifetimeMs }: CommandContext,
): Expectation {
  const before = withoutExpired(portfolio, instant(event.at), orderLifetimeMs);
  const command = commandIn(event) ?? unreadable(event);
  const without = decide(before, command, contextOf(event, undefined));
  if (without.type !== 'quote-needed') {
    const base = { before, decision: without, needsPrice: false, used: undefined, hits };
    return { ...base, systems: 0 };
  }
  const used = quotes.usedBy(event, without.symbol);
  if (used === undefined) {
    return { before, decision: without, needsPrice: true, used, hits, systems: 1 };
  }
  const decision = decide(before, command, contextOf(event, quoteOf(used)));
  const isOwn = claim(event, used.quote, hits);
  return { before, decision, needsPrice: true, used, hits, systems: systemsOf(decision, !isOwn) };
}

/** Returns whether the command caused the hit of the quote; it may stand in the log just after the command. */
function claim(event: LogEvent, quote: LogQuote, hits: readonly PendingHit[]): boolean {
  if (hits.some((hit) => hit.quote === quote)) return true;
  if (quote.isPassed || quote.isClaimed || !isOwnQuote(event, quote)) return false;
  quote.isClaimed = true;
  return true;
}

const unreadable = ({ command = 'QUOTE' }: LogEvent): ReturnType<typeof buildUnreadable> =>
  buildUnreadable(command, '', {
    user: undefined,
    symbol: undefined,
    amount: undefined,
    file: undefined,
  });

export const quoteOf = ({ quote }: { readonly quote: LogQuote }): Quote => ({
  type: 'fresh',
  price: quote.price,
});

/** Everyone who runs a workload is an administrator, and a log does not show deadlines. */
export const contextOf = ({ at, number }: LogEvent, quote: Quote | undefined): Context => ({
  now: instant(at),
  number,
  quote,
  armingId: armingId(number.toString()),
  administrator: true,
  deadline: undefined,
});

function systemsOf(decision: Decision, isOfAnother: boolean): number {
  const hasFired =
    decision.type === 'accepted' &&
    decision.events.some(({ type }) => type === 'BuyTriggerFired' || type === 'SellTriggerFired');
  return (isOfAnother ? 1 : 0) + (hasFired ? 1 : 0);
}
