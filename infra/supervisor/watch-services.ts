/** Opens the watch over the services that a system uses. */
import { openLink } from '../../shared/amqp/link.ts';
import { openPublisher } from '../../shared/amqp/publisher.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { SYSTEM_TIMERS } from '../../shared/runtime/timers.ts';
import type { Trouble } from '../../shared/runtime/trouble.ts';
import { openManagement } from '../rabbitmq/management.ts';
import type { Services } from '../services/open-services.ts';
import { lookAtBroker } from './look-at-broker.ts';
import { lookAtDatabase } from './look-at-database.ts';
import { openServiceWatch } from './service-watch.ts';

export type Watching = {
  readonly troubles: () => readonly Trouble[];
  readonly close: () => Promise<void>;
};

/** Probes over its own connections, so that it notices faults while all processes are idle. */
export async function watchServices(
  services: Pick<Services, 'amqpUrl' | 'databaseUrl' | 'databaseFolder' | 'managementUrl'>,
  {
    log,
    onChange,
  }: {
    readonly log: Logger;
    readonly onChange: (troubles: readonly Trouble[]) => void;
  },
): Promise<Watching> {
  const { amqpUrl, databaseUrl, databaseFolder, managementUrl } = services;
  const link = await openLink({ url: amqpUrl, name: 'supervisor watch', log });
  const management = managementUrl === undefined ? undefined : openManagement(managementUrl);
  const watch = openServiceWatch({
    looks: {
      database: lookAtDatabase({ url: databaseUrl, folder: databaseFolder }),
      broker: lookAtBroker({ link, publisher: await openPublisher(link), management }),
    },
    timers: SYSTEM_TIMERS,
    log,
    onChange,
  });
  return {
    troubles: watch.troubles,
    close: async () => {
      watch.close();
      await link.close();
    },
  };
}
