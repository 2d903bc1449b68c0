/** Looking at messages that were set aside, and sending one again where it belongs. */
import type { Channel, GetMessage } from 'amqplib';
import { PARKED_FROM, parkedQueue, type ParkedFrom } from '../messages/address.ts';
import { onChannel } from './declare.ts';
import type { Link } from './link.ts';
import type { Publisher } from './publisher.ts';

export type Parked = {
  readonly id: string;
  readonly from: ParkedFrom;
  readonly reason: string;
  readonly code: string;
  readonly type: string;
  readonly body: Buffer;
};

/** Where a parked message is to go. */
export type ParkedTarget = { readonly exchange: string; readonly key: string };

/** The oldest of each queue, which keep their places: the channel is closed without an ack. */
export async function listParked(link: Link, most: number): Promise<readonly Parked[]> {
  const found: Parked[] = [];
  await onChannel(link, async (channel) => {
    for (const from of PARKED_FROM) {
      for (let index = 0; index < most; index += 1) {
        const message = await get(channel, from);
        if (message === undefined) break;
        found.push(parkedOf(from, message));
      }
    }
  });
  return found;
}

export type Replayed = 'replayed' | 'not-found' | 'no-target';

export type Replay = {
  readonly id: string;
  readonly targetOf: (parked: Parked) => ParkedTarget | undefined;
  /** How many of each queue are looked through. */
  readonly most: number;
};

/**
 * Publishes one parked message again, and lets it go once a queue has it. A crash between the two
 * leaves both: whatever takes it knows it by its position or claim.
 */
export async function replayParked(
  { link, publisher }: { readonly link: Link; readonly publisher: Publisher },
  { id, targetOf, most }: Replay,
): Promise<Replayed> {
  let result: Replayed = 'not-found';
  await onChannel(link, async (channel) => {
    const found = await find(channel, id, most);
    if (found === undefined) return;
    const parked = parkedOf(found.from, found.message);
    const target = targetOf(parked);
    if (target === undefined) {
      result = 'no-target';
      return;
    }
    const { body, type } = parked;
    await publisher.publish({ ...target, body, type, headers: outboxOf(parked) });
    channel.ack(found.message);
    result = 'replayed';
  });
  return result;
}

/** Lets one parked message go for good; false where there is none of that id. */
export async function dropParked(
  link: Link,
  { id, most }: Pick<Replay, 'id' | 'most'>,
): Promise<boolean> {
  let isDropped = false;
  await onChannel(link, async (channel) => {
    const found = await find(channel, id, most);
    if (found === undefined) return;
    channel.ack(found.message);
    isDropped = true;
  });
  return isDropped;
}

async function find(
  channel: Channel,
  id: string,
  most: number,
): Promise<{ readonly from: ParkedFrom; readonly message: GetMessage } | undefined> {
  for (const from of PARKED_FROM) {
    for (let index = 0; index < most; index += 1) {
      const message = await get(channel, from);
      if (message === undefined) break;
      if (parkedOf(from, message).id === id) return { from, message };
    }
  }
  return undefined;
}

async function get(channel: Channel, from: ParkedFrom): Promise<GetMessage | undefined> {
  const message = await channel.get(parkedQueue(from), { noAck: false });
  return message === false ? undefined : message;
}

function parkedOf(from: ParkedFrom, { content, properties }: GetMessage): Parked {
  const fields = properties as unknown as Readonly<Record<string, unknown>>;
  const headers = (fields['headers'] ?? {}) as Readonly<Record<string, unknown>>;
  return {
    id: asText(fields['messageId']),
    from,
    reason: asText(headers['reason']),
    code: asText(headers['code']),
    type: asText(fields['type']),
    body: content,
  };
}

/** An audit message names its outbox row in its first field too. */
function outboxOf({ from, body }: Parked): Readonly<Record<string, string>> {
  const [id = ''] = body.toString('latin1', 0, 20).split('\t');
  return from === 'audit' && /^\d+$/.test(id) ? { outbox: id } : {};
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : '');
