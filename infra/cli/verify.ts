/** `daytrade verify`: reconciles everything stored. */
import type { Command } from 'commander';
import { withConnection } from '../../shared/pg/connection.ts';
import type { Client, Pool } from '../../shared/pg/pool.ts';
import { loadShardCount } from '../../shared/pg/shard-count.ts';
import { verifyStored } from '../../shared/pg/verify.ts';
import { countOutbox } from '../../shared/pg/outbox.ts';
import type { Finding } from '../../shared/pg/verify-checks.ts';
import { loadAuditStart } from '../../shared/pg/verify-view.ts';
import { readConfig, type Config } from '../../shared/runtime/config.ts';
import { UsageError } from '../../shared/runtime/errors.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { loadQueued, type Queued } from '../operations/load-queued.ts';
import { findSystem } from '../../shared/control/control-client.ts';
import { renderFindings } from './findings.ts';
import { openCliLogger } from './log.ts';
import { withDatabase } from './open-database.ts';
import { say } from './output.ts';
import { pastTime, requireLedgerAt } from './past-time.ts';

type Options = { readonly json?: true; readonly drained?: true; readonly at?: Date };

/** With `--drained`, the longest wait until nothing is in flight. */
const DRAIN_MAX_MS = 60_000;
const POLL_MS = 200;

export function registerVerify(program: Command): void {
  program
    .command('verify')
    .description(
      'reconcile money, shares, positions, audit log and quotes; exit with 0 if all agree',
    )
    .option('--drained', 'also require that nothing is in flight and that every check was made')
    .option(
      '--at <time>',
      'check what the ledger and the log say of this time, such as 2026-11-25T14:03:00Z',
      pastTime('--at'),
    )
    .option('--json', 'print the findings as JSON')
    .action(async (options: Options) => {
      const config = readConfig(process.env);
      if (options.at !== undefined && options.drained === true) {
        throw new UsageError('--at checks a past time, and --drained the present: give one');
      }
      if (options.drained === true) await drained(config);
      const findings = await withDatabase('verify', (pool) =>
        options.at === undefined
          ? verify(pool, config, options)
          : verifyPast(pool, config, options.at),
      );
      if (options.json === true)
        process.stdout.write(`${JSON.stringify(findings, undefined, 2)}\n`);
      else process.stdout.write(`${renderFindings(findings)}\n`);
      const isDemanded = options.drained === true;
      const isBad = ({ offenders, notChecked }: Finding): boolean =>
        offenders > 0 || (isDemanded && notChecked !== undefined);
      if (findings.some(isBad)) process.exitCode = 1;
    });
}

/** Checks what the ledger and the log say of a past time. */
async function verifyPast(pool: Pool, config: Config, at: Date): Promise<readonly Finding[]> {
  await requireLedgerAt(pool, at);
  return await withConnection(pool, async (client) => {
    const findings = await verifyStored(client, config.orderLifetimeMs, at.getTime());
    await sayAuditStart(client);
    return findings;
  });
}

async function sayAuditStart(client: Client): Promise<void> {
  const start = await loadAuditStart(client);
  if (start === undefined) return;
  say(`The audit log is compared from ${start} on: before, it is archived.`);
}

/** Checks everything stored as of one instant, then what is in flight. */
async function verify(
  pool: Pool,
  config: Config,
  { drained: demandsDrained }: Options,
): Promise<readonly Finding[]> {
  return await withConnection(pool, async (client) => {
    const findings = await verifyStored(client, config.orderLifetimeMs);
    const waiting = await countOutbox(client);
    const shards = (await loadShardCount(client)) ?? config.shards;
    const queued = await loadQueued(config, shards, openCliLogger(config, 'verify'));
    await sayAuditStart(client);
    const { inFlight, parked } = findingsOf(queued, waiting);
    // Messages in flight are a fault only with `--drained`.
    return [
      ...findings,
      demandsDrained === true ? inFlight : { ...inFlight, offenders: 0 },
      parked,
    ];
  });
}

function findingsOf(
  queued: Queued | string,
  waiting: number,
): { readonly inFlight: Finding; readonly parked: Finding } {
  const outbox = waiting > 0 ? [`outbox: ${waiting}`] : [];
  const inFlight = { name: 'nothing is in flight' };
  const parked = { name: 'nothing is parked' };
  if (typeof queued === 'string') {
    const unknown = { looked: 0, offenders: 0, first: [], notChecked: queued };
    return {
      inFlight: { ...inFlight, ...unknown, offenders: outbox.length, first: outbox },
      parked: { ...parked, ...unknown },
    };
  }
  const first = [...outbox, ...queued.inFlight];
  return {
    inFlight: { ...inFlight, looked: waiting + queued.looked, offenders: first.length, first },
    parked: {
      ...parked,
      looked: queued.parkedQueues,
      offenders: queued.parked.length,
      first: queued.parked,
    },
  };
}

/**
 * Waits until the system has done all its work, or for a minute; the findings then show what is
 * left.
 */
async function drained(config: Config): Promise<void> {
  const deadline = Date.now() + DRAIN_MAX_MS;
  const log = openCliLogger(config, 'verify');
  // A stopped system does no work, so waiting would not help.
  while ((await findSystem(config.home)) !== undefined && Date.now() < deadline) {
    if (await withDatabase('verify', (pool) => isDrained(pool, config, log))) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function isDrained(pool: Pool, config: Config, log: Logger): Promise<boolean> {
  return await withConnection(pool, async (client) => {
    const shards = (await loadShardCount(client)) ?? config.shards;
    const queued = await loadQueued(config, shards, log);
    const isEmpty = typeof queued === 'string' || queued.inFlight.length === 0;
    return isEmpty && (await countOutbox(client)) === 0;
  });
}
