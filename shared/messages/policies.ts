/** Limits that an operator can change while queues are in use: deliveries, length, time to live. */

export type PolicySpec = {
  readonly name: string;
  /** A regular expression over queue names. They must not overlap, because a queue has only one policy. */
  readonly pattern: string;
  readonly definition: Readonly<Record<string, string | number>>;
};

/** The lowest priority, so that a policy of the broker's operator replaces one of these. */
export const POLICY_PRIORITY = 0;

/**
 * A limit that is never reached. Each lost connection counts as a delivery of *all* prefetched messages,
 * and a dead-lettered command would be missing from its user's order. RabbitMQ 4's default is 20.
 */
const DELIVERY_LIMIT = 1_000_000;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Refuses new messages if the queue is full. Their producer sends them again; nothing stored is dropped. */
const refuseBeyond = (length: number): PolicySpec['definition'] => ({
  'delivery-limit': DELIVERY_LIMIT,
  'max-length': length,
  overflow: 'reject-publish',
});

/** Drops the oldest messages if the queue is full. Their sender repeats them, or newer ones replace them. */
const dropBeyond = (length: number, ttlMs: number): PolicySpec['definition'] => ({
  'max-length': length,
  overflow: 'drop-head',
  'message-ttl': ttlMs,
});

export const POLICIES: readonly PolicySpec[] = [
  { name: 'commands', pattern: '^commands\\.shard\\.', definition: refuseBeyond(1_000_000) },
  { name: 'audit', pattern: '^audit\\.events$', definition: refuseBeyond(1_000_000) },
  { name: 'intake', pattern: '^intake\\.lines$', definition: refuseBeyond(10_000) },
  {
    name: 'quote-requests',
    pattern: '^quotes\\.requests\\.',
    definition: { 'delivery-limit': DELIVERY_LIMIT, ...dropBeyond(100_000, MINUTE_MS) },
  },
  {
    // Dropping is safe, because the trigger consumers also compare all armed triggers with the latest quotes.
    name: 'trigger-quotes',
    pattern: '^triggers\\.quotes$',
    definition: { 'delivery-limit': DELIVERY_LIMIT, ...dropBeyond(100_000, MINUTE_MS) },
  },
  {
    // Dropping is safe, because these only wake the audit consumers; the requests are in the database.
    name: 'dumps',
    pattern: '^audit\\.dumps$',
    definition: { 'delivery-limit': DELIVERY_LIMIT, ...dropBeyond(1_000, MINUTE_MS) },
  },
  {
    name: 'parked',
    pattern: '\\.parked$',
    definition: { 'delivery-limit': DELIVERY_LIMIT, ...dropBeyond(100_000, 30 * DAY_MS) },
  },
  {
    // A reader who is slow loses the oldest messages; nobody waits for them.
    name: 'feed',
    pattern: '^feed\\.',
    definition: { 'max-length-bytes': 256 * 1_024 * 1_024, 'max-age': '7D' },
  },
  { name: 'replies', pattern: '^replies\\.', definition: dropBeyond(100_000, MINUTE_MS) },
  { name: 'quote-feeds', pattern: '^quotes\\.feed\\.', definition: dropBeyond(100_000, MINUTE_MS) },
];
