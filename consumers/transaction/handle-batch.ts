/** One batch, one transaction: positions, state, ledger and audit message, all or nothing. */
import type { UserId } from '../../shared/domain/identity.ts';
import { renderAuditRows } from '../../shared/messages/audit-entry.ts';
import {
  streamKey,
  type BatchNeeds,
  type BatchStore,
  type StreamId,
} from '../../shared/ports/batch-store.ts';
import type { BatchContext, LaneResult } from './batch.ts';
import { decideBatch } from './decide-batch.ts';
import type { LaneWork } from './task.ts';

/** What was committed. */
export type Committed = {
  readonly lanes: readonly LaneResult[];
  readonly now: number;
  /** The audit message to publish, where there is anything to audit. */
  readonly audit: { readonly id: string; readonly body: string } | undefined;
  /** Whether an audit consumer has a dump to write or to answer. */
  readonly dumps: boolean;
};

/** Decides a batch in one transaction. Rejects as `inTransaction` does; nothing is changed then. */
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
      now: loaded.now,
      audit: body === '' ? undefined : { id: outboxId, body },
      dumps: result.dumps.length > 0 || result.dumpsAskedAgain.length > 0,
    };
  });
}

/** What the commands of a batch can touch: pairs they name, and all of whoever asks for a summary. */
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
        if (command.type === 'DISPLAY_SUMMARY') whole.add(user);
        else if (command.type !== 'UNREADABLE' && 'symbol' in command) {
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
