/**
 * Sends events to the listeners of this process. Every `EVENTS_EVERY_MS` it loads the versions of all its
 * listeners' portfolios with one statement, so that it depends on no message from the processes that
 * change them, and any number of web processes can serve the same user.
 */
import type { Pool } from '../../../../shared/pg/pool.ts';
import { loadLedgerPage, type LedgerPageRow } from '../../../../shared/pg/web-ledger.ts';
import { loadVersions } from '../../../../shared/pg/web-portfolio.ts';
import { liveIdentities } from '../../../../shared/pg/web-sessions.ts';
import type { Trouble } from '../../../../shared/runtime/trouble.ts';
import type { ReceivedQuote } from '../../../../shared/domain/quote.ts';
import type { Logger } from '../../../../shared/runtime/logger.ts';
import type { ServerEventName, ServerEvents } from '../../../../shared/web-api/events.ts';
import type { PortfolioView } from '../../../../shared/web-api/portfolio.ts';
import { HttpProblem, tooMany } from './http-problem.ts';
import { ledgerItem } from '../views/history-view.ts';
import {
  EVENTS_EVERY_MS,
  MISSED_ENTRIES_MAX,
  SESSION_IDLE_MS,
  STREAMS_MAX,
  STREAMS_OF_USER_MAX,
} from './limits.ts';
import type { ReadPortfolio } from './portfolio-reader.ts';

/** Sends one server-sent event; `id` is the ledger entry at which a client can resume. */
type SendEvent = <Name extends ServerEventName>(
  event: Name,
  data: ServerEvents[Name],
  id?: string,
) => void;

type Listener = {
  readonly user: string;
  /** The id of the session or token; when it ends, so does the stream. */
  readonly identity: string;
  readonly symbols: ReadonlySet<string>;
  /** Whether it also gets the remedy of a trouble. */
  readonly isAdministrator: boolean;
  readonly send: SendEvent;
  readonly end: () => void;
  /** The last ledger entry that the client has; undefined if it starts with the next one. */
  readonly lastEntry: bigint | undefined;
};

export interface EventHub {
  /** Adds a listener and returns a function that removes it. Throws a problem if there are too many. */
  listen(listener: Listener): () => void;
  /** Sends a changed quote to the listeners that follow its symbol, or whose portfolio contains it. */
  learn(quote: ReceivedQuote): void;
  /** Sends the first trouble, or its end, to all listeners, and to each one that joins while it lasts. */
  learnTroubles(troubles: readonly Trouble[]): void;
  /** Ends all streams. */
  close(): Promise<void>;
}

type EventHubOptions = {
  readonly pool: Pool;
  readonly readPortfolio: ReadPortfolio;
  readonly orderLifetimeMs: number;
  /** The path of the main script of the served client; null if the client is not built. */
  readonly page: string | null;
  readonly log: Logger;
};

/** A listener and the last ledger entry it was sent; `isReady` once it has got `ready`. */
type Listening = { readonly listener: Listener; lastEntry: bigint | undefined; isReady: boolean };

/**
 * The listeners of one user. `version` is that of the portfolio they were sent; undefined if one of them
 * was sent none yet.
 */
type Audience = {
  readonly listenings: Set<Listening>;
  version: string | undefined;
  symbols: ReadonlySet<string>;
};

export const openEventHub = (options: EventHubOptions): EventHub => new PollingHub(options);

class PollingHub implements EventHub {
  readonly #options: EventHubOptions;
  readonly #audiences = new Map<string, Audience>();
  #count = 0;
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> | undefined;
  #closed = false;
  #trouble: Trouble | undefined;

  constructor(options: EventHubOptions) {
    this.#options = options;
  }

  listen(listener: Listener): () => void {
    const audience = this.#audiences.get(listener.user) ?? newAudience();
    if (this.#count >= STREAMS_MAX || this.#closed) throw new HttpProblem('unavailable');
    if (audience.listenings.size >= STREAMS_OF_USER_MAX) throw tooMany(5);
    this.#audiences.set(listener.user, audience);
    const listening = { listener, lastEntry: listener.lastEntry, isReady: false };
    audience.listenings.add(listening);
    audience.version = undefined;
    this.#count += 1;
    if (this.#trouble !== undefined) sendTrouble(listener, this.#trouble);
    this.#schedule(0);
    return () => {
      if (!audience.listenings.delete(listening)) return;
      this.#count -= 1;
      if (audience.listenings.size === 0) this.#audiences.delete(listener.user);
    };
  }

  learn({ symbol, price, receivedAt }: ReceivedQuote): void {
    const quote = { symbol, price: Number(price), receivedAt, ageMs: 0, fresh: true };
    for (const { listenings, symbols } of this.#audiences.values()) {
      for (const { listener } of listenings) {
        if (symbols.has(symbol) || listener.symbols.has(symbol)) listener.send('quote', quote);
      }
    }
  }

  learnTroubles([trouble]: readonly Trouble[]): void {
    this.#trouble = trouble;
    for (const { listenings } of this.#audiences.values()) {
      for (const { listener } of listenings) sendTrouble(listener, trouble);
    }
  }

  #schedule(waitMs: number): void {
    if (this.#closed || this.#turn !== undefined) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#turn = this.#poll()
        .catch((error: unknown) => this.#options.log.warn('events held', { error }))
        .finally(() => {
          this.#turn = undefined;
          if (this.#audiences.size > 0) this.#schedule(EVENTS_EVERY_MS);
        });
    }, waitMs);
  }

  async #poll(): Promise<void> {
    const { pool, orderLifetimeMs } = this.#options;
    await this.#endSignedOut();
    const users = [...this.#audiences.keys()];
    const versions = await loadVersions(pool, users, orderLifetimeMs);
    for (const user of users) {
      const audience = this.#audiences.get(user);
      if (audience === undefined || audience.version === versions.get(user)) continue;
      await this.#sendChanges(user, audience);
    }
  }

  async #sendChanges(user: string, audience: Audience): Promise<void> {
    const present = [...audience.listenings];
    const portfolio = await this.#options.readPortfolio(user);
    const entries = await loadLedgerPage(this.#options.pool, user, {
      ...ALL,
      most: MISSED_ENTRIES_MAX,
    });
    audience.symbols = symbolsOf(portfolio);
    for (const listening of present) {
      sendEntries(listening, entries, { now: portfolio.now, page: this.#options.page });
      listening.listener.send('portfolio', portfolio);
    }
    // If a listener joined meanwhile, the version stays unknown, so that the next poll sends to it.
    if (present.length === audience.listenings.size) audience.version = portfolio.version;
  }

  /** Ends the streams whose session or token has ended. Each poll does so before it sends anything. */
  async #endSignedOut(): Promise<void> {
    const all = [...this.#audiences.values()].flatMap(({ listenings }) => [...listenings]);
    const ids = [...new Set(all.map(({ listener }) => listener.identity))];
    const live = await liveIdentities(this.#options.pool, ids, SESSION_IDLE_MS);
    for (const { listener } of all) {
      if (live.has(listener.identity)) continue;
      listener.send('ended', { reason: 'signed-out' });
      listener.end();
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#turn;
    for (const { listenings } of this.#audiences.values()) {
      for (const { listener } of listenings) listener.end();
    }
  }
}

const sendTrouble = ({ send, isAdministrator }: Listener, trouble: Trouble | undefined): void =>
  send('trouble', {
    what: trouble?.what ?? null,
    remedy: isAdministrator ? (trouble?.remedy ?? null) : null,
  });

const ALL = {
  before: undefined,
  symbol: undefined,
  event: undefined,
  q: undefined,
  from: undefined,
  to: undefined,
};

const newAudience = (): Audience => ({
  listenings: new Set(),
  version: undefined,
  symbols: new Set(),
});

/**
 * Sends `ready` to a new listener, then the entries that it misses, oldest first. A listener without a last
 * entry starts at the latest one and gets no entries.
 */
function sendEntries(
  listening: Listening,
  latestFirst: readonly LedgerPageRow[],
  { now, page }: Omit<ServerEvents['ready'], 'resumed'>,
): void {
  const { send } = listening.listener;
  const last = latestFirst[0]?.id ?? 0n;
  if (listening.lastEntry === undefined) {
    send('ready', { now, resumed: false, page }, last.toString());
    listening.lastEntry = last;
    listening.isReady = true;
    return;
  }
  if (!listening.isReady) send('ready', { now, resumed: true, page });
  listening.isReady = true;
  const missed = latestFirst.filter(({ id }) => id > (listening.lastEntry ?? last)).reverse();
  // If every loaded entry is new, there may be older new ones that were not loaded.
  if (missed.length === MISSED_ENTRIES_MAX) send('missed', { now });
  for (const row of missed) send('entry', ledgerItem(row), row.id.toString());
  if (last > listening.lastEntry) listening.lastEntry = last;
}

const symbolsOf = ({ holdings, orders, triggers }: PortfolioView): ReadonlySet<string> =>
  new Set([...holdings, ...orders, ...triggers].map(({ symbol }) => symbol));
