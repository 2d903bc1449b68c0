/** Compares a command of a log with what SPEC expects of it, and applies it. */
import type { Decision } from '../../shared/domain/decision.ts';
import type { DomainEvent } from '../../shared/domain/event.ts';
import { evolve } from '../../shared/domain/evolve.ts';
import type { Portfolio } from '../../shared/domain/portfolio.ts';
import { describeRejection, REJECTIONS, type Rejection } from '../../shared/domain/rejection.ts';
import { compareMovements, compareSystems, effectsOf, refuseTransactions } from './compare-step.ts';
import type { Expectation } from './expect-command.ts';
import type { LogEvent } from './log-event.ts';
import { movementsOf } from './movements.ts';
import { checkQuoteLife, stopReplay, type ReplayDeps } from './replay-deps.ts';
import type { Step, UserReplay } from './user-replay.ts';

/** Settles a command; `step.expected` must be known. */
export function settleCommand(user: UserReplay, step: Step, deps: ReplayDeps): void {
  const { expected, opener, errors } = step;
  if (expected === undefined) return;
  deps.looked('accounts');
  const [error] = errors;
  const code = error === undefined ? undefined : codeIn(error);
  checkHits(user, step, { expected, code, deps });
  if (error !== undefined && code !== undefined && OUTSIDE_THE_LOG.has(code)) {
    user.portfolio = expected.before;
    refuseTransactions(user, step, { why: 'none: it was rejected', deps });
    return;
  }
  if (expected.needsPrice) {
    checkQuoteLife(opener, expected.used, { deps, isOfAnother: step.systems.length > 0 });
  }
  const { decision } = expected;
  if (decision.type === 'quote-needed') settleUnpriced(user, step, deps);
  else if (error !== undefined) settleRejected(user, step, { error, code, decision, deps });
  else if (decision.type === 'rejected') {
    settleUnrejected(user, step, { rejection: decision.rejection, deps });
  } else settleAccepted(user, step, { events: decision.events, expected, deps });
}

/**
 * Reasons that a log cannot show: the deadline, the state of the quote server, who is an administrator, and the
 * text of a line.
 */
const OUTSIDE_THE_LOG: ReadonlySet<Rejection> = new Set<Rejection>([
  ...(['too-late', 'quote-unavailable', 'not-administrator', 'unreadable'] as const),
]);

/** Returns the code with which our own error messages begin. */
function codeIn({ message = '' }: LogEvent): Rejection | undefined {
  const [, start] = /^([a-z-]+)(?:: |$)/.exec(message) ?? [];
  return REJECTIONS.find((rejection) => rejection === start);
}

type Settling = { readonly deps: ReplayDeps };

/** A hit is needed if the command came as far as to need a price; a trigger that fired may change that. */
function checkHits(
  user: UserReplay,
  { opener }: Step,
  { expected, code, deps }: Settling & { expected: Expectation; code: Rejection | undefined },
): void {
  if (expected.needsPrice || code === 'too-late' || code === 'unreadable') return;
  for (const { quote, firings } of expected.hits) {
    if (firings !== user.firings) continue;
    const { decision } = expected;
    const why = decision.type === 'rejected' ? ` (${decision.rejection})` : '';
    const says = {
      expected: `no hit for ${opener.command ?? ''}, which needs no price${why}`,
      found: `a hit on ${quote.event.symbol ?? ''}`,
    };
    deps.report('hit-not-needed', quote.event, says);
  }
}

/** Without the price, only the account transactions of the log tell what became of the command. */
function settleUnpriced(user: UserReplay, step: Step, deps: ReplayDeps): void {
  const isHarmless = step.errors.length > 0 || step.opener.command === 'QUOTE';
  if (!isHarmless) stopReplay(user, step.opener);
  deps.skipped();
}

function settleRejected(
  user: UserReplay,
  step: Step,
  { error, code, decision, deps }: Rejected,
): void {
  const found = `rejected: ${error.message ?? 'no reason given'}`;
  const before = step.expected?.before ?? user.portfolio;
  if (decision.type === 'accepted') {
    const { events } = decision;
    const expected = `${step.opener.command ?? ''} takes effect${effectsOf(events)}`;
    deps.report('rejection-unexpected', error, { expected, found }, user);
    // With account transactions, the log says both; the account then goes on by SPEC.
    const isCarriedOut = step.transactions.length > 0;
    if (isCarriedOut) compareMovements(user, step, { events, deps });
    user.portfolio = isCarriedOut ? applied(before, events) : before;
    return;
  }
  compareSystems(step, deps);
  const { rejection } = decision;
  if (code !== undefined && code !== rejection) {
    deps.report('rejection-differs', error, { expected: describe(rejection), found }, user);
  }
  user.portfolio = before;
  refuseTransactions(user, step, { why: 'none: it was rejected', deps });
}

type Rejected = Settling & {
  readonly error: LogEvent;
  /** The code of the log; undefined if the message is that of another system. */
  readonly code: Rejection | undefined;
  readonly decision: Exclude<Decision, { readonly type: 'quote-needed' }>;
};

const describe = (rejection: Rejection): string => `${rejection}: ${describeRejection(rejection)}`;

/** The log says that a command took effect, or says nothing, where SPEC rejects it. */
function settleUnrejected(
  user: UserReplay,
  step: Step,
  { rejection, deps }: Settling & { readonly rejection: Rejection },
): void {
  const { opener, transactions, expected } = step;
  user.portfolio = expected?.before ?? user.portfolio;
  if (transactions.length === 0) {
    const says = {
      expected: describe(rejection),
      found: `${opener.command ?? ''} without errorEvent`,
    };
    deps.report('rejection-missing', opener, says, user);
    return;
  }
  refuseTransactions(user, step, { why: `none: ${describe(rejection)}`, deps });
  stopReplay(user, opener);
}

function settleAccepted(
  user: UserReplay,
  step: Step,
  {
    events,
    expected,
    deps,
  }: Settling & { readonly events: readonly DomainEvent[]; readonly expected: Expectation },
): void {
  const { opener, transactions } = step;
  const fired = events.find(isFiredEvent);
  if (fired !== undefined) deps.looked('triggers');
  if (fired !== undefined && transactions.length === 0 && movementsOf([fired]).length > 0) {
    const says = {
      expected: `the trigger fires at once${effectsOf([fired])}`,
      found: 'no account transaction',
    };
    deps.report('trigger-not-fired', opener, says, user);
    user.portfolio = applied(
      expected.before,
      events.filter((event) => event !== fired),
    );
    return;
  }
  compareSystems(step, deps);
  compareMovements(user, step, { events, deps });
  user.portfolio = applied(expected.before, events);
}

const isFiredEvent = ({ type }: DomainEvent): boolean =>
  type === 'BuyTriggerFired' || type === 'SellTriggerFired';

const applied = (before: Portfolio, events: readonly DomainEvent[]): Portfolio =>
  events.reduce(evolve, before);
