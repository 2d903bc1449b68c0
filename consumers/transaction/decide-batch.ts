/** Decides a batch in memory. Pure, except for new arming ids and the quote cache in its context. */
import type { UserId } from '../../shared/domain/identity.ts';
import { EMPTY_PORTFOLIO, withoutExpired, type Portfolio } from '../../shared/domain/portfolio.ts';
import type { Outcome } from '../../shared/messages/answer-message.ts';
import type { CommandMessage, UserCommands } from '../../shared/messages/command-message.ts';
import type { AuditEntry } from '../../shared/messages/audit-entry.ts';
import {
  RECENT_MAX,
  type BatchWrites,
  type LoadedBatch,
  type PortfolioChange,
  type RecentEntry,
} from '../../shared/ports/batch-store.ts';
import { decideCommand, type BatchContext } from './decide-command.ts';
import {
  givenAt,
  outcomeOf,
  type DecidedCommand,
  type GivenCommand,
  type QuoteNeed,
  type RepeatedCommand,
} from './decided-command.ts';
import { isKeyed, Keys } from './keys.ts';
import { Positions } from './positions.ts';
import { auditEntriesOf, dumpRequestsOf, ledgerLinesOf, recentEntryOf } from './rows-of.ts';
import type { LaneWork, QuoteWait, Slice, Task } from './lanes.ts';

/** The result of one slice; it has fewer outcomes than commands if a command needs a quote. */
export type SliceResult = {
  readonly task: Task;
  readonly outcomes: readonly Outcome[];
  /** Set if the message starts after a gap: the producer must resend from this position on. */
  readonly expected?: number;
};

export type LaneResult = {
  readonly user: UserId;
  readonly slices: readonly SliceResult[];
  /** The quote that the lane must wait for before its next command. */
  readonly needs?: QuoteNeed;
};

export type BatchResult = BatchWrites & {
  readonly lanes: readonly LaneResult[];
  /** In the order in which they were decided. */
  readonly decided: readonly DecidedCommand[];
  readonly repeated: readonly RepeatedCommand[];
  readonly audit: readonly AuditEntry[];
};

/**
 * Decides the commands of each lane in order, on the data that was loaded. A message after a gap gets no
 * outcomes. A lane stops at the first command that needs a quote which is not known.
 */
export function decideBatch(
  lanes: readonly LaneWork[],
  loaded: LoadedBatch,
  context: BatchContext,
): BatchResult {
  const positions = new Positions(loaded.streams);
  const keys = new Keys(loaded.keys);
  const deciders = lanes.map((lane) => new LaneDecider(lane, { loaded, context, positions, keys }));
  const results = deciders.map((decider) => decider.run());
  const decided = deciders.flatMap((decider) => decider.decided);
  const repeated = deciders.flatMap((decider) => decider.repeated);
  return {
    lanes: results,
    decided,
    repeated,
    changes: deciders.map((decider) => decider.change()),
    ledger: ledgerLinesOf(decided),
    audit: auditEntriesOf(decided, context.debug),
    advances: positions.advances(loaded.now),
    keys: keys.used(),
    dumps: dumpRequestsOf(decided.filter(isAccepted)),
    dumpsAskedAgain: dumpRequestsOf(repeated.filter(wasAccepted)),
  };
}

const isAccepted = ({ decision }: DecidedCommand): boolean => decision.type === 'accepted';
const wasAccepted = ({ outcome }: RepeatedCommand): boolean => outcome.is === 'accepted';

type Parts = {
  readonly loaded: LoadedBatch;
  readonly context: BatchContext;
  readonly positions: Positions;
  readonly keys: Keys;
};

/** Decides the commands of one user in order, each on the portfolio that the previous one left. */
class LaneDecider {
  readonly #lane: LaneWork;
  readonly #parts: Parts;
  readonly #before: Portfolio;
  #portfolio: Portfolio;
  /** The commands decided so far, in order. */
  readonly decided: DecidedCommand[] = [];
  readonly repeated: RepeatedCommand[] = [];

  constructor(lane: LaneWork, parts: Parts) {
    this.#lane = lane;
    this.#parts = parts;
    const { now, portfolios } = parts.loaded;
    this.#before = portfolios.get(lane.user) ?? EMPTY_PORTFOLIO;
    this.#portfolio = withoutExpired(this.#before, now, parts.context.orderLifetimeMs);
  }

  change(): PortfolioChange {
    return { user: this.#lane.user, before: this.#before, after: this.#portfolio };
  }

  run(): LaneResult {
    const { user, quoteWait } = this.#lane;
    const slices: SliceResult[] = [];
    for (const slice of this.#lane.slices) {
      const result = this.#decideSlice(slice, slices.length === 0 ? quoteWait : 'none');
      slices.push(result.slice);
      if (result.needs !== undefined) return { user, slices, needs: result.needs };
    }
    return { user, slices };
  }

  #decideSlice(
    { task, from, to }: Slice,
    quoteWait: QuoteWait,
  ): { readonly slice: SliceResult; readonly needs?: QuoteNeed } {
    const { message } = task;
    if (message.type === 'commands' && !isKeyed(message)) {
      const expected = this.#parts.positions.gapBefore(message, from);
      if (expected !== undefined) return { slice: { task, outcomes: [], expected } };
    }
    const outcomes: Outcome[] = [];
    for (let index = from; index < to; index += 1) {
      const result = this.#decideAt(task, index, index === from ? quoteWait : 'none');
      if ('asker' in result) return { slice: { task, outcomes }, needs: result };
      outcomes.push(result);
    }
    return { slice: { task, outcomes } };
  }

  #decideAt(task: Task, index: number, quoteWait: QuoteWait): Outcome | QuoteNeed {
    const { message } = task;
    const { loaded, context } = this.#parts;
    const portfolio = this.#portfolio;
    const given = givenAt(task, index, { now: loaded.now, server: context.server, portfolio });
    const repeated = this.#repeatedOf(message, index, given);
    if (repeated !== undefined) {
      this.repeated.push(repeated);
      return repeated.outcome;
    }
    const recent = this.#recent;
    const record = decideCommand({ given, message, portfolio, quoteWait, recent, context });
    if ('asker' in record) return record;
    this.decided.push(record);
    this.#portfolio = record.after;
    const outcome = outcomeOf(record);
    if (message.type === 'commands') this.#noteOutcome(message, record, { index, outcome });
    return outcome;
  }

  /** Returns the command with its outcome if it was decided before; by its key, under its first number. */
  #repeatedOf(
    message: CommandMessage,
    index: number,
    given: GivenCommand,
  ): RepeatedCommand | undefined {
    if (message.type === 'firing') return undefined;
    const { keys, positions } = this.#parts;
    if (!isKeyed(message)) {
      const outcome = positions.outcomeOf(message, index);
      return outcome && { ...given, outcome };
    }
    const first = keys.firstUse(message);
    if (first === undefined) return undefined;
    const { outcome, ...source } = first;
    return { ...given, source: { ...given.source, ...source }, outcome };
  }

  #noteOutcome(
    message: UserCommands,
    { source }: DecidedCommand,
    { index, outcome }: { readonly index: number; readonly outcome: Outcome },
  ): void {
    const { keys, positions } = this.#parts;
    if (isKeyed(message)) keys.use(message, source.number, outcome);
    else positions.advance(message, index, outcome);
  }

  /** Returns the user's latest ledger entries, latest first: those of this batch before the loaded ones. */
  readonly #recent = (): readonly RecentEntry[] => {
    const stored = this.#parts.loaded.recent.get(this.#lane.user) ?? [];
    const fresh = ledgerLinesOf(this.decided).map(recentEntryOf).reverse();
    return [...fresh, ...stored].slice(0, RECENT_MAX);
  };
}
