/** Runs a workload on a system under faults, and asserts what must hold afterwards. */
import { expect } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeAccounts } from '../../../infra/cli/write-accounts.ts';
import { priceSource } from '../../../infra/quote-server/prices.ts';
import { generateWorkload } from '../../../producers/workload/generate.ts';
import { asFastAsAnswered, type Pace } from '../../../producers/workload/pace.ts';
import { openWorkload } from '../../../producers/workload/open-workload.ts';
import { runWorkload, type RunResult } from '../../../producers/workload/run-workload.ts';
import { openLink } from '../../../shared/amqp/link.ts';
import { loadQueueDepths } from '../../../shared/amqp/queue-depths.ts';
import { topologyOf } from '../../../shared/messages/topology.ts';
import { PARKED_FROM, parkedQueue } from '../../../shared/messages/address.ts';
import { verifyStored } from '../../../shared/pg/verify.ts';
import { Model } from '../../model/model.ts';
import { readWorkloadFile } from '../../model/workload-file.ts';
import { sameAccounts } from '../../model/same-accounts.ts';
import { recordingLogger, type RecordingLogger } from '../../support/recording-logger.ts';
import { until } from '../../support/until.ts';
import { PRICE_SEED, type FaultSystem } from './fault-system.ts';

const LIFETIME_MS = 3_600_000;
/** The longest time from the last fault until everything is done and stored. */
const DRAIN_MAX_MS = 45_000;

export type FaultRunOptions = {
  /** The name of the run, from which its users and their random draws are derived. */
  readonly name: string;
  readonly commands?: number;
  readonly users?: number;
  readonly symbols?: number;
  /** The lines before those that are drawn. */
  readonly before?: readonly string[];
  readonly pack?: number;
  readonly pace?: Pace;
  readonly signal?: AbortSignal;
};

export type FaultRun = {
  readonly file: string;
  readonly name: string;
  /** Settles with the run, soon after the system has recovered at the latest. */
  readonly result: Promise<RunResult>;
  /** The log of its producer. */
  readonly log: RecordingLogger;
  /** Returns how many commands were answered so far. */
  readonly answered: () => number;
};

/** Writes a workload and starts to run it. */
export function startRun(faults: FaultSystem, options: FaultRunOptions): FaultRun {
  const { name, commands = 400, users = 12, symbols = 20, before = [] } = options;
  const seed = createHash('sha256').update(name).digest().readUInt32LE();
  const file = join(faults.home, `${name.replaceAll(/\W+/g, '-')}.workload`);
  const lines = [...generateWorkload({ users, commands, seed, symbols })];
  writeFileSync(file, [...before, ...lines.slice(before.length)].join('\n'));
  return runOn(faults, file, options);
}

/** Starts to run a file, or continues its run. */
export function runOn(faults: FaultSystem, file: string, options: FaultRunOptions): FaultRun {
  const { pack = 8, pace = asFastAsAnswered, signal = new AbortController().signal } = options;
  const name = options.name.replaceAll(/\W+/g, '-');
  const log = recordingLogger();
  let answered = 0;
  const run = async (): Promise<RunResult> =>
    runWorkload({
      workload: await openWorkload([file]),
      ...{ run: name, pack, pace, signal },
      amqpUrl: faults.amqpUrl,
      databaseUrl: faults.databaseUrl,
      shardCount: faults.shards,
      onStart: () => undefined,
      onAnswer: ({ message }) => (answered += message.commands.length),
      onUnreadable: () => undefined,
      log,
    });
  const result = run();
  result.catch(() => undefined);
  return { file, name, result, log, answered: () => answered };
}

/**
 * Asserts after a fault that all commands are done, that `verify` finds no difference, and that the accounts are
 * those of the naive model. The model takes from the log which commands got no quote, which it cannot know.
 */
export async function expectSound(faults: FaultSystem, run: FaultRun): Promise<void> {
  await run.result;
  await drained(faults);
  expect(await brokenInvariants(faults)).toEqual([]);
  expect(await accountsUnlike(faults, run)).toBe('');
}

/** Returns the invariants of `verify` that do not hold, with their first offenders. */
export async function brokenInvariants(faults: FaultSystem): Promise<readonly string[]> {
  const client = await faults.pool.connect();
  try {
    const findings = await verifyStored(client, LIFETIME_MS);
    return findings
      .filter(({ offenders }) => offenders > 0)
      .map(({ name, first }) => `${name}: ${first.join('; ')}`);
  } finally {
    client.release(true);
  }
}

/** Resolves when nothing is in flight. */
export async function drained(faults: FaultSystem): Promise<void> {
  const log = recordingLogger();
  const link = await openLink({ url: faults.amqpUrl, name: 'fault test', log });
  const parked = new Set(PARKED_FROM.map(parkedQueue));
  try {
    await until(
      async () => {
        const { rows } = await faults.pool.query('SELECT FROM outbox LIMIT 1');
        if (rows.length > 0) return false;
        const depths = await loadQueueDepths(link, topologyOf(faults.shards));
        return [...depths].every(([queue, depth]) => depth === 0 || parked.has(queue));
      },
      { what: 'everything is drained', timeoutMs: DRAIN_MAX_MS },
    );
  } finally {
    await link.close();
  }
}

async function accountsUnlike(faults: FaultSystem, { file, name }: FaultRun): Promise<string> {
  const fixed = priceSource('fixed', PRICE_SEED);
  const without = await numbersWithoutQuote(faults, name);
  const model = new Model({
    price: (symbol, _, number) => (without.has(number) ? null : BigInt(fixed(symbol, 0))),
  });
  for (const line of readWorkloadFile(readFileSync(file))) model.take(line, { instant: 0 });
  const users = new Set(model.accounts(0).map(({ user }) => user));
  const lines: string[] = [];
  await writeAccounts(faults.pool, LIFETIME_MS, (batch) => void lines.push(...batch));
  const own = lines.filter((line) => users.has((JSON.parse(line) as { user: string }).user));
  return sameAccounts(own, model, 0);
}

/** Returns the numbers of the commands of a run that were rejected because no quote was available. */
async function numbersWithoutQuote(
  { pool }: FaultSystem,
  name: string,
): Promise<ReadonlySet<number>> {
  const { rows } = await pool.query<{ number: bigint }>(
    `SELECT number FROM audit_events
      WHERE stream = $1 AND kind = 'errorEvent' AND message LIKE 'quote-unavailable%'`,
    [`run:${name}`],
  );
  return new Set(rows.map(({ number }) => Number(number)));
}
