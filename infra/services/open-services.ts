/** PostgreSQL and RabbitMQ: those given, or private instances under the data folder. */
import type { Config } from '../../shared/runtime/config.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { openPostgres } from './postgres.ts';
import { openRabbit } from './rabbitmq.ts';

export type ServiceProcess = { readonly name: 'rabbitmq' | 'postgresql'; readonly pid: number };

export type Services = {
  readonly databaseUrl: string;
  readonly amqpUrl: string;
  /** With user and password; undefined where a given broker has none we know of. */
  readonly managementUrl: string | undefined;
  /** The private ones. */
  readonly processes: readonly ServiceProcess[];
  /** Stops what was started here. */
  readonly close: () => Promise<void>;
};

export type OpenServicesOptions = {
  readonly config: Config;
  readonly say: (line: string) => void;
  readonly log: Logger;
};

/** Opens both side by side: the broker takes several seconds to start. */
export async function openServices({ config, say, log }: OpenServicesOptions): Promise<Services> {
  const { home } = config;
  const [postgres, rabbit] = await Promise.all([
    config.databaseUrl === undefined ? openPostgres({ home, say, log }) : given(config.databaseUrl),
    config.amqpUrl === undefined
      ? openRabbit({ home, managementPort: config.managementPort, say, log })
      : { ...given(config.amqpUrl), managementUrl: config.amqpManagementUrl },
  ]);
  return {
    databaseUrl: postgres.url,
    amqpUrl: rabbit.url,
    managementUrl: rabbit.managementUrl,
    processes: [
      ...(postgres.pid === undefined ? [] : [{ name: 'postgresql' as const, pid: postgres.pid }]),
      ...(rabbit.pid === undefined ? [] : [{ name: 'rabbitmq' as const, pid: rabbit.pid }]),
    ],
    close: async () => {
      await Promise.all([postgres.close(), rabbit.close()]);
    },
  };
}

/** One service, wherever it runs. */
export type Service = {
  readonly url: string;
  readonly pid: number | undefined;
  readonly close: () => Promise<void>;
};

const given = (url: string): Service => ({ url, pid: undefined, close: () => Promise.resolve() });
