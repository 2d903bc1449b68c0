/** Compares the events of a step in the log with those that SPEC expects. */
import type { DomainEvent } from '../../shared/domain/event.ts';
import { mismatchesOf, movementsOf, showMovement, showTransaction } from './movements.ts';
import type { ReplayDeps } from './replay-deps.ts';
import type { Step, UserReplay } from './user-replay.ts';

/** Compares the `systemEvent`s of a command with those that SPEC §5.2 names. */
export function compareSystems({ opener, expected, systems }: Step, { report }: ReplayDeps): void {
  const wanted = expected?.systems ?? 0;
  const { used } = expected ?? {};
  if (systems.length < wanted) {
    const from = used === undefined ? '' : ` (the quote of line ${used.quote.event.line})`;
    const says = { expected: `${wanted} systemEvent${from}`, found: `${systems.length}` };
    report('system-event-missing', opener, says);
  }
  for (const event of systems.slice(wanted)) {
    const says = {
      expected: `${wanted} systemEvent of ${opener.command ?? ''}`,
      found: 'one more',
    };
    report('system-event-unexpected', event, says);
  }
}

/** Compares the account transactions of a command or a firing with those that follow from its events. */
export function compareMovements(
  user: UserReplay,
  { opener, transactions }: Step,
  { events, deps }: { readonly events: readonly DomainEvent[]; readonly deps: ReplayDeps },
): void {
  const { report } = deps;
  const name = opener.command ?? '';
  for (const mismatch of mismatchesOf(movementsOf(events), transactions)) {
    const expected = mismatch.is === 'unexpected' ? 'none' : showMovement(mismatch.wanted);
    const found = mismatch.is === 'missing' ? 'none' : showTransaction(mismatch.found);
    const event = mismatch.is === 'missing' ? opener : mismatch.found;
    const says = { expected: `${expected} for ${name}`, found };
    report(`account-transaction-${mismatch.is}`, event, says, user);
  }
}

/** Reports every account transaction of a step that must have none. */
export function refuseTransactions(
  user: UserReplay,
  { transactions }: Step,
  { why, deps }: { readonly why: string; readonly deps: ReplayDeps },
): void {
  for (const event of transactions) {
    const says = { expected: why, found: showTransaction(event) };
    deps.report('account-transaction-unexpected', event, says, user);
  }
}

/** Shows the account transactions that follow from events, to be read after what happens. */
export const effectsOf = (events: readonly DomainEvent[]): string => {
  const movements = movementsOf(events).map(showMovement);
  return movements.length === 0 ? '' : `: ${movements.join(', ')}`;
};
