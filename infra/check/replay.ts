/**
 * Replays a log by SPEC, user by user. Events come in the order of the log. A `userCommand` opens a step of
 * its user; a `systemEvent` of an arming command that the step does not expect opens a firing; the events that
 * follow belong to the open step. A step is settled when the user's next one opens, and at the end.
 */
import { add, negate, NO_MONEY, renderDollars } from '../../shared/domain/money.ts';
import { expectCommand } from './expect-command.ts';
import { checkFresh, claimHits, keepFormer, keepHit, reportUnclaimed } from './hits.ts';
import type { LogEvent } from './log-event.ts';
import type { LogQuote } from './log-quotes.ts';
import type { ReplayDeps } from './replay-deps.ts';
import { settleCommand } from './settle-command.ts';
import { isOfArming, settleFiring } from './settle-firing.ts';
import { newUserReplay, type Step, type UserReplay } from './user-replay.ts';

export interface LogReplay {
  /** Takes the next event, but not a `quoteServer`. */
  take(event: LogEvent): void;
  /** Takes the next `quoteServer`. */
  takeHit(quote: LogQuote): void;
  /** Settles what is open. */
  end(): void;
  readonly users: ReadonlyMap<string, UserReplay>;
}

export function openLogReplay(deps: ReplayDeps): LogReplay {
  const users = new Map<string, UserReplay>();
  const userOf = ({ user: name }: LogEvent): UserReplay => {
    const user = users.get(name) ?? newUserReplay(name);
    users.set(name, user);
    return user;
  };
  return {
    take: (event) => {
      const user = userOf(event);
      if (event.kind === 'userCommand') openCommand(user, event, deps);
      else if (event.kind !== 'debugEvent') takeEffect(user, event, deps);
    },
    takeHit: (quote) => {
      checkFresh(quote, deps);
      if (!quote.isClaimed) keepHit(userOf(quote.event), quote, deps);
    },
    end: () => {
      for (const user of users.values()) {
        settle(user, deps);
        if (user.stoppedAt === undefined) reportUnclaimed(user.hits, deps);
      }
    },
    users,
  };
}

function openCommand(user: UserReplay, event: LogEvent, deps: ReplayDeps): void {
  settle(user, deps);
  const { portfolio, stoppedAt } = user;
  const hits = claimHits(user, event);
  const isReplayed = stoppedAt === undefined;
  if (!isReplayed) deps.skipped();
  const { quotes, orderLifetimeMs } = deps;
  const expected = isReplayed
    ? expectCommand(event, { portfolio, hits, quotes, orderLifetimeMs })
    : undefined;
  user.step = newStep(event, { expected, isFiring: false });
}

const newStep = (opener: LogEvent, by: Pick<Step, 'expected' | 'isFiring'>): Step => ({
  opener,
  ...by,
  errors: [],
  systems: [],
  transactions: [],
});

/** Takes an event that a command or a firing causes. */
function takeEffect(user: UserReplay, event: LogEvent, deps: ReplayDeps): void {
  if (event.kind === 'accountTransaction') addToLogBalance(user, event, deps);
  const { step } = user;
  if (isDumpFailure(event)) return;
  if (opensFiring(event, step)) {
    settle(user, deps);
    user.step = newStep(event, { expected: undefined, isFiring: true });
    return;
  }
  if (step === undefined || !belongsTo(event, step)) {
    const found = `${event.kind} ${event.number} ${event.command ?? event.action ?? ''}`;
    const expected = 'its command before it, and none of the user’s between';
    deps.report('event-without-command', event, { expected, found });
  } else if (event.kind === 'accountTransaction') step.transactions.push(event);
  else if (event.kind === 'systemEvent') step.systems.push(event);
  else step.errors.push(event);
}

const belongsTo = ({ number, command }: LogEvent, { opener }: Step): boolean =>
  number === opener.number && (command === undefined || command === opener.command);

/** The audit service adds it when the dump fails, which may be at any later time. */
const isDumpFailure = ({ kind, command, message = '' }: LogEvent): boolean =>
  kind === 'errorEvent' && command === 'DUMPLOG' && /^dump-[a-z-]+: /.test(message);

/** A firing has no `userCommand`, and carries the number of the command that armed its trigger. */
function opensFiring(event: LogEvent, step: Step | undefined): boolean {
  if (!isOfArming(event)) return false;
  if (step === undefined || !belongsTo(event, step)) return true;
  if (event.kind === 'systemEvent') {
    return step.isFiring || step.systems.length >= (step.expected?.systems ?? Infinity);
  }
  // The firing was refused, because it would take the balance over its limit.
  return event.at > step.opener.at && step.errors.length === 0 && isBalanceLimit(event);
}

const isBalanceLimit = ({ message = '' }: LogEvent): boolean =>
  message.startsWith('balance-limit: the trigger');

function addToLogBalance(user: UserReplay, event: LogEvent, { report }: ReplayDeps): void {
  const { funds = NO_MONEY, action } = event;
  const before = user.logBalance;
  user.logBalance = add(before, action === 'add' ? funds : negate(funds));
  if (before < NO_MONEY || user.logBalance >= NO_MONEY) return;
  const says = { expected: 'a balance of 0.00 or more', found: renderDollars(user.logBalance) };
  report('balance-negative', event, says, user);
}

function settle(user: UserReplay, deps: ReplayDeps): void {
  const { step } = user;
  user.step = undefined;
  if (step === undefined || user.stoppedAt !== undefined) return;
  keepFormer(user, step);
  if (step.isFiring) settleFiring(user, step, deps);
  else settleCommand(user, step, deps);
}
