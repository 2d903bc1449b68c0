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
import { recreateSchema, migrate } from '../../shared/pg/migrations.ts';
import { packageRoot } from '../../shared/runtime/package-root.ts';
import { openMachineMeter } from './machine-usage.ts';
import { loadAuditTails } from './audit-tails.ts';
import { brokenInvariants } from './broken-invariants.ts';
import { sampleMemory, type MemorySample } from './memory-samples.ts';
import type { Bed } from '../../infra/capacity/bed.ts';
import { runCase, runInputOf, type RunCase } from '../../infra/capacity/run-case.ts';
import type { LimitInput } from './limit-transaction.ts';
import type { LimitFigures } from './limit-producer.ts';
import { loadQuoteChain } from './quote-chain.ts';
import type { RunFigures } from '../../infra/capacity/run-tool.ts';
import { readSeries, seriesBetween, type Series } from './series.ts';
import {
  batchesOf,
  loadStatements,
  resetStatements,
  type StatementFigures,
} from '../../infra/capacity/statements.ts';
import type { RowRates } from './row-rates.ts';
import { startTool } from '../../infra/capacity/tool.ts';
import { workloadFile } from '../../infra/capacity/workload-file.ts';

export type Measured = {
  readonly of: RunCase;
  readonly figures: RunFigures;
  readonly processes: readonly ProcessUsage[];
  /** CPU time of the whole machine, whoever used it. */
  readonly machineCpuMs: number;
  readonly statements: readonly StatementFigures[];
  readonly series: Series;
  readonly memory: readonly MemorySample[];
  /** Database transactions that decided commands. */
  readonly batches: number;
  /** Commands that used a price: those that caused a hit, and those audited as using another's. */
  readonly quoteUses: number;
  /** With nothing else taking time, how long the quotes alone would have kept a user waiting. */
  readonly quoteChainS: number;
  /** Invariants that `daytrade verify` finds broken afterwards. */
  readonly broken: readonly string[];
};

export type MeasuredLimit = {
  readonly figures: LimitFigures;
  readonly processes: readonly ProcessUsage[];
  readonly machineCpuMs: number;
};

export async function measure(bed: Bed, each: RunCase): Promise<Measured> {
  const { figures, processes, observed } = await runCase(bed, each, async (list, system) => {
    const { metricsUrl } = system.info();
    await resetStatements(bed.pool);
    const warmUp = await lastOutboxId(bed);
    const before = await readSeries(metricsUrl);
    const machine = openMachineMeter();
    const memoryOf = sampleMemory(list);
    return {
      read: async ({ quoteHits }) => {
        const machineCpuMs = machine();
        const memory = memoryOf();
        const statements = await loadStatements(bed.pool);
        const series = seriesBetween(before, await readSeries(metricsUrl));
        const batches = batchesOf(statements);
        const broken = await brokenInvariants(bed);
        const quoteUses = quoteHits + (await countForeignQuotes(bed, warmUp));
        const quoteChainS = await loadQuoteChain(bed.pool, warmUp);
        return {
          ...{ machineCpuMs, statements, series, memory },
          ...{ batches, quoteUses, quoteChainS, broken },
        };
      },
      end: () => void memoryOf(),
    };
  });
  return { of: each, figures, processes, ...observed };
}

/** Returns the last id of an audit message of the warm-up; 0 if there was none. */
async function lastOutboxId({ pool }: Bed): Promise<bigint> {
  const { rows } = await pool.query<{ last: bigint }>(
    'SELECT coalesce(max(outbox_id), 0) AS last FROM audit_events',
  );
  return rows[0]?.last ?? 0n;
}

async function countForeignQuotes({ pool }: Bed, after: bigint): Promise<number> {
  const { rows } = await pool.query<{ count: bigint }>(
    `SELECT count(*) FROM audit_events WHERE kind = 'systemEvent' AND outbox_id > $1`,
    [after],
  );
  return Number(rows[0]?.count);
}

/** The same messages and rows with no logic between. Its audit consumer is the system's own. */
export async function measureLimit(
  bed: Bed,
  each: RunCase,
  rates: RowRates,
): Promise<MeasuredLimit> {
  const auditTails = await loadAuditTails(bed.pool);
  await makeEmpty(bed);
  const { amqpUrl, databaseUrl } = bed.services;
  const logFolder = join(bed.config.home, 'logs');
  const audit = startChild({
    name: 'audit-1',
    main: () => join(packageRoot, 'dist/consumers/audit/main.js'),
    env: {
      ...process.env,
      DAYTRADE_HOME: bed.config.home,
      AMQP_URL: amqpUrl,
      DATABASE_URL: databaseUrl,
    },
    logFolder,
    logTo: 'files',
    silenceMaxMs: 0,
    log: bed.log,
    onReady: () => undefined,
  });
  const shared = { amqpUrl, databaseUrl, shardCount: bed.config.shards };
  const logFile = join(bed.folder, 'bench.log');
  const consumer = startTool<'ready'>('tests/bench/limit-transaction', {
    ...shared,
    ...{ rates, auditTails, logFile },
  } satisfies LimitInput);
  try {
    await Promise.all([consumer.result, audit.ready()]);
    const file = workloadFile(bed.folder, each);
    const producer = startTool<LimitFigures>(
      'tests/bench/limit-producer',
      runInputOf(bed, each, file),
    );
    const list = (): readonly NamedProcess[] => [
      { name: 'producer', pid: producer.pid },
      { name: 'consumer', pid: consumer.pid },
      { name: 'audit-1', pid: audit.pid() },
      ...bed.services.processes(),
    ];
    await producer.paused;
    const meter = openUsageMeter(list);
    const machine = openMachineMeter();
    producer.resume();
    const figures = await producer.result.finally(() => void meter.stop());
    const processes = meter.stop();
    const machineCpuMs = machine();
    await producer.end();
    return { figures, processes, machineCpuMs };
  } finally {
    await consumer.end();
    await audit.stop();
  }
}

async function makeEmpty({ services, config, log }: Bed): Promise<void> {
  await recreateSchema(services.databaseUrl);
  await migrate(services.databaseUrl);
  const link = await openLink({ url: services.amqpUrl, name: 'bench', log });
  await deleteTopology(link);
  await declareTopology(link, topologyOf(config.shards));
  await link.close();
}
