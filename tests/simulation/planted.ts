/** The planted bugs: variants of the wiring, which the checkers must find. */
import type { LaneWork } from '../../consumers/transaction/lanes.ts';
import type { UnackedDelivery } from '../../shared/amqp/delivery.ts';
import type { AuditMessage } from '../../shared/pg/audit-insert.ts';
import { streamKey, type BatchStore, type StreamState } from '../../shared/ports/batch-store.ts';
import type { MemoryDatabase } from '../support/memory-database.ts';
import { auditRowsIn } from '../support/memory-tables.ts';

/** A store that takes every message for the next of its stream, and every key for a new one. */
export const withoutPositions = (store: BatchStore, lanes: readonly LaneWork[]): BatchStore => ({
  inTransaction: (work) =>
    store.inTransaction((transaction) =>
      work({
        load: async (needs) => {
          const { loaded, outboxId } = await transaction.load(needs);
          return { loaded: { ...loaded, streams: believedOf(lanes), keys: new Map() }, outboxId };
        },
        save: (writes, at) => transaction.save(writes, at),
      }),
    ),
});

function believedOf(lanes: readonly LaneWork[]): ReadonlyMap<string, StreamState> {
  const believed = new Map<string, StreamState>();
  for (const { task, from } of lanes.flatMap(({ slices }) => slices)) {
    const { message } = task;
    if (message.type === 'firing' || believed.has(streamKey(message))) continue;
    const last = message.position + from - 1;
    believed.set(streamKey(message), { last, lastOutcome: undefined, bodyHash: undefined });
  }
  return believed;
}

/** Tells the broker at once that a message is done. */
export function ackedAtOnce(delivery: UnackedDelivery): UnackedDelivery {
  delivery.ack();
  return { ...delivery, ack: () => undefined };
}

/** Stores every message, and leaves the outbox as it is. */
export function insertWithoutClaim(
  { tables }: MemoryDatabase,
  messages: readonly AuditMessage[],
): number {
  for (const { body } of messages) tables.audit.push(...auditRowsIn(body.toString()));
  return messages.length;
}
