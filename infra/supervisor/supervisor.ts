/** The whole system on one machine: services, topology, schema, pools. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { declareTopology, deleteTopology } from '../../shared/amqp/declare.ts';
import { openLink } from '../../shared/amqp/link.ts';
import { topologyOf } from '../../shared/messages/topology.ts';
import { checkConnections } from '../../shared/pg/connection-budget.ts';
import { dropSchema, migrate } from '../../shared/pg/migrations.ts';
import type { Config, Pools } from '../../shared/runtime/config.ts';
import { deferred } from '../../shared/runtime/deferred.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { packageRoot } from '../../shared/runtime/package-root.ts';
import { openServices, type Services } from '../services/open-services.ts';
import { startChild, type Child } from './child.ts';
import type { SystemInfo } from './control-server.ts';
import { homeShardsOf } from './home-shards.ts';

export type SupervisorOptions = {
  readonly config: Config;
  /** How many processes of each pool, where the environment does not say. */
  readonly pools: Pools;
  readonly triggerRefreshMs: number;
  /** For the stand-in of the legacy quote server. */
  readonly quoteServerFlags: readonly string[];
  /** Drops our database schema and our queues first. */
  readonly fresh: boolean;
  readonly say: (line: string) => void;
  readonly log: Logger;
};

export type System = {
  readonly info: () => SystemInfo;
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
    await Promise.all([prepareDatabase(services, options), prepareBroker(services, options)]);
    return await startProcesses(options, services, logFolder);
  } catch (error) {
    await services.close();
    throw error;
  }
}

async function prepareDatabase(services: Services, options: SupervisorOptions): Promise<void> {
  if (options.fresh) await dropSchema(services.databaseUrl);
  await migrate(services.databaseUrl);
  await checkConnections(services.databaseUrl, poolSizes(options));
}

async function prepareBroker({ amqpUrl }: Services, options: SupervisorOptions): Promise<void> {
  const { config, fresh, log } = options;
  const link = await openLink({ url: amqpUrl, name: 'supervisor', log });
  if (fresh) await deleteTopology(link);
  await declareTopology(link, topologyOf(config.shards));
  await link.close();
}

const poolSizes = ({ config, pools }: SupervisorOptions): Pools => ({
  transaction: config.processes.transaction ?? pools.transaction,
  quote: config.processes.quote ?? pools.quote,
  trigger: config.processes.trigger ?? pools.trigger,
  audit: config.processes.audit ?? pools.audit,
});

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
    const args = options.quoteServerFlags;
    env['QUOTE_SERVER'] = await startQuoteServer(children, { args, env, logFolder, log });
  }
  const sizes = poolSizes(options);
  const members: Child[] = [];
  // Told again whenever one comes back: whoever holds its shards as a standby gives them up then.
  const assign = (): void => {
    members.forEach((member, index) => {
      const shards = homeShardsOf(index, members.length, config.shards);
      member.tell({ type: 'home-shards', shards });
    });
  };
  for (let index = 1; index <= sizes.transaction; index += 1) {
    members.push(start(`transaction-${index}`, 'consumers/transaction', assign));
  }
  for (const pool of ['quote', 'trigger', 'audit'] as const) {
    for (let index = 1; index <= sizes[pool]; index += 1) {
      start(`${pool}-${index}`, `consumers/${pool}`);
    }
  }
  await Promise.all(children.map((child) => child.ready()));
  return {
    info: () => ({
      pid: process.pid,
      amqpUrl: services.amqpUrl,
      databaseUrl: services.databaseUrl,
      managementUrl: services.managementUrl,
      shards: config.shards,
      logFolder,
      processes: [
        { name: 'supervisor', pid: process.pid, restarts: 0 },
        ...children.map((child) => ({
          name: child.name,
          pid: child.pid(),
          restarts: child.restarts(),
        })),
        ...services.processes(),
      ],
    }),
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
  common: Pick<Parameters<typeof startChild>[0], 'args' | 'env' | 'logFolder' | 'log'>,
): Promise<string> {
  const port = deferred<number>();
  children.push(
    startChild({
      ...common,
      name: 'quote-server',
      main: mainOf('infra/quote-server'),
      onReady: () => undefined,
      onMessage: (message) => {
        const { type, port: told } = message as { type: string; port?: number };
        if (type === 'ready' && told !== undefined) port.resolve(told);
      },
    }),
  );
  return `127.0.0.1:${await port.promise}`;
}
