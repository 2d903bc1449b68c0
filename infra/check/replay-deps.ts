/** The parts of a check that its steps share. */
import type { FindingKind, CheckQuestion } from './finding-kinds.ts';
import type { LogEvent } from './log-event.ts';
import type { LogQuotes, UsedQuote } from './log-quotes.ts';
import type { UserReplay } from './user-replay.ts';

export type ReplayDeps = {
  readonly quotes: LogQuotes;
  readonly quoteLifetimeMs: number;
  readonly orderLifetimeMs: number;
  /** Returns whether the log is of several users, so that it must have every quote. */
  readonly isWhole: () => boolean;
  /** Counts one more thing that a question looked at. */
  readonly looked: (question: CheckQuestion) => void;
  /** Counts a command that could not be replayed. */
  readonly skipped: () => void;
  readonly report: ReportEvent;
};

/** Reports a finding about an event; `user` gets it as a fault of the account if it is one. */
export type ReportEvent = (
  kind: FindingKind,
  event: LogEvent,
  says: { readonly expected: string; readonly found: string },
  user?: UserReplay,
) => void;

/** Ends the replay of a user whose state the log does not tell any more. */
export function stopReplay(user: UserReplay, { line }: LogEvent): void {
  user.stoppedAt ??= line;
}

/**
 * Reports the use of a quote that is too old, or not in the log. The log of one user lacks the quotes
 * that others caused, which is no fault: then the finding says only that there was nothing to compare.
 */
export function checkQuoteLife(
  event: LogEvent,
  used: UsedQuote | undefined,
  { deps, isOfAnother }: { readonly deps: ReplayDeps; readonly isOfAnother: boolean },
): void {
  deps.looked('quotes');
  if (used?.isFresh === true) return;
  const { symbol = '', at } = event;
  const lifeS = deps.quoteLifetimeMs / 1_000;
  const expected = `a quote of ${symbol}, at most ${lifeS} s old`;
  if (isOfAnother && !deps.isWhole()) {
    const found = 'the quote of another user’s hit, which is not in this log';
    deps.report('quote-not-in-log', event, { expected, found });
  } else if (used === undefined) {
    deps.report('quote-missing', event, { expected, found: 'none in the log' });
  } else {
    const ageS = ((at - used.quote.event.at) / 1_000).toFixed(3);
    const found = `the latest is ${ageS} s old (line ${used.quote.event.line})`;
    deps.report('quote-expired', event, { expected, found });
  }
}
