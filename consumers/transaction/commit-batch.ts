/**
 * Commits batches: decides and saves each in one transaction, retries transient faults, and isolates the
 * command that causes a permanent one.
 */
import { entryOf } from '../../shared/domain/command-catalogue.ts';
import type { UserId } from '../../shared/domain/identity.ts';
import { renderAuditRows } from '../../shared/messages/audit-entry.ts';
import { renderFeedRow } from '../../shared/messages/feed-message.ts';
import {
  keyId,
  streamKey,
  type BatchNeeds,
  type BatchStore,
  type KeyNeed,
  type StreamId,
} from '../../shared/ports/batch-store.ts';
import { TransientError } from '../../shared/runtime/errors.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { retry } from '../../shared/runtime/retry.ts';
import { decideBatch, type BatchResult } from './decide-batch.ts';
import type { BatchContext } from './decide-command.ts';
import { feedEventsOf } from './feed-events.ts';
import { isKeyed } from './keys.ts';
import type { LaneWork } from './lanes.ts';

const NOTHING: readonly never[] = [];
const RETRY = { firstMs: 50, longestMs: 300 };

export type SettleOptions = {
  /** Decides and commits lanes; with `refuse`, it refuses their one command as `internal`. */
  readonly handle: (lanes: readonly LaneWork[], refuse: boolean) => Promise<Committed>;
  readonly log: Logger;
  readonly pause: (ms: number) => Promise<void>;
};

/**
 * Commits a batch, in several transactions if it must. Retries without limit while faults are
 * transient. After any other fault it halves the batch, first by lanes, then within a lane in order of
 * the commands, until the command at fault is alone; that one is refused and the rest is committed.
 */
export async function settleBatch(
  lanes: readonly LaneWork[],
  options: SettleOptions,
): Promise<readonly Committed[]> {
  const { handle, log, pause } = options;
  try {
    const committed = await retry(() => handle(lanes, false), {
      backoff: RETRY,
      pause,
      isRetryable: (error) => error instanceof TransientError,
      onHeld: (error, attempt) => log.warn('batch held', { attempt, error }),
    });
    return [committed];
  } catch (error) {
    return await isolateFault(lanes, error, options);
  }
}

async function isolateFault(
  lanes: readonly LaneWork[],
  error: unknown,
  options: SettleOptions,
): Promise<readonly Committed[]> {
  const halves = halve(lanes);
  if (halves === undefined) {
    options.log.error('command refused as internal', { user: lanes[0]?.user, error });
    return [await refuse(lanes, options)];
  }
  const [first, second] = halves;
  const done = await settleBatch(first, options);
  // If a command in the first half waits for its quote, later commands of the same lane wait too.
  const isStopped = done.some((committed) => committed.lanes.some(({ needs }) => needs));
  if (isStopped && first[0]?.user === second[0]?.user) return done;
  return [...done, ...(await settleBatch(second, options))];
}

/** Refuses the one command of `lanes`, and retries every fault: there is nothing else to do with it. */
const refuse = (
  lanes: readonly LaneWork[],
  { handle, log, pause }: SettleOptions,
): Promise<Committed> =>
  retry(() => handle(lanes, true), {
    backoff: RETRY,
    pause,
    onHeld: (error, attempt) => log.error('refusal held', { attempt, error }),
  });

type Half = readonly LaneWork[];

/** Splits a batch into two of about half the size; returns undefined if it has only one command. */
function halve(lanes: readonly LaneWork[]): readonly [Half, Half] | undefined {
  const [lane] = lanes;
  if (lane === undefined) return undefined;
  if (lanes.length > 1) {
    const middle = Math.ceil(lanes.length / 2);
    return [lanes.slice(0, middle), lanes.slice(middle)];
  }
  const singles = lane.slices.flatMap(({ task, from, to }) =>
    Array.from({ length: to - from }, (_, offset) => ({
      task,
      from: from + offset,
      to: from + offset + 1,
    })),
  );
  if (singles.length < 2) return undefined;
  const middle = Math.ceil(singles.length / 2);
  const rest: LaneWork = { ...lane, slices: singles.slice(middle), quoteWait: 'none' };
  return [[{ ...lane, slices: singles.slice(0, middle) }], [rest]];
}

/** A batch whose transaction has committed. */
export type Committed = Pick<BatchResult, 'lanes' | 'decided' | 'repeated'> & {
  /** The database's time in the transaction, in Unix milliseconds. */
  readonly now: number;
  /** The audit message to publish; undefined if no command was audited. */
  readonly audit: { readonly id: string; readonly body: string } | undefined;
  /** Whether an audit process must be woken to write or answer a dump. */
  readonly dumps: boolean;
};

/**
 * Decides a batch and saves its effects in one transaction. Rejects as `BatchStore.inTransaction`
 * does: nothing is saved then, unless the answer of a commit was lost.
 */
export async function handleBatch(
  store: BatchStore,
  lanes: readonly LaneWork[],
  context: BatchContext,
): Promise<Committed> {
  return await store.inTransaction(async (transaction) => {
    const { loaded, outboxId } = await transaction.load(needsOf(lanes));
    const result = decideBatch(lanes, loaded, context);
    const body = renderAuditRows(result.audit, outboxId);
    const told = context.feeds
      ? feedEventsOf(loaded, result.decided, context.orderLifetimeMs)
      : NOTHING;
    const feed = told.length === 0 ? '' : renderFeedRow(told);
    transaction.save(result, { outboxId, now: loaded.now, body, feed });
    return {
      lanes: result.lanes,
      decided: result.decided,
      repeated: result.repeated,
      now: loaded.now,
      audit: body === '' ? undefined : { id: outboxId, body },
      dumps: result.dumps.length > 0 || result.dumpsAskedAgain.length > 0,
    };
  });
}

/**
 * Collects the data that the commands of a batch can touch: the pairs of user and symbol that they
 * name, the streams and keys, and the whole portfolio of each user who asks for a summary.
 */
function needsOf(lanes: readonly LaneWork[]): BatchNeeds {
  const pairs = new Map<string, BatchNeeds['pairs'][number]>();
  const streams = new Map<string, StreamId>();
  const keys = new Map<string, KeyNeed>();
  const whole = new Set<UserId>();
  for (const { user, slices } of lanes) {
    for (const { task, from, to } of slices) {
      const { message } = task;
      if (message.type === 'firing') {
        const { symbol } = message.firing;
        pairs.set(`${user}\n${symbol}`, { user, symbol });
        continue;
      }
      if (isKeyed(message)) keys.set(keyId(message.key), message);
      else streams.set(streamKey(message), { user, stream: message.stream });
      for (const { command } of message.commands.slice(from, to)) {
        if (command.type === 'UNREADABLE') continue;
        const { touches } = entryOf(command.type);
        if (touches === 'portfolio') whole.add(user);
        else if (touches === 'symbol' && 'symbol' in command) {
          pairs.set(`${user}\n${command.symbol}`, { user, symbol: command.symbol });
        }
      }
    }
  }
  return {
    users: lanes.map(({ user }) => user),
    pairs: [...pairs.values()],
    whole: [...whole],
    streams: [...streams.values()],
    keys: [...keys.values()],
  };
}
