/** The loop of a transaction consumer: lanes into batches, at most two in flight, never one user in both. */
import { auditPublication } from '../../shared/amqp/audit-publication.ts';
import type { Delivery } from '../../shared/amqp/consumer.ts';
import type { Publication, Publisher } from '../../shared/amqp/publisher.ts';
import { AUDIT_EXCHANGE, REPLIES_EXCHANGE, DUMPS_KEY } from '../../shared/messages/address.ts';
import { renderAnswerMessage, type Answer } from '../../shared/messages/answer-message.ts';
import type { CommandMessage } from '../../shared/messages/command-message.ts';
import type { DatabaseClock } from '../../shared/pg/database-clock.ts';
import type { LogFields, Logger } from '../../shared/runtime/logger.ts';
import type { Timers } from '../../shared/runtime/timers.ts';
import type { LaneResult } from './batch.ts';
import type { Committed } from './handle-batch.ts';
import { openLanes } from './lanes.ts';
import { openLookAhead } from './look-ahead.ts';
import type { QuoteDesk } from './quote-desk.ts';
import { openQuoteWaits } from './quote-waits.ts';
import { settleBatch, type SettleOptions } from './settle-batch.ts';
import type { Task } from './task.ts';

const COMMANDS_MAX = 512;
const IN_FLIGHT_MAX = 2;
/** A second batch beside one in flight starts only with this many commands: small ones cost alike. */
const SECOND_COMMANDS_MIN = 64;
/** Batches that are committed but not yet published; more would only fill memory. */
const FINISHING_MAX = 16;

export type BatcherOptions = SettleOptions & {
  readonly name: string;
  readonly publisher: Publisher;
  readonly desk: QuoteDesk;
  readonly clock: DatabaseClock;
  readonly timers: Timers;
  /** Resolves when the audit is not too far behind. */
  readonly auditReady: () => Promise<void>;
  readonly log: Logger;
};

export interface Batcher {
  take(delivery: Delivery, message: CommandMessage): void;
  /** Deliveries whose channel is gone are forgotten. */
  forgetClosed(): void;
  /** Resolves when nothing is in a batch or being published. Nothing new is begun while stopped. */
  stop(): Promise<void>;
}

export function openBatcher(options: BatcherOptions): Batcher {
  const lanes = openLanes();
  const waits = openQuoteWaits(options.desk, options.timers);
  const lookAhead = openLookAhead(options.desk, options.timers);
  let inFlight = 0;
  let finishing = 0;
  let stopped = false;
  let scheduled = false;
  const whenIdle: (() => void)[] = [];

  /** Deliveries of one network packet come in one turn of the event loop: let them gather. */
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
    const settled = mergeByUser(results).flatMap(giveBack);
    inFlight -= 1;
    finishing += 1;
    schedule();
    await finish(committed, settled);
    finishing -= 1;
    schedule();
    if (inFlight + finishing === 0) for (const wake of whenIdle.splice(0)) wake();
  };

  /** Gives a lane back; where it needs a quote it waits for that. */
  const giveBack = ({ user, needs }: LaneResult): readonly Task[] => {
    if (needs === undefined) {
      waits.over(user);
      return lanes.release(user);
    }
    const settled = lanes.wait(user);
    void waits.wait(user, needs).then((isKnown) => {
      lanes.resume(user, !isKnown);
      schedule();
    });
    return settled;
  };

  /**
   * After the commit: the audit messages, then the replies, then the acks. A reply does not wait for
   * the broker to store the audit message: the outbox row already has it.
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
      task.delivery.ack();
    }
  };

  return {
    take: (delivery, message) => {
      lanes.add({ delivery, message, next: 0, outcomes: [], expected: undefined });
      lookAhead.take(message, delivery.trace);
      schedule();
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

/** Stream and position are those of the audit rows: one search finds a command in logs and log. */
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
};

/** A batch that was narrowed down has several results for a user; the last one says what it needs. */
function mergeByUser(results: readonly LaneResult[]): readonly LaneResult[] {
  return [...new Map(results.map((result) => [result.user, result])).values()];
}

/** Those that a batch did something for; undefined where none is in a trace. */
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

/** One message a reply queue and batch. */
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
 * Publishes what it can, once more where a connection was lost under it. What does not arrive is
 * made good elsewhere: the audit consumer takes outbox rows that nobody published, and a requester
 * that hears nothing asks again, though only after a while.
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
