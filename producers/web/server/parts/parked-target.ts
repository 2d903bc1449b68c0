/** Finds the address to which a parked message is replayed. */
import type { Parked, ParkedTarget } from '../../../../shared/amqp/parked.ts';
import { KEY_LIFETIME_MS } from '../../../../shared/pg/idempotency-keys.ts';
import { parseSymbol, parseUserId, SYSTEM_USER } from '../../../../shared/domain/identity.ts';
import { shardOf } from '../../../../shared/domain/shard.ts';
import {
  AUDIT_EXCHANGE,
  AUDIT_KEY,
  commandsExchange,
  INTAKE_EXCHANGE,
  QUOTE_REQUESTS_EXCHANGE,
  QUOTE_SHARDS,
  REPLAY_EXCHANGE,
  shardKey,
  TRIGGERS_QUEUE,
} from '../../../../shared/messages/address.ts';

export const NOT_REPLAYABLE =
  'its bytes do not say where it belongs, or what it did is not known any more: see its reason';

/**
 * Returns the target of a parked message. It is undefined if the bytes do not name the target, or if the
 * message may be done in part and nothing shows which part: the key of a command is dropped a day after its
 * deadline. A misrouted message goes to the right shard now, and one of a newer version to the present
 * consumer.
 */
export function parkedTarget(
  { from, body, code }: Pick<Parked, 'from' | 'body' | 'code'>,
  shardCount: number,
): ParkedTarget | undefined {
  if (code === 'message-perhaps-done') return undefined;
  switch (from) {
    case 'commands': {
      if (Date.now() > deadlineIn(body) + KEY_LIFETIME_MS) return undefined;
      const text = textIn(body, 'user');
      const user = text === SYSTEM_USER ? SYSTEM_USER : parseUserId(text);
      if (user === undefined) return undefined;
      return { exchange: commandsExchange(shardCount), key: shardKey(shardOf(user, shardCount)) };
    }
    case 'quotes': {
      const symbol = parseSymbol(textIn(body, 'symbol'));
      if (symbol === undefined) return undefined;
      return { exchange: QUOTE_REQUESTS_EXCHANGE, key: shardKey(shardOf(symbol, QUOTE_SHARDS)) };
    }
    case 'triggers':
      return textIn(body, 'symbol') === ''
        ? undefined
        : { exchange: REPLAY_EXCHANGE, key: TRIGGERS_QUEUE };
    case 'audit':
      return /^\d+\t/.test(body.toString('latin1', 0, 20))
        ? { exchange: AUDIT_EXCHANGE, key: AUDIT_KEY }
        : undefined;
    case 'intake':
      return { exchange: INTAKE_EXCHANGE, key: '' };
  }
}

/** Returns a text field of a JSON body; empty if there is none. */
function textIn(body: Buffer, field: string): string {
  const value = fieldIn(body, field);
  return typeof value === 'string' ? value : '';
}

/** Returns the deadline of the commands of a body; infinite if they have none. */
function deadlineIn(body: Buffer): number {
  const value = fieldIn(body, 'deadline');
  return typeof value === 'number' ? value : Infinity;
}

function fieldIn(body: Buffer, field: string): unknown {
  try {
    const record: unknown = JSON.parse(body.toString('utf8'));
    if (typeof record !== 'object' || record === null) return undefined;
    return (record as Readonly<Record<string, unknown>>)[field];
  } catch {
    return undefined;
  }
}
