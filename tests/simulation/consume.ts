/** Consumes from the broker in memory through the real messaging kernel. */
import type { UnackedDelivery } from '../../shared/amqp/delivery.ts';
import { handleDelivery, type Handling } from '../../shared/amqp/handle-delivery.ts';
import type { OpenOwnQueue } from '../../shared/amqp/own-queue.ts';
import type { SimulatedBroker, Subscription } from './broker.ts';
import type { SimulatedProcess } from './process.ts';

export type Consuming<Message> = Omit<Handling<Message>, 'parking'> &
  Omit<Subscription, 'process' | 'onDelivery'> & {
    /** Changes a delivery before the kernel gets it, for a planted bug. */
    readonly receive?: (delivery: UnackedDelivery) => UnackedDelivery;
  };

/** Subscribes with a handler. Every message of a simulation can be handled, so that none may be parked. */
export function consumeOn<Message>(
  process: SimulatedProcess,
  broker: SimulatedBroker,
  { parse, handle, receive = (delivery) => delivery, ...subscription }: Consuming<Message>,
): void {
  const { name, log, wait: pause } = process;
  const parking = { from: 'commands' as const, publisher: broker.publisherOf(process) };
  broker.subscribe({
    ...subscription,
    process,
    onDelivery: (delivery) =>
      void handleDelivery(receive(delivery), { parse, handle, parking }, { name, log, pause }),
  });
}

/** Opens a process's own queues, whose names stay the same while it lives. */
export const ownQueuesOf =
  (process: SimulatedProcess, broker: SimulatedBroker): OpenOwnQueue =>
  ({ newQueue, onMade, ...consuming }) => {
    const queue = newQueue();
    consumeOn(process, broker, { queue, ...consuming, onMade: () => onMade?.(queue) });
    return Promise.resolve({ idle: () => Promise.resolve(), close: () => Promise.resolve() });
  };
