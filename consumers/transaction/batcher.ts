/**
 * The main loop of a transaction process: forms batches from lanes, commits them, publishes, then
 * ends their messages. The states of a batch:
 *
 * - *loading*: it waits until the audit log is close behind. Then its transaction locks the rows of its
 *   users and loads what the commands can touch.
 * - *deciding*: `decideBatch` decides the commands in memory.
 * - *committing*: the transaction saves the effects and commits.
 * - *finishing*: its lanes are given back, so that another batch may take them. Its audit messages and
 *   answers are published, and then its messages end.
 *
 * The batcher is *idle* while there is no batch. `start` takes ready lanes into a batch, which is then
 * loading; while commands come fast, it first waits a moment for more of them. `settleBatch` takes it through
 * deciding and committing. A transient fault returns it to loading; after any other fault its halves go through these three states one after the other. They are *in flight*:
 * at most `IN_FLIGHT_MAX` batches are, and no user is in two of them. At most `FINISHING_MAX` are finishing.
 */
import type { Delivery } from '../../shared/amqp/delivery.ts';
import { DONE, type Fate } from '../../shared/amqp/fate.ts';
import type { Publisher } from '../../shared/amqp/publisher.ts';
import type { QuoteDesk } from '../../shared/amqp/quote-desk.ts';
import { InvariantError } from '../../shared/domain/invariant-error.ts';
import type { CommandMessage } from '../../shared/messages/command-message.ts';
import type { DatabaseClock } from '../../shared/pg/database-clock.ts';
import type { LogFields, Logger } from '../../shared/runtime/logger.ts';
import type { Timers } from '../../shared/runtime/timers.ts';
import { settleBatch, type Committed, type SettleOptions } from './commit-batch.ts';
import type { LaneResult } from './decide-batch.ts';
import { openLookAhead, openQuoteWaits, type LookAhead, type QuoteWaits } from './lane-quotes.ts';
import { commandCount, commandsIn, openLanes, type Task } from './lanes.ts';
import { publishBatch } from './publish-batch.ts';

/** The most commands of a batch. */
const COMMANDS_MAX = 512;
const IN_FLIGHT_MAX = 2;
/** A second batch starts only with this many commands, because a small transaction costs nearly as much. */
const SECOND_COMMANDS_MIN = 64;
/**
 * After a batch of this many commands, more are probably on their way. The next batch waits for them as long as the
 * last one took, at most `GATHER_MAX_MS`, and starts at once when it has `SECOND_COMMANDS_MIN` commands.
 */
const BUSY_COMMANDS = 4;
const GATHER_MAX_MS = 10;
/** The most batches that are committed but not yet published; more would only use memory. */
const FINISHING_MAX = 16;

type BatcherOptions = SettleOptions & {
  readonly name: string;
  readonly publisher: Publisher;
  readonly desk: QuoteDesk;
  readonly clock: DatabaseClock;
  readonly timers: Timers;
  /** Resolves once the audit log is close enough behind for another batch. */
  readonly auditReady: () => Promise<void>;
  readonly log: Logger;
};

type Batch = Parameters<typeof settleBatch>[0];

/** Retries until every batch is committed, and publishes only after the commit. */
export class Batcher {
  readonly #options: BatcherOptions;
  readonly #lanes = openLanes();
  readonly #waits: QuoteWaits;
  readonly #lookAhead: LookAhead;
  /** The number of batches that are loading, deciding or committing. */
  #inFlight = 0;
  #finishing = 0;
  #isStopped = false;
  #isScheduled = false;
  /** When the next batch may start, by the timers, if it has few commands. */
  #gatherUntil = 0;
  #isGathering = false;
  readonly #whenIdle: (() => void)[] = [];

  constructor(options: BatcherOptions) {
    this.#options = options;
    this.#waits = openQuoteWaits(options.desk, options.timers);
    this.#lookAhead = openLookAhead(options.desk, options.timers);
  }

  /**
   * Adds a message to the lane of its user. Resolves to *done* once its outcomes are committed and
   * published. Never resolves if the channel of its delivery closes first: the broker redelivers it.
   */
  add(message: CommandMessage, delivery: Delivery): Promise<Fate> {
    this.#lookAhead.add(message, delivery.trace);
    this.#schedule();
    return new Promise((end) => {
      this.#lanes.add({ delivery, end, message, next: 0, outcomes: [], expected: undefined });
    });
  }

  /** Forgets deliveries whose channel is gone. */
  forgetClosed(): void {
    this.#lanes.dropClosed();
    this.#lookAhead.forget();
  }

  /** Starts no more batches; resolves when every batch in flight is committed, published and ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#isIdle()) return;
    await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
  }

  #isIdle(): boolean {
    return this.#inFlight + this.#finishing === 0;
  }

  /** Starts batches after this turn of the event loop, so that deliveries of one network packet share one. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#options.timers.soon(() => {
      this.#isScheduled = false;
      this.#start();
    });
  }

  #start(): void {
    while (!this.#isStopped && this.#inFlight < IN_FLIGHT_MAX && this.#finishing < FINISHING_MAX) {
      const ready = this.#lanes.readyCount();
      if (ready === 0 || (this.#inFlight > 0 && ready < SECOND_COMMANDS_MIN)) return;
      if (ready < SECOND_COMMANDS_MIN && this.#mustGather()) return;
      const batch = this.#lanes.take(COMMANDS_MAX);
      this.#inFlight += 1;
      void this.#run(batch);
    }
  }

  /** Whether the next batch waits for more commands; makes it start after the wait. */
  #mustGather(): boolean {
    const { timers } = this.#options;
    const waitMs = this.#gatherUntil - timers.now();
    if (waitMs <= 0) return false;
    if (!this.#isGathering) {
      this.#isGathering = true;
      timers.after(waitMs, () => {
        this.#isGathering = false;
        this.#start();
      });
    }
    return true;
  }

  async #run(batch: Batch): Promise<void> {
    const { timers } = this.#options;
    const startedAt = timers.now();
    await this.#options.auditReady();
    const committed = await settleBatch(batch, this.#options);
    const tookMs = timers.now() - startedAt;
    const isBusy = commandsIn(batch.flatMap(({ slices }) => slices)) >= BUSY_COMMANDS;
    this.#gatherUntil = isBusy ? timers.now() + Math.min(tookMs, GATHER_MAX_MS) : 0;
    for (const each of committed) this.#options.clock.observe(each.now);
    const settled = this.#giveBackAll(batch, committed);
    this.#inFlight -= 1;
    this.#finishing += 1;
    this.#schedule();
    await this.#finish(committed, settled);
    this.#finishing -= 1;
    this.#schedule();
    if (this.#isIdle()) for (const wake of this.#whenIdle.splice(0)) wake();
  }

  /** Notes what was decided and gives the lanes of a batch back. Returns the tasks to answer. */
  #giveBackAll(batch: Batch, committed: readonly Committed[]): readonly Task[] {
    const results = committed.flatMap((each) => each.lanes);
    for (const slice of results.flatMap((result) => result.slices)) {
      advance(slice);
      this.#lookAhead.learn(slice);
    }
    const merged = mergeByUser(results);
    if (merged.length !== batch.length) {
      throw new InvariantError(`${merged.length} of ${batch.length} lanes came back from a batch`);
    }
    return merged.flatMap((result) => this.#giveBack(result));
  }

  /** Releases a lane, or lets it wait for the quote it needs. Returns the tasks to answer. */
  #giveBack({ user, needs }: LaneResult): readonly Task[] {
    if (needs === undefined) {
      this.#waits.end(user);
      return this.#lanes.release(user);
    }
    const settled = this.#lanes.wait(user);
    void this.#waits.wait(user, needs).then((isKnown) => {
      this.#lanes.resume(user, isKnown ? 'arrived' : 'unavailable');
      this.#schedule();
    });
    return settled;
  }

  /** Publishes the audit messages and the answers, then ends the tasks. */
  async #finish(committed: readonly Committed[], settled: readonly Task[]): Promise<void> {
    await publishBatch(this.#options, committed, settled);
    for (const task of settled) {
      this.#options.log.debug('message decided', () => decidedFields(task));
      task.end(DONE);
    }
  }
}

/** Names stream and position as the audit rows do: one search finds a command in the logs and there. */
function decidedFields({ delivery, message, outcomes }: Task): LogFields {
  const { user } = message;
  const { messageId } = delivery;
  if (message.type === 'firing') return { messageId, user, armingId: message.firing.armingId };
  const { stream, position, commands } = message;
  const numbers = [commands[0]?.number, commands.at(-1)?.number];
  const reasons = outcomes.flatMap((outcome) =>
    outcome.is === 'rejected' ? [outcome.reason] : [],
  );
  return { messageId, user, stream, position, commands: commands.length, numbers, reasons };
}

const advance = ({ task, outcomes, expected }: LaneResult['slices'][number]): void => {
  task.outcomes.push(...outcomes);
  task.next += outcomes.length;
  if (expected !== undefined) task.expected = expected;
  if (task.next > commandCount(task.message)) {
    throw new InvariantError(`message ${task.delivery.messageId} has more outcomes than commands`);
  }
};

/** Keeps the last result of each user: a batch that was halved has several, and the last has its need. */
function mergeByUser(results: readonly LaneResult[]): readonly LaneResult[] {
  return [...new Map(results.map((result) => [result.user, result])).values()];
}
