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
 * loading. `settleBatch` takes it through deciding and committing. A transient fault returns it to loading;
 * after any other fault its halves go through these three states one after the other. They are *in flight*:
 * at most `IN_FLIGHT_MAX` batches are, and no user is in two of them. At most `FINISHING_MAX` are finishing.
 */
import { auditPublication } from '../../shared/amqp/audit-publication.ts';
import type { Delivery } from '../../shared/amqp/delivery.ts';
import { DONE, type Fate } from '../../shared/amqp/fate.ts';
import type { Publication, Publisher } from '../../shared/amqp/publisher.ts';
import { InvariantError } from '../../shared/domain/invariant-error.ts';
import { AUDIT_EXCHANGE, REPLIES_EXCHANGE, DUMPS_KEY } from '../../shared/messages/address.ts';
import { renderAnswerMessage, type Answer } from '../../shared/messages/answer-message.ts';
import type { CommandMessage } from '../../shared/messages/command-message.ts';
import type { DatabaseClock } from '../../shared/pg/database-clock.ts';
import type { LogFields, Logger } from '../../shared/runtime/logger.ts';
import type { Timers } from '../../shared/runtime/timers.ts';
import type { LaneResult } from './decide-batch.ts';
import { openLookAhead } from './look-ahead.ts';
import type { QuoteDesk } from './quote-desk.ts';
import { openQuoteWaits } from './quote-waits.ts';
import { settleBatch, type Committed, type SettleOptions } from './commit-batch.ts';
import { commandCount, openLanes, type Task } from './lanes.ts';

/** The most commands of a batch. */
const COMMANDS_MAX = 512;
const IN_FLIGHT_MAX = 2;
/** A second batch starts only with this many commands, because a small transaction costs nearly as much. */
const SECOND_COMMANDS_MIN = 64;
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

interface Batcher {
  /**
   * Adds a message to the lane of its user. Resolves to *done* once its outcomes are committed and
   * published. Never resolves if the channel of its delivery closes first: the broker redelivers it.
   */
  add(message: CommandMessage, delivery: Delivery): Promise<Fate>;
  /** Forgets deliveries whose channel is gone. */
  forgetClosed(): void;
  /** Starts no more batches; resolves when every batch in flight is committed, published and ended. */
  stop(): Promise<void>;
}

/** Opens a batcher. It retries until every batch is committed, and publishes only after the commit. */
export function openBatcher(options: BatcherOptions): Batcher {
  const lanes = openLanes();
  const waits = openQuoteWaits(options.desk, options.timers);
  const lookAhead = openLookAhead(options.desk, options.timers);
  let inFlight = 0;
  let finishing = 0;
  let stopped = false;
  let scheduled = false;
  const whenIdle: (() => void)[] = [];

  /** Starts batches after this turn of the event loop, so that deliveries of one network packet share one. */
  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    options.timers.soon(() => {
      scheduled = false;
      start();
    });
  };

  const start = (): void => {
    while (!stopped && inFlight < IN_FLIGHT_MAX && finishing < FINISHING_MAX) {
      const ready = lanes.readyCount();
      if (ready === 0 || (inFlight > 0 && ready < SECOND_COMMANDS_MIN)) return;
      const batch = lanes.take(COMMANDS_MAX);
      inFlight += 1;
      void run(batch);
    }
  };

  const run = async (batch: Parameters<typeof settleBatch>[0]): Promise<void> => {
    await options.auditReady();
    const committed = await settleBatch(batch, options);
    for (const each of committed) options.clock.observe(each.now);
    const results = committed.flatMap((each) => each.lanes);
    for (const slice of results.flatMap((result) => result.slices)) {
      advance(slice);
      lookAhead.learn(slice);
    }
    const merged = mergeByUser(results);
    if (merged.length !== batch.length) {
      throw new InvariantError(`${merged.length} of ${batch.length} lanes came back from a batch`);
    }
    const settled = merged.flatMap(giveBack);
    inFlight -= 1;
    finishing += 1;
    schedule();
    await finish(committed, settled);
    finishing -= 1;
    schedule();
    if (inFlight + finishing === 0) for (const wake of whenIdle.splice(0)) wake();
  };

  /** Releases a lane, or lets it wait for the quote it needs. Returns the tasks to answer. */
  const giveBack = ({ user, needs }: LaneResult): readonly Task[] => {
    if (needs === undefined) {
      waits.end(user);
      return lanes.release(user);
    }
    const settled = lanes.wait(user);
    void waits.wait(user, needs).then((isKnown) => {
      lanes.resume(user, isKnown ? 'arrived' : 'unavailable');
      schedule();
    });
    return settled;
  };

  /**
   * Publishes the audit messages and the answers, then ends the tasks. The answers need not wait until the
   * broker has confirmed the audit messages, because the outbox already holds those.
   */
  const finish = async (
    committed: readonly Committed[],
    settled: readonly Task[],
  ): Promise<void> => {
    await publishAll(options, [
      ...committed.flatMap(auditPublications),
      ...answerPublications(options.name, settled),
    ]);
    for (const task of settled) {
      options.log.debug('message decided', () => decidedFields(task));
      task.end(DONE);
    }
  };

  return {
    add: (message, delivery) => {
      lookAhead.add(message, delivery.trace);
      schedule();
      return new Promise((end) => {
        lanes.add({ delivery, end, message, next: 0, outcomes: [], expected: undefined });
      });
    },
    forgetClosed: () => {
      lanes.dropClosed();
      lookAhead.forget();
    },
    stop: async () => {
      stopped = true;
      if (inFlight + finishing === 0) return;
      await new Promise<void>((resolve) => whenIdle.push(resolve));
    },
  };
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

/** Returns the distinct traces of the messages in a batch; undefined if none is traced. */
function traceOf({ lanes }: Committed): Publication['trace'] {
  const parents = lanes.flatMap(({ slices }) =>
    slices.flatMap(({ task }) => task.delivery.trace ?? []),
  );
  return parents.length === 0 ? undefined : [...new Set(parents)];
}

const auditPublications = (committed: Committed): readonly Publication[] => [
  ...(committed.audit === undefined ? [] : [auditPublication(committed.audit, traceOf(committed))]),
  ...(committed.dumps
    ? [{ exchange: AUDIT_EXCHANGE, key: DUMPS_KEY, body: Buffer.from('{"v":1}'), type: 'dump' }]
    : []),
];

/** Renders one message for each reply queue. */
function answerPublications(name: string, settled: readonly Task[]): readonly Publication[] {
  const byQueue = new Map<string, Answer[]>();
  for (const task of settled) {
    const { replyTo } = task.delivery;
    if (replyTo === undefined || task.message.type === 'firing') continue;
    const answers = byQueue.get(replyTo) ?? [];
    byQueue.set(replyTo, answers);
    answers.push(answerOf(task));
  }
  return [...byQueue].map(([replyTo, answers]) => ({
    exchange: REPLIES_EXCHANGE,
    key: replyTo,
    body: renderAnswerMessage({ from: name, answers }),
    type: 'answers',
    transient: true,
    mandatory: false,
  }));
}

function answerOf({ delivery, message, outcomes, expected }: Task): Answer {
  const { stream, position } = message.type === 'commands' ? message : { stream: '', position: 1 };
  const common = { id: delivery.messageId, user: message.user, stream, position, outcomes };
  return expected === undefined ? common : { ...common, expected };
}

/**
 * Publishes messages, and each that fails once more when the link is back. Never rejects: the audit
 * consumer finds outbox rows that were not published, and a requester without an answer asks again
 * after some time.
 */
async function publishAll(
  { publisher, log }: BatcherOptions,
  publications: readonly Publication[],
): Promise<void> {
  const once = (publication: Publication): Promise<void> => publisher.publish(publication);
  const again = async (publication: Publication): Promise<void> => {
    await publisher.ready();
    await publisher.publish(publication);
  };
  await Promise.all(
    publications.map((publication) =>
      once(publication)
        .catch(() => again(publication))
        .catch((error: unknown) => {
          log.warn('publishing failed', { exchange: publication.exchange, error });
        }),
    ),
  );
}
