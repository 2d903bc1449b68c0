/** Decides and commits one batch in one transaction: positions, state, ledger and audit message. */
import { entryOf } from '../../shared/domain/command-catalogue.ts';
import type { UserId } from '../../shared/domain/identity.ts';
import { renderAuditRows } from '../../shared/messages/audit-entry.ts';
import {
  streamKey,
  type BatchNeeds,
  type BatchStore,
  type StreamId,
} from '../../shared/ports/batch-store.ts';
import { decideBatch, type BatchResult } from './decide-batch.ts';
import type { BatchContext } from './decide-command.ts';
import type { LaneWork } from './task.ts';

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
    transaction.save(result, { outboxId, now: loaded.now, body });
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
 * name, the streams, and the whole portfolio of each user who asks for a summary.
 */
function needsOf(lanes: readonly LaneWork[]): BatchNeeds {
  const pairs = new Map<string, BatchNeeds['pairs'][number]>();
  const streams = new Map<string, StreamId>();
  const whole = new Set<UserId>();
  for (const { user, slices } of lanes) {
    for (const { task, from, to } of slices) {
      const { message } = task;
      if (message.type === 'firing') {
        const { symbol } = message.firing;
        pairs.set(`${user}\n${symbol}`, { user, symbol });
        continue;
      }
      streams.set(streamKey(message), { user, stream: message.stream });
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
  };
}
