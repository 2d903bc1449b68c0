/** A link to the broker for a command that a person waits for. */
import { connectFault, openLink, type Link, type LinkOptions } from '../../shared/amqp/link.ts';
import { probeBroker } from '../../shared/amqp/probe.ts';

/** Opens a link. Rejects with an error that names the broker unless it answers within seconds. */
export async function openBrokerLink(options: LinkOptions): Promise<Link> {
  try {
    await probeBroker(options.url);
  } catch (cause) {
    throw connectFault(cause);
  }
  return await openLink(options);
}
