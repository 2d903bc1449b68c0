/** The hits of a log, and the commands and triggers that need them. Source: SPEC §4.2 and §5.3. */
import type { LogEvent } from './log-event.ts';
import type { LogQuote, PendingHit } from './log-quotes.ts';
import type { ReplayDeps } from './replay-deps.ts';
import type { Step, UserReplay } from './user-replay.ts';

/** The most hits of a user that wait for their command; a log that is in order has a few. */
const HITS_MAX = 1_000;
/** How many former needs of a user are kept. */
const FORMER_MAX = 64;
/** How long after its command a hit may be received that somebody else's quote has made useless. */
const LATE_HIT_MS = 60_000;

/** Notes what a step needed a price for, because a hit for it may still be under way. */
export function keepFormer({ portfolio, former }: UserReplay, { opener, expected }: Step): void {
  const { symbol, number, at } = opener;
  if (symbol === undefined) return;
  if (expected?.needsPrice === true) former.push({ symbol, number, at });
  for (const triggers of [portfolio.buyTriggers, portfolio.sellTriggers]) {
    const armed = triggers.get(symbol)?.arming;
    if (armed !== undefined) former.push({ symbol, number: armed.number, at });
  }
  if (former.length > FORMER_MAX) former.splice(0, former.length - FORMER_MAX);
}

/** Takes the hits before a command that carry its number. */
export function claimHits({ hits }: UserReplay, { number }: LogEvent): readonly PendingHit[] {
  const claimed = hits.filter(({ quote }) => quote.event.number === number);
  if (claimed.length === 0) return claimed;
  const rest = hits.filter((hit) => !claimed.includes(hit));
  hits.splice(0, hits.length, ...rest);
  for (const { quote } of claimed) quote.isClaimed = true;
  return claimed;
}

/** Reports a hit that was made while a quote of its symbol was fresh. */
export function checkFresh(quote: LogQuote, { quotes, looked, report }: ReplayDeps): void {
  looked('hits');
  const fresh = quotes.freshBefore(quote);
  if (fresh === undefined) return;
  const ageS = ((quote.event.at - fresh.event.at) / 1_000).toFixed(3);
  const expected = `no hit on ${quote.event.symbol ?? ''} while the quote of line ${fresh.event.line} is fresh`;
  report('hit-while-fresh', quote.event, { expected, found: `a hit when it was ${ageS} s old` });
}

/** Keeps a hit until its command comes, unless it is for a trigger that is armed or was lately. */
export function keepHit(user: UserReplay, quote: LogQuote, deps: ReplayDeps): void {
  const { symbol, number, at } = quote.event;
  if (user.stoppedAt !== undefined || symbol === undefined) return;
  const { buyTriggers, sellTriggers } = user.portfolio;
  const armed = [buyTriggers.get(symbol), sellTriggers.get(symbol)];
  const isArmed = armed.some((trigger) => trigger?.arming?.number === number);
  const isFormer = user.former.some(
    (each) => each.symbol === symbol && each.number === number && at <= each.at + LATE_HIT_MS,
  );
  const { opener } = user.step ?? {};
  const isOfStep =
    opener?.number === number &&
    opener.symbol === symbol &&
    user.step?.expected?.needsPrice === true;
  if (isArmed || isFormer || isOfStep) return;
  user.hits.push({ quote, firings: user.firings });
  if (user.hits.length > HITS_MAX) reportUnclaimed(user.hits.splice(0, 1), deps);
}

/** Reports hits whose command did not come. */
export function reportUnclaimed(hits: readonly PendingHit[], { report }: ReplayDeps): void {
  for (const { quote } of hits) {
    const { symbol = '', number, user } = quote.event;
    const expected = `command ${number} of ${user}, or its armed trigger, which needs ${symbol}`;
    report('hit-without-command', quote.event, { expected, found: 'none' });
  }
}
