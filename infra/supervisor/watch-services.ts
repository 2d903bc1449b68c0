/** Opens the watch over the services that a system uses. */
import { openLink } from '../../shared/amqp/link.ts';
import { openPublisher } from '../../shared/amqp/publisher.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { SYSTEM_TIMERS } from '../../shared/runtime/timers.ts';
import type { Trouble } from '../../shared/runtime/trouble.ts';
import { openManagement } from '../../shared/amqp/management.ts';
import type { Services } from '../services/open-services.ts';
import { makeBrokerProbe } from './broker-probe.ts';
import { makeDatabaseProbe } from './database-probe.ts';
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
    probes: {
      database: makeDatabaseProbe({ url: databaseUrl, folder: databaseFolder }),
      broker: makeBrokerProbe({ link, publisher: await openPublisher(link), management }),
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
