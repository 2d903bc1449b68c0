/** The permissions of each role on the broker, as RabbitMQ's patterns of names. Nothing else is allowed. */
import type { Role } from '../runtime/roles.ts';

type BrokerAccess = {
  /** Queues and exchanges that the role may declare and delete. */
  readonly configure: readonly string[];
  /** Exchanges that the role may publish to, and queues that it may bind. */
  readonly write: readonly string[];
  /** Queues that the role may consume from, and exchanges that it may bind to. */
  readonly read: readonly string[];
  /** The role's tags for the management UI. Without a tag it cannot sign in there. */
  readonly tags: readonly string[];
};

/** The default exchange, which routes to every queue. The intake answers to its clients' own queues by it. */
const DEFAULT = 'amq\\.default';
const REPLIES = 'replies';
const COMMANDS = 'commands\\.\\d+';
const PARKED = 'parked';

/** A process's own queues contain its name, which begins with the name of its pool. */
const repliesOf = (...names: readonly string[]): string => `replies\\.(${names.join('|')}).*`;
const feedOf = (name: string): string => `quotes\\.feed\\.${name}.*`;

type Names = Pick<BrokerAccess, 'configure' | 'write' | 'read'>;
const process = (names: Names): BrokerAccess => ({ ...names, tags: [] });

export const BROKER_ACCESS: Readonly<Record<Role, BrokerAccess>> = {
  transaction: process({
    configure: ['commands\\.shard\\.\\d+', repliesOf('transaction'), feedOf('transaction')],
    write: [
      ...['commands\\.shard\\.\\d+', repliesOf('transaction'), feedOf('transaction')],
      ...[REPLIES, 'audit', 'quotes\\.requests', PARKED],
    ],
    read: [
      ...['commands\\.shard\\.\\d+', repliesOf('transaction'), feedOf('transaction')],
      ...[COMMANDS, REPLIES, 'quotes\\.changed'],
    ],
  }),
  quote: process({
    configure: ['quotes\\.requests\\.\\d+'],
    write: ['quotes\\.requests\\.\\d+', REPLIES, 'audit', 'quotes\\.changed', PARKED],
    read: ['quotes\\.requests\\.\\d+', 'quotes\\.requests'],
  }),
  trigger: process({
    configure: ['triggers\\.quotes'],
    write: ['triggers\\.quotes', COMMANDS, 'quotes\\.requests', PARKED],
    read: ['triggers\\.quotes', 'quotes\\.changed', 'replay'],
  }),
  audit: process({
    configure: ['audit\\.(events|dumps)'],
    write: ['audit\\.(events|dumps)', REPLIES, 'feed', PARKED],
    read: ['audit\\.(events|dumps)', 'audit'],
  }),
  intake: process({
    configure: ['intake\\.lines', repliesOf('intake')],
    write: ['intake\\.lines', repliesOf('intake'), COMMANDS, DEFAULT, PARKED],
    read: ['intake\\.lines', 'intake', REPLIES, repliesOf('intake')],
  }),
  // An administrator replays parked messages to the exchanges that they came from.
  web: process({
    configure: [repliesOf('web'), feedOf('web')],
    write: [
      ...[repliesOf('web'), feedOf('web')],
      ...[COMMANDS, 'quotes\\.requests', 'audit', 'intake', 'replay'],
    ],
    read: [repliesOf('web'), feedOf('web'), REPLIES, 'quotes\\.changed', '.+\\.parked'],
  }),
  producer: process({
    configure: [repliesOf('workload', 'send', 'publish')],
    write: [COMMANDS, repliesOf('workload', 'send', 'publish')],
    read: [REPLIES, repliesOf('workload', 'send', 'publish')],
  }),
  reader: { configure: [], write: [], read: [], tags: ['monitoring'] },
  // May read parked messages only: getting a message from any other queue in the UI breaks its order. May
  // not set policies: a maximum length of 0 empties a queue, and a dead-letter exchange diverts it.
  operator: {
    configure: [],
    write: ['intake'],
    read: ['.+\\.parked'],
    tags: ['monitoring'],
  },
};

/** Joins patterns to one that matches whole names. Without patterns it matches no name. */
export const patternOf = (names: readonly string[]): string =>
  names.length === 0 ? '^$' : `^(${names.join('|')})$`;
