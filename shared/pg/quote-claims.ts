/** Who may ask the legacy server for a symbol: one process at a time, whatever each of them believes. */
import type { PoolClient } from 'pg';
import type { StockSymbol } from '../domain/identity.ts';
import type { DatabaseClock } from './database-clock.ts';
import type { Pool } from './pool.ts';
import { statement } from './statement.ts';
import { asTransient } from './connection.ts';

/** Keeps these locks apart from any others in the same database. */
const LOCK_SPACE = 0x71_75_6f_74;
/**
 * A session that says nothing for this long is ended by the server, and its claims with it: so much
 * longer at most may a paused process keep others from a symbol.
 */
const SILENCE_MAX_MS = 5_000;
const PING_MS = 1_000;

export interface QuoteClaims {
  /**
   * Takes the symbol, until `release` or until this process or its connection is gone. False =
   * another process has it. Rejects with `TransientError` while the database is away.
   */
  claim(symbol: StockSymbol): Promise<boolean>;
  /** Whether a claim still stands, as far as can be known here and now. */
  holds(symbol: StockSymbol): boolean;
  release(symbol: StockSymbol): Promise<void>;
  close(): Promise<void>;
}

/** Opens the claims on a pool of one connection that is used for nothing else. */
export const openQuoteClaims = (pool: Pool, clock: DatabaseClock): QuoteClaims =>
  new SessionClaims(pool, clock);

type Session = {
  readonly client: PoolClient;
  readonly claimed: Set<StockSymbol>;
  /** When the server last answered; monotonic. */
  heardAt: number;
  isLost: boolean;
};

/**
 * A claim is an advisory lock of one session. It ends with the session: at once when the process
 * dies, and after a few seconds of silence when it is paused, since a live one pings. So there is
 * no row to clean up, and nothing to wait for after a crash.
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
      // A session that fails is dropped, and its locks with it.
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
      // The next claim opens another session.
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

/** Each symbol its own number: `A` is 1, `ZZZ` is 18,278. */
const numberOf = (symbol: StockSymbol): number =>
  Array.from(symbol).reduce((number, letter) => number * 26 + letter.charCodeAt(0) - 64, 0);
