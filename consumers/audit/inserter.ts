/** Batches of audit messages: one insert in flight, the next gathers meanwhile. */
import type { Delivery } from '../../shared/amqp/consumer.ts';
import { backoffMs } from '../../shared/runtime/backoff.ts';
import { TransientError } from '../../shared/runtime/errors.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { AuditMessage } from '../../shared/pg/audit-insert.ts';

export type AuditDelivery = AuditMessage & { readonly delivery: Delivery };

export type InserterOptions = {
  /** Stores those that were not stored before. */
  readonly insert: (messages: readonly AuditMessage[]) => Promise<unknown>;
  /** Sets a message aside that can never be stored. */
  readonly park: (message: AuditDelivery, error: unknown) => Promise<void>;
  readonly pause: (ms: number) => Promise<void>;
  readonly log: Logger;
};

export interface Inserter {
  add(message: AuditDelivery): void;
  isIdle(): boolean;
  /** Resolves when what was added is stored. */
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

/** Tries until it is stored; a batch that fails for good is taken apart, and its bad message parked. */
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
        await takeApart(open, error, options);
        return;
      }
      options.log.warn('audit insert held', { attempt, error });
      await options.pause(backoffMs(attempt, RETRY));
    }
  }
}

async function takeApart(
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
