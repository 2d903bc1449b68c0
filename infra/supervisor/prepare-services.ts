/** Prepares the services before the processes start: schema, topology, policies and users. */
import { virtualHostOf } from '../../shared/amqp/broker-addresses.ts';
import { declareTopology, deleteTopology } from '../../shared/amqp/declare.ts';
import { openLink } from '../../shared/amqp/link.ts';
import { topologyOf } from '../../shared/messages/topology.ts';
import { checkConnections } from '../../shared/pg/connection-budget.ts';
import { describeLockWaits } from '../../shared/pg/lock-waits.ts';
import { migrate, recreateSchema } from '../../shared/pg/migrations.ts';
import { askDatabase, lacksOf } from '../../shared/pg/probe.ts';
import type { Config, Pools } from '../../shared/runtime/config.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { applyPolicies } from '../rabbitmq/apply-policies.ts';
import { openManagement } from '../../shared/amqp/management.ts';
import { openAccess, type Access } from '../services/access.ts';
import type { Services } from '../services/open-services.ts';
import { resolveShardCount } from './resolve-shard-count.ts';
import { runStep, trackWaits, type TrackedWaits, type Wait } from '../host/start-step.ts';

type PrepareOptions = {
  readonly config: Config;
  readonly fresh: boolean;
  /** Aborts the preparation. */
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  readonly log: Logger;
};

export type Prepared = {
  /** The stored number of shards. */
  readonly shards: number;
  readonly access: Access;
};

/**
 * Prepares database and broker at the same time, then creates the users of both.
 */
export async function prepareServices(
  services: Services,
  sizes: Pools,
  options: PrepareOptions,
): Promise<Prepared> {
  const { signal, say, log } = options;
  const { waits, track } = trackWaits();
  const inDatabase = waitForDatabase(services.databaseUrl);
  const stored = track(inDatabase, prepareDatabase(services, sizes, options));
  const prepared = [stored, prepareBroker(services, { stored, track, ...options })];
  // If one fails, waits for the other, which may still use its service.
  await runStep(() => Promise.allSettled(prepared), { waits, signal, say });
  await Promise.all(prepared);
  const users = { name: 'the users of broker and database', why: inDatabase.why };
  const opening = track(users, openAccess(services, { say, log }));
  return { shards: await stored, access: await runStep(() => opening, { waits, signal, say }) };
}

/** Describes a wait for the database: another session may hold a lock that a migration needs. */
const waitForDatabase = (url: string): Wait => ({
  name: 'the database',
  why: async () => {
    try {
      const [holder = 'it works, and waits for no lock'] = await describeLockWaits(url);
      return holder;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  },
});

/** Resolves to the stored number of shards. */
async function prepareDatabase(
  { databaseUrl: url }: Services,
  sizes: Pools,
  options: PrepareOptions,
): Promise<number> {
  await reportLacks(url, options);
  if (options.fresh) await recreateSchema(url);
  await migrate(url);
  await checkConnections(url, sizes);
  return await resolveShardCount(url, options);
}

/** Tells the operator what the server's version or build lacks, unless it is too busy to answer. */
async function reportLacks(url: string, { say, log }: PrepareOptions): Promise<void> {
  const facts = await askDatabase(url).catch(() => undefined);
  if (facts === undefined) return;
  const { version } = facts;
  for (const lack of lacksOf(facts)) {
    say(`Warning: PostgreSQL ${version}: ${lack}.`);
    log.warn('database lacks something', { version, lack });
  }
}

type BrokerOptions = PrepareOptions &
  Pick<TrackedWaits, 'track'> & { readonly stored: Promise<number> };

async function prepareBroker(
  { amqpUrl: url, managementUrl }: Services,
  { stored, track, fresh, log }: BrokerOptions,
): Promise<void> {
  const wait = (why: string): Wait => ({ name: 'RabbitMQ', why: () => why });
  const link = await track(wait('connecting to it'), openLink({ url, name: 'supervisor', log }));
  try {
    const topology = topologyOf(await stored);
    const declared = async (): Promise<void> => {
      if (fresh) await deleteTopology(link);
      await declareTopology(link, topology);
    };
    await track(wait('declaring exchanges and queues'), declared());
  } finally {
    await track(wait('closing a connection'), link.close());
  }
  const policies = { name: 'RabbitMQ’s management', why: () => 'setting policies' };
  await track(policies, limitQueues(managementUrl, url, log));
}

/**
 * Applies the queue policies. Without the management API, an operator must import them: `daytrade
 * definitions`.
 */
async function limitQueues(
  managementUrl: string | undefined,
  amqpUrl: string,
  log: Logger,
): Promise<void> {
  if (managementUrl === undefined) {
    log.warn('policies not applied', { reason: 'AMQP_MANAGEMENT_URL is not set' });
    return;
  }
  await applyPolicies(openManagement(managementUrl), virtualHostOf(amqpUrl));
}
