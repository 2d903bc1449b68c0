/** Where a parked message belongs; undefined where it cannot be replayed. */
import type { Parked, ParkedTarget } from '../../../shared/amqp/parked.ts';
import { KEY_LIFETIME_MS } from '../../../shared/pg/idempotency-keys.ts';
import { parseSymbol, parseUserId, SYSTEM_USER } from '../../../shared/domain/identity.ts';
import { shardOf } from '../../../shared/domain/shard.ts';
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
} from '../../../shared/messages/address.ts';

export const NOT_REPLAYABLE =
  'its bytes do not say where it belongs, or what it did is not known any more: see its reason';

/**
 * Undefined where the bytes do not say where it belongs, or where a part of it may be done and nothing
 * tells which: a command's key is forgotten a day after its deadline.
 *
 * A message that was misrouted goes to its own shard now; one of a newer version to whoever reads it by then.
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

/** A text of a JSON body; empty where there is none, or no JSON. */
function textIn(body: Buffer, field: string): string {
  const value = fieldIn(body, field);
  return typeof value === 'string' ? value : '';
}

/** The instant after which the commands of a body are too late. */
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
