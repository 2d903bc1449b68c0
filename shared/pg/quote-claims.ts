/** Claims on symbols: one process at a time may ask the quote server for a symbol. */
import type { PoolClient } from 'pg';
import type { StockSymbol } from '../domain/identity.ts';
import type { DatabaseClock } from './database-clock.ts';
import type { Pool } from './pool.ts';
import { statement } from './statement.ts';
import { asTransient } from './connection.ts';

/** The first key of these advisory locks, which separates them from others in the same database. */
const LOCK_SPACE = 0x71_75_6f_74;
/**
 * The server ends a session that is silent for this long, and thereby its claims. A paused process can
 * keep others from a symbol for this long at most.
 */
const SILENCE_MAX_MS = 5_000;
const PING_MS = 1_000;

export interface QuoteClaims {
  /**
   * Claims the symbol until `release`, or until this process or its connection is lost. Returns false if
   * another process has the claim. Rejects with a `TransientError` while the database is away.
   */
  claim(symbol: StockSymbol): Promise<boolean>;
  /** Whether this process still has the claim, judged without asking the server. */
  holds(symbol: StockSymbol): boolean;
  /** Releases the claim, if there is one. Never rejects. */
  release(symbol: StockSymbol): Promise<void>;
  close(): Promise<void>;
}

/** Opens the claims on a pool of one connection, which must be used for nothing else. */
export const openQuoteClaims = (pool: Pool, clock: DatabaseClock): QuoteClaims =>
  new SessionClaims(pool, clock);

type Session = {
  readonly client: PoolClient;
  readonly claimed: Set<StockSymbol>;
  /** The monotonic time of the server's last answer, in ms. */
  heardAt: number;
  isLost: boolean;
};

/**
 * A claim is an advisory lock of one session, and ends with it: at once if the process dies, and after
 * `SILENCE_MAX_MS` if the process is paused and does not ping. So a crash leaves no row to clean up and
 * makes nobody wait.
 */
class SessionClaims implements QuoteClaims {
  readonly #pool: Pool;
  readonly #clock: DatabaseClock;
  readonly #pinging: NodeJS.Timeout;
  #session: Promise<Session> | undefined;
  #present: Session | undefined;

  constructor(pool: Pool, clock: DatabaseClock) {
    this.#pool = pool;
    this.#clock = clock;
    this.#pinging = setInterval(() => void this.#ping(), PING_MS);
  }

  async claim(symbol: StockSymbol): Promise<boolean> {
    return await this.#onSession(async (session) => {
      const [row] = await TRY_LOCK.run(session.client, LOCK_SPACE, numberOf(symbol));
      if (row?.locked !== true) return false;
      session.claimed.add(symbol);
      return true;
    });
  }

  holds(symbol: StockSymbol): boolean {
    const session = this.#present;
    if (session === undefined || session.isLost) return false;
    const isHeard = performance.now() - session.heardAt < SILENCE_MAX_MS - PING_MS;
    return isHeard && session.claimed.has(symbol);
  }

  async release(symbol: StockSymbol): Promise<void> {
    if (this.#present?.claimed.delete(symbol) !== true) return;
    try {
      await this.#onSession(({ client }) => UNLOCK.run(client, LOCK_SPACE, numberOf(symbol)));
    } catch {
      // The failed session was dropped, and with it the lock.
    }
  }

  async #ping(): Promise<void> {
    if (this.#present === undefined || this.#present.isLost) return;
    try {
      await this.#onSession(async ({ client }) => {
        const [row] = await TELL_TIME.run(client);
        if (row !== undefined) this.#clock.observe(Number(row.now));
      });
    } catch {
      // The session was dropped; the next claim opens another.
    }
  }

  async #onSession<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    let session: Session | undefined;
    try {
      session = await this.#open();
      const result = await work(session);
      session.heardAt = performance.now();
      return result;
    } catch (error) {
      if (session !== undefined) this.#drop(session);
      throw asTransient(error);
    }
  }

  async #open(): Promise<Session> {
    this.#session ??= this.#connect().catch((error: unknown) => {
      this.#session = undefined;
      throw error;
    });
    return await this.#session;
  }

  async #connect(): Promise<Session> {
    const client = await this.#pool.connect();
    const session = { client, claimed: new Set<StockSymbol>(), heardAt: 0, isLost: false };
    client.on('error', () => this.#drop(session));
    try {
      await LIMIT_SILENCE.run(client, SILENCE_MAX_MS.toString());
    } catch (error) {
      this.#drop(session);
      throw error;
    }
    session.heardAt = performance.now();
    this.#present = session;
    return session;
  }

  #drop(session: Session): void {
    if (session.isLost) return;
    session.isLost = true;
    session.client.release(true);
    if (this.#present === session) {
      this.#present = undefined;
      this.#session = undefined;
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#pinging);
    if (this.#present !== undefined) this.#drop(this.#present);
    await this.#pool.end();
  }
}

const TRY_LOCK = statement<{ locked: boolean }>(
  'quote-claims-try',
  `SELECT pg_try_advisory_lock($1, $2) AS locked`,
);
const UNLOCK = statement('quote-claims-release', `SELECT pg_advisory_unlock($1, $2)`);
const LIMIT_SILENCE = statement(
  'quote-claims-limit',
  `SELECT set_config('idle_session_timeout', $1, false)`,
);
const TELL_TIME = statement<{ now: bigint }>(
  'quote-claims-time',
  `SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now`,
);

/** Numbers the symbols uniquely: `A` is 1, `ZZZ` is 18,278. */
const numberOf = (symbol: StockSymbol): number =>
  Array.from(symbol).reduce((number, letter) => number * 26 + letter.charCodeAt(0) - 64, 0);
