/** The whole system on one machine: services, topology, schema, pools. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { declareTopology } from '../../shared/amqp/declare.ts';
import { openLink } from '../../shared/amqp/link.ts';
import { topologyOf } from '../../shared/messages/topology.ts';
import { migrate } from '../../shared/pg/migrations.ts';
import type { Config, Pools } from '../../shared/runtime/config.ts';
import { deferred } from '../../shared/runtime/deferred.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { packageRoot } from '../../shared/runtime/package-root.ts';
import { openServices, type Services } from '../services/open-services.ts';
import { startChild, type Child } from './child.ts';
import { homeShardsOf } from './home-shards.ts';

export type SupervisorOptions = {
  readonly config: Config;
  /** How many processes of each pool, where the environment does not say. */
  readonly pools: Pools;
  readonly triggerRefreshMs: number;
  readonly say: (line: string) => void;
  readonly log: Logger;
};

export type System = {
  readonly services: Services;
  readonly children: readonly Child[];
  readonly stop: () => Promise<void>;
};

const mainOf = (path: string): string => join(packageRoot, 'dist', path, 'main.js');

/** Starts everything and resolves when every process takes work. */
export async function startSystem(options: SupervisorOptions): Promise<System> {
  const { config, say, log } = options;
  const logFolder = join(config.home, 'logs');
  mkdirSync(logFolder, { recursive: true });
  const services = await openServices({ config, say, log });
  try {
    await Promise.all([migrate(services.databaseUrl), declare(services.amqpUrl, config, log)]);
    return await startProcesses(options, services, logFolder);
  } catch (error) {
    await services.close();
    throw error;
  }
}

async function declare(amqpUrl: string, { shards }: Config, log: Logger): Promise<void> {
  const link = await openLink({ url: amqpUrl, name: 'supervisor', log });
  await declareTopology(link, topologyOf(shards));
  await link.close();
}

async function startProcesses(
  options: SupervisorOptions,
  services: Services,
  logFolder: string,
): Promise<System> {
  const { config, log } = options;
  const env: Record<string, string | undefined> = {
    ...process.env,
    DAYTRADE_HOME: config.home,
    AMQP_URL: services.amqpUrl,
    DATABASE_URL: services.databaseUrl,
    TRIGGER_REFRESH_S: ((config.triggerRefreshMs ?? options.triggerRefreshMs) / 1_000).toString(),
  };
  const children: Child[] = [];
  const start = (name: string, path: string, onReady: () => void = () => undefined): Child => {
    const child = startChild({ name, main: mainOf(path), env, logFolder, log, onReady });
    children.push(child);
    return child;
  };
  if (config.quoteServer === undefined) {
    env['QUOTE_SERVER'] = await startQuoteServer(children, { env, logFolder, log });
  }
  const count = (pool: keyof Pools): number => config.processes[pool] ?? options.pools[pool];
  const members: Child[] = [];
  // Told again whenever one comes back: whoever holds its shards as a standby gives them up then.
  const assign = (): void => {
    members.forEach((member, index) => {
      const shards = homeShardsOf(index, members.length, config.shards);
      member.tell({ type: 'home-shards', shards });
    });
  };
  for (let index = 1; index <= count('transaction'); index += 1) {
    members.push(start(`transaction-${index}`, 'consumers/transaction', assign));
  }
  for (const pool of ['quote', 'trigger', 'audit'] as const) {
    for (let index = 1; index <= count(pool); index += 1) {
      start(`${pool}-${index}`, `consumers/${pool}`);
    }
  }
  await Promise.all(children.map((child) => child.ready()));
  return {
    services,
    children,
    stop: async () => {
      // Producers of audit events first, those who store them last.
      const isAudit = ({ name }: Child): boolean => name.startsWith('audit');
      await Promise.all(children.filter((child) => !isAudit(child)).map((child) => child.stop()));
      await Promise.all(children.filter(isAudit).map((child) => child.stop()));
      await services.close();
    },
  };
}

/** The stand-in tells its port when it is ready. */
async function startQuoteServer(
  children: Child[],
  common: Pick<Parameters<typeof startChild>[0], 'env' | 'logFolder' | 'log'>,
): Promise<string> {
  const port = deferred<number>();
  const args = (process.env['QUOTE_SERVER_FLAGS'] ?? '').split(' ').filter((flag) => flag !== '');
  children.push(
    startChild({
      ...common,
      name: 'quote-server',
      main: mainOf('infra/quote-server'),
      args,
      onReady: () => undefined,
      onMessage: (message) => {
        const { type, port: told } = message as { type: string; port?: number };
        if (type === 'ready' && told !== undefined) port.resolve(told);
      },
    }),
  );
  return `127.0.0.1:${await port.promise}`;
}
