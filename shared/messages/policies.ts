/** What of the queues an operator can change while they are in use: delivery limit, length, time to live. */

export type PolicySpec = {
  readonly name: string;
  /** A regular expression over queue names. The broker gives a queue one policy: these do not overlap. */
  readonly pattern: string;
  readonly definition: Readonly<Record<string, string | number>>;
};

/** A policy that the broker's owner adds with a higher priority replaces one of these. */
export const POLICY_PRIORITY = 0;

/**
 * Far out of reach: every lost connection counts against *all* prefetched messages, and what is
 * dead-lettered is lost to its user's order. RabbitMQ 4 limits to 20 where nobody says otherwise.
 */
const DELIVERY_LIMIT = 1_000_000;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Refusing the newest makes its producer wait and send it again; nothing that was taken is dropped. */
const refuseBeyond = (length: number): PolicySpec['definition'] => ({
  'delivery-limit': DELIVERY_LIMIT,
  'max-length': length,
  overflow: 'reject-publish',
});

/** Dropping the oldest is for what somebody asks again or what newer messages replace. */
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
    // The trigger consumers compare every armed trigger with the latest quotes besides.
    name: 'trigger-quotes',
    pattern: '^triggers\\.quotes$',
    definition: { 'delivery-limit': DELIVERY_LIMIT, ...dropBeyond(100_000, MINUTE_MS) },
  },
  {
    // These only wake: what is to be dumped stands in the database.
    name: 'dumps',
    pattern: '^audit\\.dumps$',
    definition: { 'delivery-limit': DELIVERY_LIMIT, ...dropBeyond(1_000, MINUTE_MS) },
  },
  {
    name: 'parked',
    pattern: '\\.parked$',
    definition: { 'delivery-limit': DELIVERY_LIMIT, ...dropBeyond(100_000, 30 * DAY_MS) },
  },
  { name: 'replies', pattern: '^replies\\.', definition: dropBeyond(100_000, MINUTE_MS) },
  { name: 'quote-feeds', pattern: '^quotes\\.feed\\.', definition: dropBeyond(100_000, MINUTE_MS) },
];
