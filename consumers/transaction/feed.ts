/** Knows whether anybody reads the feed, and tells it of orders that expire while their user gives no command. */
import { renderFeedRow } from '../../shared/messages/feed-message.ts';
import { deleteExpiredOrders, insertFeed, isFeedRead } from '../../shared/pg/feed.ts';
import { takeNow } from '../../shared/pg/outbox.ts';
import type { Pool } from '../../shared/pg/pool.ts';
import { inTransaction } from '../../shared/pg/transaction.ts';
import type { Service } from '../../shared/service/service.ts';

const EVERY_MS = 1_000;
const SILENT_MAX_MS = 60_000;

export type Feed = {
  /** Whether batches tell the feed what they did. */
  readonly isRead: () => boolean;
};

/** Opens the feed, which is looked for every second. */
export function openFeed({ config, schedule }: Service, pool: Pool): Feed {
  let isRead = false;
  schedule({
    name: 'feed',
    everyMs: EVERY_MS,
    silentMaxMs: SILENT_MAX_MS,
    run: async () => {
      isRead = await isFeedRead(pool);
      if (isRead) await tellExpired(pool, config.orderLifetimeMs);
    },
  });
  return { isRead: () => isRead };
}

const tellExpired = (pool: Pool, orderLifetimeMs: number): Promise<void> =>
  inTransaction(pool, async (client) => {
    const orders = await deleteExpiredOrders(client, orderLifetimeMs);
    if (orders.length === 0) return;
    // The id is drawn under the locks, as those of batches are.
    const { now, outboxId } = await takeNow(client);
    const events = orders.map(({ user_id, side, symbol, shares, price }) => ({
      kind: 'order-expired' as const,
      ...{ user: user_id, at: now, side, symbol },
      ...{ shares: Number(shares), price: Number(price) },
    }));
    await insertFeed(client, outboxId, renderFeedRow(events));
  });
