/** Opens a link to the broker for an interactive command. */
import { connectFault, openLink, type Link, type LinkOptions } from '../../shared/amqp/link.ts';
import { probeBroker } from '../../shared/amqp/probe.ts';

/**
 * Opens a link. Rejects with an error that names the broker if it does not answer within seconds.
 */
export async function openBrokerLink(options: LinkOptions): Promise<Link> {
  try {
    await probeBroker(options.url);
  } catch (cause) {
    throw connectFault(cause);
  }
  return await openLink(options);
}
