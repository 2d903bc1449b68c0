/** One measured run of the system, and the limit of the same run. */
import { join } from 'node:path';
import { startChild } from '../../infra/supervisor/child.ts';
import {
  openUsageMeter,
  type NamedProcess,
  type ProcessUsage,
} from '../../infra/supervisor/process-usage.ts';
import { declareTopology, deleteTopology } from '../../shared/amqp/declare.ts';
import { openLink } from '../../shared/amqp/link.ts';
import { topologyOf } from '../../shared/messages/topology.ts';
import { dropSchema, migrate } from '../../shared/pg/migrations.ts';
import { packageRoot } from '../../shared/runtime/package-root.ts';
import { withSystem, type Bed, type Environment } from './bed.ts';
import type { LimitInput } from './limit-transaction.ts';
import type { LimitFigures } from './limit-producer.ts';
import type { RunFigures, RunInput, Sending } from './run-tool.ts';
import {
  loadStatements,
  resetStatements,
  type RowRates,
  type StatementFigures,
} from './statements.ts';
import { startTool } from './tool.ts';
import { workloadFile, type Shape } from './workload-file.ts';

/** How the stand-in of the legacy quote server answers. */
export type Quotes = 'at once' | 'legacy';

export type Case = Shape & {
  readonly name: string;
  readonly pack: number;
  readonly quotes: Quotes;
  readonly sending: Sending;
  readonly environment?: Environment;
};

export type Measured = {
  readonly of: Case;
  readonly figures: RunFigures;
  readonly processes: readonly ProcessUsage[];
  readonly statements: readonly StatementFigures[];
};

export type MeasuredLimit = {
  readonly figures: LimitFigures;
  readonly processes: readonly ProcessUsage[];
};

const FLAGS: Readonly<Record<Quotes, readonly string[]>> = {
  'at once': ['--delay-ms', '0', '--prices', 'fixed'],
  legacy: ['--prices', 'fixed'],
};

/** Nothing expires while a run takes longer on a busy machine: hits are those of one lifetime. */
const LIFETIME = { QUOTE_LIFETIME_S: '3600', ORDER_LIFETIME_S: '3600' };

export async function measure(bed: Bed, each: Case): Promise<Measured> {
  const file = workloadFile(bed.folder, each);
  const environment = { ...LIFETIME, ...each.environment };
  return await withSystem(
    bed,
    { quoteServerFlags: FLAGS[each.quotes], environment },
    async (system) => {
      await resetStatements(bed.pool);
      const tool = startTool<RunFigures>('run-tool', inputOf(bed, each, file));
      const own = { name: 'workload', pid: tool.pid };
      const meter = openUsageMeter(() => [
        own,
        ...system.info().processes.filter(({ pid }) => pid !== process.pid),
        ...bed.services.processes(),
      ]);
      try {
        const figures = await tool.result;
        const processes = meter.stop();
        return { of: each, figures, processes, statements: await loadStatements(bed.pool) };
      } finally {
        meter.stop();
        await tool.end();
      }
    },
  );
}

const inputOf = (bed: Bed, { name, pack, sending }: Case, file: string): RunInput => ({
  file,
  run: name.replaceAll(/[^A-Za-z0-9]+/g, '-'),
  pack,
  sending,
  amqpUrl: bed.services.amqpUrl,
  databaseUrl: bed.services.databaseUrl,
  shardCount: bed.config.shards,
  logFile: join(bed.folder, 'bench.log'),
});

/** The same messages and rows with no logic between. Its audit consumer is the system's own. */
export async function measureLimit(bed: Bed, each: Case, rates: RowRates): Promise<MeasuredLimit> {
  await makeEmpty(bed);
  const { amqpUrl, databaseUrl } = bed.services;
  const logFolder = join(bed.config.home, 'logs');
  const audit = startChild({
    name: 'audit-1',
    main: join(packageRoot, 'dist/consumers/audit/main.js'),
    env: {
      ...process.env,
      DAYTRADE_HOME: bed.config.home,
      AMQP_URL: amqpUrl,
      DATABASE_URL: databaseUrl,
    },
    logFolder,
    silenceMaxMs: 0,
    log: bed.log,
    onReady: () => undefined,
  });
  const shared = { amqpUrl, databaseUrl, shardCount: bed.config.shards };
  const logFile = join(bed.folder, 'bench.log');
  const consumer = startTool<'ready'>('limit-transaction', {
    ...shared,
    rates,
    logFile,
  } satisfies LimitInput);
  try {
    await Promise.all([consumer.result, audit.ready()]);
    const file = workloadFile(bed.folder, each);
    const producer = startTool<LimitFigures>('limit-producer', inputOf(bed, each, file));
    const list = (): readonly NamedProcess[] => [
      { name: 'producer', pid: producer.pid },
      { name: 'consumer', pid: consumer.pid },
      { name: 'audit-1', pid: audit.pid() },
      ...bed.services.processes(),
    ];
    const meter = openUsageMeter(list);
    const figures = await producer.result.finally(() => void meter.stop());
    const processes = meter.stop();
    await producer.end();
    return { figures, processes };
  } finally {
    await consumer.end();
    await audit.stop();
  }
}

async function makeEmpty({ services, config, log }: Bed): Promise<void> {
  await dropSchema(services.databaseUrl);
  await migrate(services.databaseUrl);
  const link = await openLink({ url: services.amqpUrl, name: 'bench', log });
  await deleteTopology(link);
  await declareTopology(link, topologyOf(config.shards));
  await link.close();
}
