/** The state that a replay keeps for each user. It does not grow with the log. */
import type { StockSymbol } from '../../shared/domain/identity.ts';
import { NO_MONEY, type Cents } from '../../shared/domain/money.ts';
import { EMPTY_PORTFOLIO, type Portfolio } from '../../shared/domain/portfolio.ts';
import type { Expectation } from './expect-command.ts';
import type { FindingKind } from './finding-kinds.ts';
import type { LogEvent } from './log-event.ts';
import type { PendingHit } from './log-quotes.ts';

/**
 * A command or a firing with the events that follow it. It is *open* until the user's next command or
 * firing begins, and is then *settled*: compared with what SPEC expects.
 */
export type Step = {
  /** The `userCommand`; or the first event of a firing, which has no command of its own. */
  readonly opener: LogEvent;
  /** Undefined for a firing, and for a user who is not replayed any more. */
  readonly expected: Expectation | undefined;
  readonly isFiring: boolean;
  readonly errors: LogEvent[];
  readonly systems: LogEvent[];
  readonly transactions: LogEvent[];
};

/** A command or an armed trigger that needed a price until lately: a hit for it may still be under way. */
type FormerNeed = {
  readonly symbol: StockSymbol;
  readonly number: number;
  readonly at: number;
};

export type UserReplay = {
  readonly user: string;
  portfolio: Portfolio;
  /** The sum of the user's account transactions. */
  logBalance: Cents;
  step: Step | undefined;
  firings: number;
  readonly hits: PendingHit[];
  readonly former: FormerNeed[];
  /** The line from which on the user cannot be replayed; undefined while it can. */
  stoppedAt: number | undefined;
  /** The first fault of the user's account. */
  first: { readonly kind: FindingKind; readonly line: number } | undefined;
};

export const newUserReplay = (user: string): UserReplay => ({
  user,
  portfolio: EMPTY_PORTFOLIO,
  logBalance: NO_MONEY,
  step: undefined,
  firings: 0,
  hits: [],
  former: [],
  stoppedAt: undefined,
  first: undefined,
});
