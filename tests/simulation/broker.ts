/** A broker in memory: bindings, queues in order, one active consumer where the topology says so, acks. */
import type { UnackedDelivery } from '../../shared/amqp/delivery.ts';
import type { Publication, Publisher } from '../../shared/amqp/publisher.ts';
import { AUDIT_EXCHANGE, REPLIES_EXCHANGE } from '../../shared/messages/address.ts';
import { topologyOf } from '../../shared/messages/topology.ts';
import { TransientError } from '../../shared/runtime/errors.ts';
import type { Agenda } from './agenda.ts';
import type { CrashPoint, Faults } from './faults.ts';
import type { SimulatedProcess } from './process.ts';

export type Message = Omit<UnackedDelivery, 'isOpen' | 'ack' | 'redelivered'> & {
  readonly seq: number;
  readonly expiresAt: number;
  readonly redelivered: boolean;
};

type Queue = {
  readonly name: string;
  readonly isSingle: boolean;
  ready: Message[];
  readonly channels: Channel[];
};

/** `isOpen` is the broker's view; `isOpenHere` is that of the process, which learns of a close later. */
type Channel = {
  readonly queue: Queue;
  readonly process: SimulatedProcess;
  readonly subscription: Subscription;
  readonly onDelivery: (delivery: UnackedDelivery) => void;
  readonly onGone: () => void;
  readonly unacked: Map<number, Message>;
  readonly prefetch: number;
  isOpen: boolean;
  isOpenHere: boolean;
  lastDue: number;
};

export type Subscription = {
  readonly queue: string;
  readonly process: SimulatedProcess;
  readonly onDelivery: (delivery: UnackedDelivery) => void;
  readonly onGone?: () => void;
  /** An exchange all of whose messages the queue receives. The queue is then exclusive to the process. */
  readonly follows?: string;
  readonly onMade?: () => void;
};

export type BrokerWatch = {
  readonly onPublish: (publication: Publication) => void;
  readonly onAck: (message: Message) => void;
};

const PREFETCH = 20;

export class SimulatedBroker {
  readonly queues: Map<string, Queue> = new Map<string, Queue>();
  readonly #routes = new Map<string, Set<string>>();
  readonly #agenda: Agenda;
  readonly #faults: Faults;
  readonly #watch: BrokerWatch;
  #seq = 0;

  constructor(options: {
    readonly agenda: Agenda;
    readonly faults: Faults;
    readonly shardCount: number;
    readonly watch: BrokerWatch;
  }) {
    this.#agenda = options.agenda;
    this.#faults = options.faults;
    this.#watch = options.watch;
    for (const { name, singleActiveConsumer, bindings } of topologyOf(options.shardCount).queues) {
      this.#queue(name, singleActiveConsumer);
      for (const { exchange, key } of bindings) this.#bind(`${exchange} ${key}`, name);
    }
  }

  #queue(name: string, isSingle = false): Queue {
    const queue = this.queues.get(name) ?? { name, isSingle, ready: [], channels: [] };
    this.queues.set(name, queue);
    return queue;
  }

  #bind(route: string, queue: string): void {
    this.#routes.set(route, (this.#routes.get(route) ?? new Set()).add(queue));
  }

  /** Whether no message is on its way or in work. */
  isIdle(): boolean {
    return [...this.queues.values()].every(
      ({ ready, channels }) =>
        ready.length === 0 && channels.every(({ unacked }) => unacked.size === 0),
    );
  }

  subscribe(subscription: Subscription): void {
    const { queue: name, process, onDelivery, onGone, follows, onMade } = subscription;
    const queue = this.#queue(name);
    if (follows !== undefined) this.#bind(`${follows} #`, name);
    onMade?.();
    const channel: Channel = {
      queue,
      process,
      subscription,
      onDelivery,
      onGone: onGone ?? (() => undefined),
      unacked: new Map(),
      prefetch: PREFETCH,
      isOpen: true,
      isOpenHere: true,
      lastDue: 0,
    };
    queue.channels.push(channel);
    this.#pump(queue);
  }

  /** Closes the channels of a process. Its unacked messages go to the next consumer, in order. */
  dropChannels(process: SimulatedProcess, isChosen: (queue: string) => boolean = () => true): void {
    for (const queue of this.queues.values()) {
      for (const channel of queue.channels.filter((each) => each.process === process)) {
        if (isChosen(queue.name)) this.#drop(channel);
      }
    }
  }

  #drop(channel: Channel): void {
    const { queue, process, unacked } = channel;
    channel.isOpen = false;
    queue.channels.splice(queue.channels.indexOf(channel), 1);
    // An exclusive queue is deleted with its connection, and so are its messages.
    if (isOwn(queue.name)) this.queues.delete(queue.name);
    const back = [...unacked.values()].map((message) => ({ ...message, redelivered: true }));
    queue.ready = [...back, ...queue.ready].sort((one, other) => one.seq - other.seq);
    unacked.clear();
    // The process learns of it later, and works on with its messages until then.
    const notice = (): void => {
      channel.isOpenHere = false;
      channel.onGone();
      this.#agenda.add(
        this.#faults.latency(500),
        'subscribe again',
        () => this.subscribe(channel.subscription),
        process,
      );
    };
    this.#agenda.add(this.#faults.latency(300), 'channel gone', notice, process);
    this.#pump(queue);
  }

  #pump(queue: Queue): void {
    for (;;) {
      const channel = this.#next(queue);
      const message = channel === undefined ? undefined : queue.ready.shift();
      if (channel === undefined || message === undefined) return;
      if (message.expiresAt <= this.#agenda.now) continue;
      channel.unacked.set(message.seq, message);
      channel.lastDue = Math.max(channel.lastDue, this.#agenda.now + this.#faults.latency(2));
      const deliver = (): void => {
        if (channel.isOpenHere) channel.onDelivery(this.#deliveryOf(channel, message));
      };
      const inMs = channel.lastDue - this.#agenda.now;
      this.#agenda.add(
        inMs,
        `deliver ${queue.name.replace(/[0-9a-f-]{36}/, '')}`,
        deliver,
        channel.process,
      );
    }
  }

  #next({ isSingle, channels }: Queue): Channel | undefined {
    const candidates = (isSingle ? channels.slice(0, 1) : channels).filter(
      ({ unacked, prefetch }) => unacked.size < prefetch,
    );
    return candidates[this.#faults.random.below(Math.max(1, candidates.length))];
  }

  #deliveryOf(channel: Channel, message: Message): UnackedDelivery {
    const { process, queue } = channel;
    return {
      ...message,
      isOpen: () => channel.isOpenHere,
      ack: () => {
        if (!channel.isOpenHere || !process.isAlive) return;
        if (this.#faults.strikes('crash before-ack')) {
          process.kill();
          return;
        }
        this.#agenda.add(this.#faults.latency(2), 'ack', () => {
          if (!channel.isOpen || !channel.unacked.delete(message.seq)) return;
          this.#watch.onAck(message);
          if (!isOwn(queue.name) && this.#faults.strikes('message again late')) {
            this.#agenda.add(this.#faults.latency(8_000), 'again', () => this.#put(queue, message));
          }
          this.#pump(queue);
        });
      },
    };
  }

  #put(queue: Queue, message: Message): void {
    this.#seq += 1;
    queue.ready.push({ ...message, seq: this.#seq });
    this.#pump(queue);
  }

  #enqueue({ exchange, key, ...publication }: Publication): void {
    const { correlationId, replyTo, type, body, expiresAfterMs = Infinity } = publication;
    const names =
      exchange === REPLIES_EXCHANGE
        ? [key]
        : [
            ...(this.#routes.get(`${exchange} ${key}`) ?? []),
            ...(this.#routes.get(`${exchange} #`) ?? []),
          ];
    const expiresAt = this.#agenda.now + expiresAfterMs;
    const messageId = publication.messageId ?? '';
    for (const name of names) {
      const queue = this.queues.get(name);
      if (queue === undefined) continue;
      const message = { seq: 0, body, messageId, correlationId, replyTo, type, expiresAt };
      this.#put(queue, { ...message, redelivered: false });
      if (this.#faults.strikes('message twice'))
        this.#put(queue, { ...message, redelivered: false });
    }
  }

  /** The publisher of a process. It rejects if a message is refused or not confirmed. */
  publisherOf(process: SimulatedProcess): Publisher {
    const publish = async (publication: Publication): Promise<void> => {
      if (!process.isAlive) await process.die();
      this.#watch.onPublish(publication);
      const isRefused = this.#faults.strikes('publish refused');
      const isLost = publication.type === 'answers' && this.#faults.strikes('reply lost');
      this.#agenda.add(process.arrivalMs(), `publish ${publication.type}`, () => {
        if (!isRefused && !isLost) this.#enqueue(publication);
      });
      await process.stepAt(pointAfter(publication), 6);
      if (isRefused) throw new TransientError('broker-unavailable', 'the broker refused a message');
      if (this.#faults.strikes('confirm lost')) {
        throw new TransientError('broker-unavailable', 'the confirm was lost');
      }
    };
    return { publish, ready: () => process.step('ready', 0), close: () => Promise.resolve() };
  }
}

/** Exclusive queues are deleted with their process, so none of their messages comes late. */
const isOwn = (queue: string): boolean => queue.startsWith('replies') || queue.includes('feed');

function pointAfter({ exchange, type }: Publication): CrashPoint {
  if (exchange === AUDIT_EXCHANGE) return 'after-audit-publish';
  return type === 'answers' ? 'after-replies' : 'between';
}
