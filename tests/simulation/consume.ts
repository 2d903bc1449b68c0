/** Consumes from the broker in memory through the real messaging kernel. */
import type { UnackedDelivery } from '../../shared/amqp/delivery.ts';
import { handleDelivery, type Handling } from '../../shared/amqp/handle-delivery.ts';
import type { SimulatedBroker, Subscription } from './broker.ts';
import type { SimulatedProcess } from './process.ts';

export type Consuming<Message> = Omit<Handling<Message>, 'parking'> &
  Omit<Subscription, 'process' | 'onDelivery'> & {
    /** Changes a delivery before the kernel has it, as a planted bug does. */
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
