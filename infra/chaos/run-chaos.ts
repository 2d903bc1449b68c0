/**
 * Runs a workload on a system of its own while a schedule of faults breaks it. Afterwards the
 * system must heal, drain and pass `verify`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { generateWorkload } from '../../producers/workload/generate.ts';
import { atRate } from '../../producers/workload/pace.ts';
import { openWorkload } from '../../producers/workload/open-workload.ts';
import { runWorkload } from '../../producers/workload/run-workload.ts';
import { openPool, type Pool } from '../../shared/pg/pool.ts';
import { verifyStored } from '../../shared/pg/verify.ts';
import type { Finding } from '../../shared/pg/verify-checks.ts';
import { readConfig } from '../../shared/runtime/config.ts';
import { CodedError } from '../../shared/runtime/errors.ts';
import type { OpenedLogger } from '../../shared/runtime/logger.ts';
import { openQuoteServer } from '../quote-server/open-quote-server.ts';
import { startSystem } from '../supervisor/supervisor.ts';
import { brokerTargetOf } from './broker-faults.ts';
import { CHAOS_FAULTS, type ChaosTarget } from './chaos-faults.ts';
import { scheduleFaults } from './schedule.ts';

export type ChaosOptions = {
  /** A data folder for this run alone: its system has private services, which the faults kill. */
  readonly home: string;
  readonly seed: number;
  readonly minutes: number;
  /** The rate at which its workload sends. */
  readonly commandsPerS?: number;
  readonly say: (line: string) => void;
  readonly log: OpenedLogger;
};

type ChaosResult = {
  readonly commands: number;
  readonly faults: number;
  /** The time from the last fault until all commands were done and stored. */
  readonly drainedAfterMs: number;
  readonly findings: readonly Finding[];
  readonly file: string;
};

/**
 * The liveness bound: all commands must be done within this time after the last fault has healed.
 */
const DRAIN_MAX_MS = 90_000;
const COMMANDS_PER_S = 200;
const USERS = 40;
const SYMBOLS = 100;
const LIFETIME_MS = 3_600_000;
const POOLS = { transaction: 2, quote: 2, trigger: 2, audit: 2, intake: 0, web: 0 };

/**
 * Rejects if the workload is not done in time. The result contains all findings, including failed
 * ones.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { home, say, log } = options;
  mkdirSync(home, { recursive: true });
  const quotes = await openQuoteServer({ prices: 'fixed', delayMs: 20 });
  const env = {
    DAYTRADE_HOME: home,
    QUOTE_SERVER: `127.0.0.1:${quotes.port}`,
    ORDER_LIFETIME_S: (LIFETIME_MS / 1_000).toString(),
    QUOTE_LIFETIME_S: '5',
  };
  try {
    const system = await startSystem({
      config: readConfig(env),
      pools: POOLS,
      triggerRefreshMs: 0,
      quoteServerFlags: [],
      fresh: true,
      override: () => ({ env }),
      say,
      log,
    });
    const { amqpUrl, databaseUrl, managementUrl = '' } = system.info();
    const pool = openPool({ url: databaseUrl, name: 'chaos', size: 3, log });
    try {
      const broker = brokerTargetOf(managementUrl, amqpUrl);
      return await breakAndVerify({ system, home, broker, pool, quotes }, options);
    } finally {
      await pool.end();
      await system.stop();
    }
  } finally {
    await quotes.close();
  }
}

async function breakAndVerify(target: ChaosTarget, options: ChaosOptions): Promise<ChaosResult> {
  const { seed, minutes, commandsPerS = COMMANDS_PER_S, log } = options;
  const durationMs = minutes * 60_000;
  const file = writeWorkload(options, Math.ceil((durationMs / 1_000) * commandsPerS));
  const { amqpUrl, databaseUrl, shards } = target.system.info();
  const workload = await openWorkload([file]);
  const running = runWorkload({
    ...{ workload, run: `chaos-${seed}`, pack: 8 },
    pace: atRate(commandsPerS),
    ...{ amqpUrl, databaseUrl, shardCount: shards },
    signal: new AbortController().signal,
    onStart: () => undefined,
    onAnswer: () => undefined,
    onUnreadable: () => undefined,
    log,
  });
  running.catch(() => undefined);
  const faults = await causeFaults(target, { ...options, durationMs });
  const healedAt = performance.now();
  const { commands } = await within(DRAIN_MAX_MS, running);
  const drainedAfterMs = performance.now() - healedAt;
  return { commands, faults, drainedAfterMs, file, findings: await findingsOf(target.pool) };
}

function writeWorkload({ home, seed }: ChaosOptions, commands: number): string {
  const file = join(home, `chaos-${seed}.workload`);
  const shape = { users: USERS, symbols: SYMBOLS, commands, seed };
  writeFileSync(file, [...generateWorkload(shape)].join('\n'));
  return file;
}

/** Causes the scheduled faults; resolves to their number when the last one has healed. */
async function causeFaults(
  target: ChaosTarget,
  { seed, durationMs, say, log }: ChaosOptions & { readonly durationMs: number },
): Promise<number> {
  const schedule = scheduleFaults(seed, { durationMs, faults: Object.keys(CHAOS_FAULTS) });
  const startedAt = performance.now();
  const struck: Promise<unknown>[] = [];
  for (const { atMs, fault, random } of schedule) {
    await sleep(Math.max(0, startedAt + atMs - performance.now()));
    say(`${(atMs / 1_000).toFixed(1).padStart(6)} s  ${fault}`);
    const strike = async (): Promise<void> => {
      try {
        await CHAOS_FAULTS[fault]?.(target, random);
      } catch (error) {
        // The target may be broken already: a broker that is down, for example, closes no
        // connection.
        log.warn('fault had no effect', { fault, error });
      }
    };
    struck.push(strike());
  }
  await Promise.all(struck);
  await target.quotes.setFault(undefined);
  return schedule.length;
}

async function within<Value>(ms: number, work: Promise<Value>): Promise<Value> {
  const abort = new AbortController();
  const late = sleep(ms, undefined, { signal: abort.signal }).then(() => {
    throw new CodedError('not-finished', `not everything was done ${ms / 1_000} s after healing`);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    abort.abort();
  }
}

async function findingsOf(pool: Pool): Promise<readonly Finding[]> {
  const client = await pool.connect();
  try {
    return await verifyStored(client, LIFETIME_MS);
  } finally {
    client.release(true);
  }
}
