/** Lists, replays and deletes parked messages. */
import type { Channel, GetMessage } from 'amqplib';
import { PARKED_FROM, parkedQueue, type ParkedFrom } from '../messages/address.ts';
import { onChannel } from './declare.ts';
import type { Link } from './link.ts';
import { SYSTEM_TIMERS } from '../runtime/timers.ts';
import type { Publication, Publisher } from './publisher.ts';

/** The longest wait for a message that another operator's listing holds. A listing takes less. */
const FIND_MAX_MS = 2_000;
const FIND_AGAIN_MS = 100;

export type Parked = {
  readonly id: string;
  readonly from: ParkedFrom;
  readonly reason: string;
  readonly code: string;
  readonly type: string;
  readonly body: Buffer;
  /** The id that its sender gave it, or under which its lines took effect; empty if it had none. */
  readonly messageId: string;
  readonly replyTo: string;
  readonly correlationId: string;
};

/** The exchange and routing key to which a parked message is replayed. */
export type ParkedTarget = { readonly exchange: string; readonly key: string };

/** Lists the oldest `most` messages of each queue. They keep their places, since none is acked. */
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
  /** The most messages of each queue that are searched for the id. */
  readonly most: number;
};

/**
 * Publishes a parked message again with its sender's id, and acks the parked one after the confirm. If
 * the process dies in between, or two operators replay at once, the message is published twice; its
 * consumers recognise it by its id, position or outbox row.
 */
export async function replayParked(
  { link, publisher }: { readonly link: Link; readonly publisher: Publisher },
  { id, targetOf, most }: Replay,
): Promise<Replayed> {
  const replayed = await withParked<Replayed>(link, { id, most }, async (parked) => {
    const target = targetOf(parked);
    if (target === undefined) return { result: 'no-target', isDone: false };
    await publisher.publish({ ...target, ...copyOf(parked) });
    return { result: 'replayed', isDone: true };
  });
  return replayed ?? 'not-found';
}

/** Copies a parked message. One without an id gets an id that is the same at each replay. */
function copyOf(parked: Parked): Omit<Publication, 'exchange' | 'key'> {
  const { id, body, type, messageId, replyTo, correlationId } = parked;
  return {
    body,
    type,
    messageId: messageId === '' ? `parked-${id}` : messageId,
    headers: outboxOf(parked),
    ...(replyTo !== '' && { replyTo }),
    ...(correlationId !== '' && { correlationId }),
  };
}

/** Deletes a parked message; false if there is none with that id. */
export async function dropParked(
  link: Link,
  { id, most }: Pick<Replay, 'id' | 'most'>,
): Promise<boolean> {
  const work = (): Promise<Worked<boolean>> => Promise.resolve({ result: true, isDone: true });
  return (await withParked(link, { id, most }, work)) ?? false;
}

type Worked<Result> = { readonly result: Result; readonly isDone: boolean };

/**
 * Runs `work` on a parked message, and acks the message if the work returns `isDone`. Searches again for
 * up to `FIND_MAX_MS`, because while another operator lists messages their queues seem empty.
 */
async function withParked<Result>(
  link: Link,
  { id, most }: Pick<Replay, 'id' | 'most'>,
  work: (parked: Parked) => Promise<Worked<Result>>,
): Promise<Result | undefined> {
  const until = SYSTEM_TIMERS.now() + FIND_MAX_MS;
  let worked: Worked<Result> | undefined;
  for (;;) {
    await onChannel(link, async (channel) => {
      const found = await find(channel, id, most);
      if (found === undefined) return;
      worked = await work(parkedOf(found.from, found.message));
      if (worked.isDone) channel.ack(found.message);
    });
    if (worked !== undefined || SYSTEM_TIMERS.now() >= until) return worked?.result;
    await new Promise((resolve) => setTimeout(resolve, FIND_AGAIN_MS));
  }
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
    messageId: asText(headers['message-id']),
    replyTo: asText(fields['replyTo']),
    correlationId: asText(fields['correlationId']),
  };
}

/** Makes the header `outbox` of an audit message from the first field of its body, which has the same id. */
function outboxOf({ from, body }: Parked): Readonly<Record<string, string>> {
  const [id = ''] = body.toString('latin1', 0, 20).split('\t');
  return from === 'audit' && /^\d+$/.test(id) ? { outbox: id } : {};
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : '');
