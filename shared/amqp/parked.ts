/** Looking at messages that were set aside, and sending one again where it belongs. */
import type { Channel, GetMessage } from 'amqplib';
import { PARKED_FROM, parkedQueue, type ParkedFrom } from '../messages/address.ts';
import { onChannel } from './declare.ts';
import type { Link } from './link.ts';
import { SYSTEM_TIMERS } from '../runtime/timers.ts';
import type { Publication, Publisher } from './publisher.ts';

/** A listing of a thousand messages takes less. */
const LOOK_MAX_MS = 2_000;
const LOOK_AGAIN_MS = 100;

export type Parked = {
  readonly id: string;
  readonly from: ParkedFrom;
  readonly reason: string;
  readonly code: string;
  readonly type: string;
  readonly body: Buffer;
  /** What its sender gave it, or what its lines took effect under; empty where it had none. */
  readonly messageId: string;
  readonly replyTo: string;
  readonly correlationId: string;
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
 * Publishes one parked message again, under the id of its sender, and acks it once a queue has it.
 * A crash between the two leaves both, and two operators may replay at once: whatever takes it knows
 * it again by its id, position or claim.
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

/** One without an id gets the same one each time. */
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

/** Lets one parked message go for good; false where there is none of that id. */
export async function dropParked(
  link: Link,
  { id, most }: Pick<Replay, 'id' | 'most'>,
): Promise<boolean> {
  const work = (): Promise<Worked<boolean>> => Promise.resolve({ result: true, isDone: true });
  return (await withParked(link, { id, most }, work)) ?? false;
}

type Worked<Result> = { readonly result: Result; readonly isDone: boolean };

/**
 * Finds one message, and acks it if the work says that it is done with. Looks again for a while
 * where it is not there: another operator who lists has every message in hand meanwhile.
 */
async function withParked<Result>(
  link: Link,
  { id, most }: Pick<Replay, 'id' | 'most'>,
  work: (parked: Parked) => Promise<Worked<Result>>,
): Promise<Result | undefined> {
  const until = SYSTEM_TIMERS.now() + LOOK_MAX_MS;
  let worked: Worked<Result> | undefined;
  for (;;) {
    await onChannel(link, async (channel) => {
      const found = await find(channel, id, most);
      if (found === undefined) return;
      worked = await work(parkedOf(found.from, found.message));
      if (worked.isDone) channel.ack(found.message);
    });
    if (worked !== undefined || SYSTEM_TIMERS.now() >= until) return worked?.result;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
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

/** An audit message names its outbox row in its first field too. */
function outboxOf({ from, body }: Parked): Readonly<Record<string, string>> {
  const [id = ''] = body.toString('latin1', 0, 20).split('\t');
  return from === 'audit' && /^\d+$/.test(id) ? { outbox: id } : {};
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : '');
