/** Connections to the database. The only place where a driver's defaults are decided. */
import { Socket } from 'node:net';
import pg from 'pg';
import { gatherWrites } from '../runtime/gather-writes.ts';
import type { Logger } from '../runtime/logger.ts';

export const SCHEMA = 'daytrade';

export type Pool = pg.Pool;
export type Client = pg.ClientBase;

export type PoolOptions = {
  readonly url: string;
  /** Shown in pg_stat_activity. */
  readonly name: string;
  /** The most connections it opens. */
  readonly size: number;
  /**
   * Statements are sent without waiting for the one before, and planned once, by key. Such connections
   * hold no cursors.
   */
  readonly pipeline?: boolean;
  /** A statement that takes longer fails; without it, one may wait as long as the server lives. */
  readonly answerMaxMs?: number;
  readonly log: Logger;
};

const CONNECT_TIMEOUT_MS = 5_000;
/**
 * A process that was paused inside a transaction may hold its users' locks no longer than this: the
 * server ends its transaction, and it finds its positions done when it wakes.
 */
const IDLE_IN_TRANSACTION_MS = 5_000;
const LOCK_TIMEOUT_MS = 10_000;
const KEEPALIVE_S = 2;

/**
 * Statements of a batch find their rows by key, however many. The planner would plan them anew each time, for
 * it knows the arrays' lengths then and guesses them to be ten otherwise: that took as long as doing them.
 * One plan for all lengths is by index only if no other is allowed: tables are empty when it is made.
 */
const BY_KEY: readonly string[] = [
  '-c plan_cache_mode=force_generic_plan',
  '-c enable_seqscan=off',
  '-c enable_hashjoin=off',
  '-c enable_mergejoin=off',
];

/** Counts and cents are whole: a double would not do. */
const isInt8 = (oid: number): boolean => oid === 20;

const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => {
    if (isInt8(oid)) return BigInt;
    return pg.types.getTypeParser(oid, format ?? 'text') as (value: string) => unknown;
  },
};

/** The settings of every session. */
export const SESSION_OPTIONS: string = [
  `-c search_path=${SCHEMA}`,
  `-c lock_timeout=${LOCK_TIMEOUT_MS}`,
  `-c idle_in_transaction_session_timeout=${IDLE_IN_TRANSACTION_MS}`,
  `-c tcp_keepalives_idle=${KEEPALIVE_S}`,
  `-c tcp_keepalives_interval=${KEEPALIVE_S}`,
  '-c tcp_keepalives_count=2',
  '-c client_min_messages=warning',
  '-c jit=off',
].join(' ');

export function openPool(options: PoolOptions): Pool {
  const { url, name, size, pipeline = false, answerMaxMs, log } = options;
  const pool = new pg.Pool({
    connectionString: url,
    application_name: name,
    max: size,
    pipeline,
    ...(pipeline && { stream: () => gatherWrites(new Socket()) }),
    ...(answerMaxMs !== undefined && { query_timeout: answerMaxMs }),
    types,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: 0,
    options: [SESSION_OPTIONS, ...(pipeline ? BY_KEY : [])].join(' '),
  });
  // A connection that breaks while idle is replaced at the next use; without a listener it would end the process.
  pool.on('error', (error) => log.warn('idle database connection lost', { pool: name, error }));
  return pool;
}
