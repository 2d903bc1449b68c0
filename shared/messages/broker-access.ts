/** What each role may do on the broker: patterns of names, as RabbitMQ takes them. Nothing else is allowed. */
import type { Role } from '../runtime/roles.ts';

export type BrokerAccess = {
  /** Names it may declare and delete. */
  readonly configure: readonly string[];
  /** Exchanges it may publish to, and queues it may bind. */
  readonly write: readonly string[];
  /** Queues it may consume, and exchanges it may bind to. */
  readonly read: readonly string[];
  /** What it may see in the management UI; none = it cannot sign in there. */
  readonly tags: readonly string[];
};

/** The default exchange, as permissions name it. It reaches every queue: only the intake answers clients' own. */
const DEFAULT = 'amq\\.default';
const REPLIES = 'replies';
const COMMANDS = 'commands\\.\\d+';
const PARKED = 'parked';

/** The queues of one process alone carry its name, which begins with that of its pool. */
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
    write: ['audit\\.(events|dumps)', REPLIES, PARKED],
    read: ['audit\\.(events|dumps)', 'audit'],
  }),
  intake: process({
    configure: ['intake\\.lines', repliesOf('intake')],
    write: ['intake\\.lines', repliesOf('intake'), COMMANDS, DEFAULT, PARKED],
    read: ['intake\\.lines', 'intake', REPLIES, repliesOf('intake')],
  }),
  // An administrator hands parked messages back to where they came from.
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
  // To look into any other queue there would take its messages out of their order. No policies: one of a
  // length of 0 empties a queue, and one with a dead-letter exchange diverts it.
  operator: {
    configure: [],
    write: ['intake'],
    read: ['.+\\.parked'],
    tags: ['monitoring'],
  },
};

/** One pattern for all of them, from the first letter to the last; of none, one that nothing meets. */
export const patternOf = (names: readonly string[]): string =>
  names.length === 0 ? '^$' : `^(${names.join('|')})$`;
