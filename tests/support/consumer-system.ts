/** Runs real consumers on a database and a virtual host of the test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyPolicies } from '../../infra/rabbitmq/apply-policies.ts';
import { declareTopology } from '../../shared/amqp/declare.ts';
import { openLink } from '../../shared/amqp/link.ts';
import { openManagement } from '../../shared/amqp/management.ts';
import { topologyOf } from '../../shared/messages/topology.ts';
import { openPool, type Pool } from '../../shared/pg/pool.ts';
import type { PoolName } from '../../shared/runtime/config.ts';
import { startConsumer, type ConsumerProcess } from './consumer-process.ts';
import { openLegacyServer, type LegacyServer } from './legacy-server.ts';
import { recordingLogger } from './recording-logger.ts';
import { openRequester, type Requester } from './requester.ts';
import { openTestBroker, type TestBroker } from './test-broker.ts';
import { openTestDatabase } from './test-database.ts';
import { testManagementUrl } from './test-services.ts';

/** Few, because each needs a queue; enough for several consumers to have some each. */
export const SHARDS = 4;

export type Consumers = {
  readonly broker: TestBroker;
  readonly pool: Pool;
  readonly requester: Requester;
  readonly legacy: LegacyServer;
  /** The data folder. */
  readonly home: string;
  /** Starts one more process of a pool; `close` stops it. */
  readonly start: (pool: PoolName) => Promise<ConsumerProcess>;
  /** Drains the processes, and removes everything. */
  readonly close: () => Promise<void>;
};

export type ConsumersOptions = {
  /** The first price of the legacy server, in dollars. */
  readonly price?: string;
  readonly env?: Readonly<Record<string, string>>;
};

export async function openConsumers(options: ConsumersOptions = {}): Promise<Consumers> {
  const home = mkdtempSync(join(tmpdir(), 'daytrade-test-system-'));
  const [broker, database, legacy] = await Promise.all([
    openTestBroker(),
    openTestDatabase(),
    openLegacyServer(options.price ?? '10.00'),
  ]);
  const log = recordingLogger();
  const link = await openLink({ url: broker.url, name: 'test topology', log });
  await declareTopology(link, topologyOf(SHARDS));
  await link.close();
  // Without them, RabbitMQ 4 drops a message at its 21st delivery.
  await applyPolicies(openManagement(testManagementUrl()), broker.virtualHost);
  const pool = openPool({ url: database.url, name: 'test', size: 2, log });
  const requester = await openRequester(broker.url, SHARDS);
  const env = {
    AMQP_URL: broker.url,
    DATABASE_URL: database.url,
    DAYTRADE_HOME: home,
    SHARDS: SHARDS.toString(),
    QUOTE_SERVER: legacy.address,
    ...options.env,
  };
  const processes: ConsumerProcess[] = [];
  let begun = 0;
  return {
    broker,
    pool,
    requester,
    legacy,
    home,
    start: async (kind) => {
      begun += 1;
      const started = await startConsumer({ pool: kind, name: `${kind}-${begun}`, env });
      processes.push(started);
      return started;
    },
    close: async () => {
      await Promise.all(processes.map((each) => each.stop()));
      await requester.close();
      await pool.end();
      await Promise.all([database.close(), broker.close(), legacy.close()]);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Every shard. */
export const ALL_SHARDS: readonly number[] = [...Array(SHARDS).keys()];
