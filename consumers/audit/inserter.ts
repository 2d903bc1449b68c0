/** Stores audit messages in batches: while one insert is in flight, the next batch gathers. */
import type { Delivery } from '../../shared/amqp/consumer.ts';
import { backoffMs } from '../../shared/runtime/backoff.ts';
import { TransientError } from '../../shared/runtime/errors.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { AuditMessage } from '../../shared/pg/audit-insert.ts';

export type AuditDelivery = AuditMessage & { readonly delivery: Delivery };

export type InserterOptions = {
  /** Stores the messages that are not stored yet, in one transaction. */
  readonly insert: (messages: readonly AuditMessage[]) => Promise<unknown>;
  /** Parks a message that can never be stored. */
  readonly park: (message: AuditDelivery, error: unknown) => Promise<void>;
  readonly pause: (ms: number) => Promise<void>;
  readonly log: Logger;
};

export interface Inserter {
  /** Queues a message; the inserter acks it once it is stored. */
  add(message: AuditDelivery): void;
  isIdle(): boolean;
  /** Resolves when every added message is stored, parked or redelivered. */
  drained(): Promise<void>;
}

const MESSAGES_MAX = 32;
const RETRY = { firstMs: 100, longestMs: 2_000 };

export function openInserter(options: InserterOptions): Inserter {
  let waiting: AuditDelivery[] = [];
  let running: Promise<void> | undefined;

  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MESSAGES_MAX);
      waiting = waiting.slice(MESSAGES_MAX);
      await store(batch, options);
    }
    running = undefined;
  };

  return {
    add: (message) => {
      waiting.push(message);
      running ??= Promise.resolve().then(run);
    },
    isIdle: () => running === undefined,
    drained: async () => {
      while (running !== undefined) await running;
    },
  };
}

/**
 * Retries transient faults until the batch is stored. After another fault it stores the messages one by
 * one, and parks each that still fails. Drops deliveries whose channel is gone: the broker redelivers
 * them.
 */
async function store(batch: readonly AuditDelivery[], options: InserterOptions): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    const open = batch.filter(({ delivery }) => delivery.isOpen());
    if (open.length === 0) return;
    try {
      await options.insert(open);
      for (const { delivery } of open) delivery.ack();
      return;
    } catch (error) {
      if (!(error instanceof TransientError)) {
        await storeOneByOne(open, error, options);
        return;
      }
      options.log.warn('audit insert held', { attempt, error });
      await options.pause(backoffMs(attempt, RETRY));
    }
  }
}

async function storeOneByOne(
  batch: readonly AuditDelivery[],
  error: unknown,
  options: InserterOptions,
): Promise<void> {
  const [first] = batch;
  if (first !== undefined && batch.length === 1) {
    await options.park(first, error);
    return;
  }
  for (const message of batch) await store([message], options);
}
