/** Pools of connections to the database, with the settings of the driver and of sessions. */
import { Socket } from 'node:net';
import pg from 'pg';
import { gatherWrites } from '../runtime/gather-writes.ts';
import type { Logger } from '../runtime/logger.ts';

export const SCHEMA = 'daytrade';

export type Pool = pg.Pool;
export type Client = pg.ClientBase;

export type PoolOptions = {
  readonly url: string;
  /** The name of its sessions in pg_stat_activity. */
  readonly name: string;
  /** The most connections that it opens. */
  readonly size: number;
  /**
   * Whether to send statements without waiting for the previous one, and to plan each once, with index
   * scans. Such connections cannot use cursors.
   */
  readonly pipeline?: boolean;
  /** A statement that takes longer fails. If absent, it may wait forever while the connection lives. */
  readonly answerMaxMs?: number;
  readonly log: Logger;
};

const CONNECT_TIMEOUT_MS = 5_000;
/**
 * The longest time that a process paused inside a transaction can hold its users' locks. Then the server
 * ends the transaction; when the process wakes, it finds its positions done by another one.
 */
const IDLE_IN_TRANSACTION_MS = 5_000;
const LOCK_TIMEOUT_MS = 10_000;
const KEEPALIVE_S = 2;

/**
 * Makes the planner plan a statement once per connection, by index. With custom plans, which know the
 * lengths of arrays, planning took as long as execution. A generic plan assumes ten elements and, made
 * while tables are empty, uses indexes only if no other plan is allowed.
 */
const BY_KEY: readonly string[] = [
  '-c plan_cache_mode=force_generic_plan',
  '-c enable_seqscan=off',
  '-c enable_hashjoin=off',
  '-c enable_mergejoin=off',
];

/** int8 is parsed as a bigint, because a double cannot represent all counts and cents. */
const isInt8 = (oid: number): boolean => oid === 20;

const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => {
    if (isInt8(oid)) return BigInt;
    return pg.types.getTypeParser(oid, format ?? 'text') as (value: string) => unknown;
  },
};

/** The settings of every session of a pool. */
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

/** Opens a pool. It connects when a connection is first used. */
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
  // The pool replaces a connection lost while idle; without a listener, the error would end the process.
  pool.on('error', (error) => log.warn('idle database connection lost', { pool: name, error }));
  return pool;
}
