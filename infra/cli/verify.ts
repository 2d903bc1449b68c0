/** `daytrade verify`: reconciles everything that is stored. */
import type { Command } from 'commander';
import { openLink } from '../../shared/amqp/link.ts';
import { loadQueueDepths } from '../../shared/amqp/queue-depths.ts';
import { PARKED_FROM, parkedQueue } from '../../shared/messages/address.ts';
import { topologyOf } from '../../shared/messages/topology.ts';
import { withConnection } from '../../shared/pg/connection.ts';
import type { Pool } from '../../shared/pg/pool.ts';
import { verifyStored } from '../../shared/pg/verify.ts';
import { countWaiting, type Finding } from '../../shared/pg/verify-checks.ts';
import { loadAuditStart } from '../../shared/pg/verify-view.ts';
import { readConfig, type Config } from '../../shared/runtime/config.ts';
import { findSystem } from '../supervisor/control-client.ts';
import { renderFindings } from './findings.ts';
import { openCliLogger } from './log.ts';
import { withDatabase } from './open-database.ts';
import { say } from './output.ts';

type Options = { readonly json?: true; readonly drained?: true };

/** With `--drained`, what is in flight has this long to arrive. */
const DRAIN_MAX_MS = 60_000;
const LOOK_MS = 200;

export function registerVerify(program: Command): void {
  program
    .command('verify')
    .description('reconcile money, shares, positions, audit log and quotes; exit 0 if all hold')
    .option('--drained', 'also demand that nothing is in flight: empty queues and outbox')
    .option('--json', 'print the findings as JSON')
    .action(async (options: Options) => {
      const config = readConfig(process.env);
      if (options.drained === true) await drained(config);
      const findings = await withDatabase('verify', (pool) => verify(pool, config, options));
      if (options.json === true)
        process.stdout.write(`${JSON.stringify(findings, undefined, 2)}\n`);
      else process.stdout.write(`${renderFindings(findings)}\n`);
      if (findings.some(({ offenders }) => offenders > 0)) process.exitCode = 1;
    });
}

/** All that is stored, as it was at one instant; then what is in flight. */
async function verify(
  pool: Pool,
  config: Config,
  { drained: demandsDrained }: Options,
): Promise<readonly Finding[]> {
  return await withConnection(pool, async (client) => {
    const findings = await verifyStored(client, config.orderLifetimeMs);
    const waiting = await countWaiting(client);
    const queued = await loadQueued(config);
    const start = await loadAuditStart(client);
    if (start !== undefined)
      say(`The audit log is compared from ${start} on: before, it is archived.`);
    const inFlight = [...(waiting > 0 ? [`outbox: ${waiting}`] : []), ...queued.inFlight];
    return [
      ...findings,
      {
        name: 'nothing is in flight',
        looked: waiting + queued.looked,
        offenders: demandsDrained === true ? inFlight.length : 0,
        first: inFlight,
      },
      {
        name: 'nothing is parked',
        looked: queued.parkedQueues,
        offenders: queued.parked.length,
        first: queued.parked,
      },
    ];
  });
}

type Queued = {
  readonly looked: number;
  readonly inFlight: readonly string[];
  readonly parkedQueues: number;
  readonly parked: readonly string[];
};

/** The queues of a running system; those of a stopped one are looked at when it starts. */
async function loadQueued(config: Config): Promise<Queued> {
  const system = await findSystem(config.home);
  if (system === undefined) return { looked: 0, inFlight: [], parkedQueues: 0, parked: [] };
  const { amqpUrl: url, shards } = system.info;
  const link = await openLink({ url, name: 'verify', log: openCliLogger(config, 'verify') });
  try {
    const depths = [...(await loadQueueDepths(link, topologyOf(shards)))];
    const parkedNames = new Set(PARKED_FROM.map(parkedQueue));
    const show = (isParked: boolean): readonly string[] =>
      depths
        .filter(([name, depth]) => depth > 0 && parkedNames.has(name) === isParked)
        .map(([name, depth]) => `${name}: ${depth}`);
    return {
      looked: depths.length,
      inFlight: show(false),
      parkedQueues: parkedNames.size,
      parked: show(true),
    };
  } finally {
    await link.close();
  }
}

/** Waits until the system has done what it was given; the findings say so where it has not. */
async function drained(config: Config): Promise<void> {
  const deadline = Date.now() + DRAIN_MAX_MS;
  const isDrained = (): Promise<boolean> =>
    withDatabase('verify', async (pool) => {
      const waiting = await withConnection(pool, countWaiting);
      return waiting === 0 && (await loadQueued(config)).inFlight.length === 0;
    });
  while (!(await isDrained()) && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
