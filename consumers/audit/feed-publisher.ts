/** Publishes what happened to accounts from the database to the feed, at least once and in each user's order. */
import type { Publisher } from '../../shared/amqp/publisher.ts';
import {
  FEED_MESSAGE_TYPE,
  feedPublications,
  type FeedPublication,
} from '../../shared/messages/feed-message.ts';
import { forgetFeed, isFeedRead, publishFeed } from '../../shared/pg/feed.ts';
import type { Service } from '../../shared/service/service.ts';

/** How often it looks for something to publish while somebody reads. */
const EVERY_MS = 200;
/** How often it looks for readers while there are none. */
const LOOK_EVERY_MS = 1_000;
const SILENT_MAX_MS = 60_000;

/** Starts to publish while there are readers. A fault holds the round; what was not confirmed is published again. */
export function startFeedPublisher({ pool, publisher, schedule, log }: Service): void {
  let isRead = false;
  schedule({
    name: 'feed readers',
    everyMs: LOOK_EVERY_MS,
    silentMaxMs: SILENT_MAX_MS,
    run: async () => {
      isRead = await isFeedRead(pool);
      const forgotten = await forgetFeed(pool, isRead);
      if (isRead && forgotten > 0) log.warn('the feed lost events: the broker took none for a day');
    },
  });
  schedule({
    name: 'feed',
    everyMs: EVERY_MS,
    silentMaxMs: SILENT_MAX_MS,
    run: async () => {
      if (!isRead) return;
      let mayBeMore = true;
      while (mayBeMore) {
        mayBeMore = await publishFeed(pool, (rows) =>
          publishInOrder(
            publisher,
            rows.flatMap(({ id, body }) => feedPublications(id, body)),
          ),
        );
      }
    },
  });
}

/**
 * Publishes one message of each user at a time. A user's next message follows the confirm of the one before, so none
 * overtakes another, even if the broker refuses one.
 */
export async function publishInOrder(
  publisher: Pick<Publisher, 'publish'>,
  all: readonly FeedPublication[],
): Promise<void> {
  let waiting = all;
  while (waiting.length > 0) {
    const inFlight = new Set<string>();
    const first: FeedPublication[] = [];
    const later: FeedPublication[] = [];
    for (const each of waiting) {
      (inFlight.has(each.user) ? later : first).push(each);
      inFlight.add(each.user);
    }
    await Promise.all(
      first.map(({ exchange, key, messageId, body }) =>
        publisher.publish({
          ...{ exchange, key, messageId, body },
          type: FEED_MESSAGE_TYPE,
          mandatory: false,
        }),
      ),
    );
    waiting = later;
  }
}
