/**
 * Stores audit messages in batches. An insert waits a moment for more small messages, because it costs nearly the
 * same for one as for many; and while it is in flight, the next batch gathers.
 */
import type { Delivery } from '../../shared/amqp/delivery.ts';
import { DONE, type Fate } from '../../shared/amqp/fate.ts';
import type { AuditMessage } from '../../shared/pg/audit-insert.ts';
import { ContractError, TransientError } from '../../shared/runtime/errors.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { retry } from '../../shared/runtime/retry.ts';
import { pause as pauseUntil, type Timers } from '../../shared/runtime/timers.ts';

type InserterOptions = {
  /** Stores the messages that are not stored yet, in one transaction. */
  readonly insert: (messages: readonly AuditMessage[]) => Promise<unknown>;
  readonly pause: (ms: number) => Promise<void>;
  readonly timers: Timers;
  readonly log: Logger;
};

interface Inserter {
  /**
   * Stores a message with others. Resolves to *done* once it is stored, and to *parked* if it can never
   * be. Never resolves if the channel of its delivery closes first: the broker redelivers it.
   */
  store(message: AuditMessage, delivery: Pick<Delivery, 'isOpen'>): Promise<Fate>;
}

type Waiting = {
  readonly message: AuditMessage;
  readonly delivery: Pick<Delivery, 'isOpen'>;
  readonly end: (fate: Fate) => void;
};

const MESSAGES_MAX = 32;
/** A batch of this size is worth an insert of its own, and waits for nothing. */
const BYTES_ENOUGH = 32 * 1_024;
/** The longest that a message waits for others. */
const GATHER_MS = 25;
const RETRY = { firstMs: 100, longestMs: 2_000 };

export function openInserter(options: InserterOptions): Inserter {
  let waiting: Waiting[] = [];
  let waitingBytes = 0;
  let isRunning = false;
  /** Aborted to end the wait for more messages. */
  let gathering = new AbortController();

  const isEnough = (): boolean => waiting.length >= MESSAGES_MAX || waitingBytes >= BYTES_ENOUGH;
  const gather = async (): Promise<void> => {
    if (isEnough()) return;
    gathering = new AbortController();
    await pauseUntil(options.timers, GATHER_MS, gathering.signal);
  };
  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      await gather();
      const batch = waiting.slice(0, MESSAGES_MAX);
      waiting = waiting.slice(MESSAGES_MAX);
      waitingBytes -= bytesOf(batch);
      await store(batch, options);
    }
    isRunning = false;
  };

  return {
    store: (message, delivery) => {
      const stored = new Promise<Fate>((end) => waiting.push({ message, delivery, end }));
      waitingBytes += message.body.length;
      if (isEnough()) gathering.abort();
      if (!isRunning) {
        isRunning = true;
        queueMicrotask(() => void run());
      }
      return stored;
    },
  };
}

const bytesOf = (batch: readonly Waiting[]): number =>
  batch.reduce((sum, { message }) => sum + message.body.length, 0);

/**
 * Retries transient faults until the batch is stored. After another fault it stores the messages one by
 * one, and parks each that still fails. Drops deliveries whose channel is gone.
 */
async function store(batch: readonly Waiting[], options: InserterOptions): Promise<void> {
  const { insert, pause, log } = options;
  let open: readonly Waiting[] = [];
  const insertOpen = async (): Promise<void> => {
    open = batch.filter(({ delivery }) => delivery.isOpen());
    if (open.length > 0) await insert(open.map(({ message }) => message));
  };
  try {
    await retry(insertOpen, {
      backoff: RETRY,
      pause,
      isRetryable: (error) => error instanceof TransientError,
      onHeld: (error, attempt) => log.warn('audit insert held', { attempt, error }),
    });
  } catch (error) {
    await storeOneByOne(open, error, options);
    return;
  }
  for (const { end } of open) end(DONE);
}

async function storeOneByOne(
  batch: readonly Waiting[],
  error: unknown,
  options: InserterOptions,
): Promise<void> {
  const [first] = batch;
  if (first !== undefined && batch.length === 1) {
    const reason = error instanceof Error ? error.message : String(error);
    const why = new ContractError('message-unreadable', reason, { cause: error });
    first.end({ is: 'parked', why });
    return;
  }
  for (const each of batch) await store([each], options);
}
