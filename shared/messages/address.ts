/** The names of all exchanges, routing keys and queues. No other module spells one out. */

const twoDigits = (index: number): string => index.toString().padStart(2, '0');

/** The number of quote queues. It must not change while they hold messages, which were routed by it. */
export const QUOTE_SHARDS = 4;

/**
 * The direct exchange for commands. Its name contains the shard count, so a process that is configured
 * with another count fails at once instead of misrouting commands.
 */
export const commandsExchange = (shardCount: number): string => `commands.${shardCount}`;
/** The routing key of a shard, for commands (by user) and quote requests (by symbol). */
export const shardKey = (shard: number): string => `shard.${twoDigits(shard)}`;
export const commandsQueue = (shard: number): string => `commands.shard.${twoDigits(shard)}`;

export const QUOTE_REQUESTS_EXCHANGE = 'quotes.requests';
export const quoteRequestsQueue = (shard: number): string => `quotes.requests.${twoDigits(shard)}`;

/** The topic exchange for new prices. The routing key is the symbol. */
export const QUOTES_CHANGED_EXCHANGE = 'quotes.changed';
export const TRIGGERS_QUEUE = 'triggers.quotes';

export const AUDIT_EXCHANGE = 'audit';
export const AUDIT_KEY = 'events';
export const AUDIT_QUEUE = 'audit.events';
/** The routing key of messages that wake the audit consumers when a dump is requested in the database. */
export const DUMPS_KEY = 'dumps';
export const DUMPS_QUEUE = 'audit.dumps';

/** The topic exchange that says what happened to accounts, for readers outside. */
export const FEED_EXCHANGE = 'feed';
/** A point separates the parts of a routing key, so one in a user name becomes `%2E`. */
export const feedKey = (user: string, kind: string): string =>
  `${FEED_EXCHANGE}.${user.replaceAll('.', '%2E')}.${kind}`;
/** The queue of one reader of the feed. */
export const feedQueue = (reader: string): string => `${FEED_EXCHANGE}.${reader}`;

/** The fanout exchange for workload lines as text, which people publish by hand with any routing key. */
export const INTAKE_EXCHANGE = 'intake';
export const INTAKE_QUEUE = 'intake.lines';

/** The direct exchange for messages that cannot be read. Their headers give the reason. */
export const PARKED_EXCHANGE = 'parked';
export type ParkedFrom = 'commands' | 'quotes' | 'triggers' | 'audit' | 'intake';
export const PARKED_FROM: readonly ParkedFrom[] = [
  'commands',
  'quotes',
  'triggers',
  'audit',
  'intake',
];
export const parkedQueue = (from: ParkedFrom): string => `${from}.parked`;

/** The direct exchange for replies. Only reply queues are bound to it, each with its name as the key. */
export const REPLIES_EXCHANGE = 'replies';
/**
 * The direct exchange for replaying a parked message to one queue whose own exchange has other queues
 * too. The routing key is the name of the queue.
 */
export const REPLAY_EXCHANGE = 'replay';
/** Routes to any queue by its name. Only the intake publishes to it, to answer to queues of its clients. */
export const DEFAULT_EXCHANGE = '';
/** The name of a process's reply queue. `id` makes it unique. */
export const replyQueue = (processName: string, id: string): string =>
  `replies.${processName}.${id}`;
/** The name of a process's queue of all new prices. `id` makes it unique. */
export const quoteFeedQueue = (processName: string, id: string): string =>
  `quotes.feed.${processName}.${id}`;

const SYSTEM_QUEUES: readonly RegExp[] = [
  /^commands\.shard\./,
  /^quotes\.(requests|feed)\./,
  /^triggers\.quotes$/,
  /^audit\.(events|dumps)$/,
  /^feed\./,
  /^intake\.lines$/,
  /^replies\./,
  /\.parked$/,
];

/** Whether a queue of that name belongs to the system. Clients may not name such a queue as `reply_to`. */
export const isSystemQueue = (name: string): boolean =>
  SYSTEM_QUEUES.some((pattern) => pattern.test(name));
