/** Every exchange, routing key and queue name. Nothing else spells one out. */

const twoDigits = (index: number): string => index.toString().padStart(2, '0');

/** Symbols are spread over this many quote queues; a stored message was placed by it. */
export const QUOTE_SHARDS = 4;

/** Shards have two digits in their names. */
export const SHARDS_MAX = 99;

/** The shard count is in the name: a process configured otherwise fails at once, instead of misrouting. */
export const commandsExchange = (shardCount: number): string => `commands.${shardCount}`;
export const shardKey = (shard: number): string => `shard.${twoDigits(shard)}`;
export const commandsQueue = (shard: number): string => `commands.shard.${twoDigits(shard)}`;

export const QUOTE_REQUESTS_EXCHANGE = 'quotes.requests';
export const quoteRequestsQueue = (shard: number): string => `quotes.requests.${twoDigits(shard)}`;

/** Topic exchange; the routing key is the symbol. */
export const QUOTES_CHANGED_EXCHANGE = 'quotes.changed';
export const TRIGGERS_QUEUE = 'triggers.quotes';

export const AUDIT_EXCHANGE = 'audit';
export const AUDIT_KEY = 'events';
export const AUDIT_QUEUE = 'audit.events';
/** A dump was asked for: wakes the audit consumers, which look into the database for it. */
export const DUMPS_KEY = 'dumps';
export const DUMPS_QUEUE = 'audit.dumps';

/** Takes workload lines as text, whatever the routing key: people publish here by hand. */
export const INTAKE_EXCHANGE = 'intake';
export const INTAKE_QUEUE = 'intake.lines';

/** Where bytes go that are no message, with the reason in their headers. */
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

/** Direct exchange; the routing key is the name of a reply queue. Nothing else is bound to it. */
export const REPLIES_EXCHANGE = 'replies';
/** Direct exchange; an administrator sends a parked message back to a queue that shares its exchange. */
export const REPLAY_EXCHANGE = 'replay';
/** Reaches every queue by its name. Only the intake publishes there: its clients name queues of their own. */
export const DEFAULT_EXCHANGE = '';
export const replyQueue = (processName: string, id: string): string =>
  `replies.${processName}.${id}`;
export const quoteFeedQueue = (processName: string, id: string): string =>
  `quotes.feed.${processName}.${id}`;

const SYSTEM_QUEUES: readonly RegExp[] = [
  /^commands\.shard\./,
  /^quotes\.(requests|feed)\./,
  /^triggers\.quotes$/,
  /^audit\.(events|dumps)$/,
  /^intake\.lines$/,
  /^replies\./,
  /\.parked$/,
];

/** Whether a queue of that name is the system's: a client may not have its answer sent there. */
export const isSystemQueue = (name: string): boolean =>
  SYSTEM_QUEUES.some((pattern) => pattern.test(name));
