/**
 * What is told to whoever listens. The hub looks for changes of all its listeners' users with one
 * statement a turn, so that it needs no word from the processes that make them, and any number of
 * web processes serve the same user.
 */
import type { Pool } from '../../../shared/pg/pool.ts';
import { loadLedgerPage, type LedgerRow } from '../../../shared/pg/web-ledger.ts';
import { loadVersions } from '../../../shared/pg/web-portfolio.ts';
import { liveIdentities } from '../../../shared/pg/web-sessions.ts';
import type { Trouble } from '../../../shared/runtime/trouble.ts';
import type { ReceivedQuote } from '../../../shared/messages/quote-message.ts';
import type { Logger } from '../../../shared/runtime/logger.ts';
import type { ServerEventName, ServerEvents } from '../../../shared/web-api/events.ts';
import type { Portfolio } from '../../../shared/web-api/portfolio.ts';
import { HttpProblem, tooMany } from './http-problem.ts';
import { ledgerItem } from './history-view.ts';
import {
  EVENTS_EVERY_MS,
  MISSED_ENTRIES_MAX,
  SESSION_IDLE_MS,
  STREAMS_MAX,
  STREAMS_OF_USER_MAX,
} from './limits.ts';
import type { ReadPortfolio } from './portfolio-reader.ts';

export type Tell = <Name extends ServerEventName>(
  event: Name,
  data: ServerEvents[Name],
  id?: string,
) => void;

export type Listener = {
  readonly user: string;
  /** Of the session or token: once it ends, so does the listening. */
  readonly identity: string;
  readonly symbols: ReadonlySet<string>;
  /** Is told what mends a trouble too. */
  readonly isAdministrator: boolean;
  readonly tell: Tell;
  readonly end: () => void;
  /** The ledger entry up to which it was told; undefined: from now on. */
  readonly lastEntry: bigint | undefined;
};

export interface EventHub {
  /** Begins to tell; the function that is given ends it. Throws where there are too many. */
  listen(listener: Listener): () => void;
  learn(quote: ReceivedQuote): void;
  /** Tells everybody, and whoever comes while it lasts. */
  learnTroubles(troubles: readonly Trouble[]): void;
  close(): Promise<void>;
}

export type EventHubOptions = {
  readonly pool: Pool;
  readonly readPortfolio: ReadPortfolio;
  readonly orderLifetimeMs: number;
  /** The main script of the pages that are served; null where there are none. */
  readonly page: string | null;
  readonly log: Logger;
};

type Listening = { readonly listener: Listener; lastEntry: bigint | undefined; isReady: boolean };

/** `version`: what its listeners know; undefined where one of them knows nothing yet. */
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
    if (this.#trouble !== undefined) tellTrouble(listener, this.#trouble);
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
        if (symbols.has(symbol) || listener.symbols.has(symbol)) listener.tell('quote', quote);
      }
    }
  }

  learnTroubles([trouble]: readonly Trouble[]): void {
    this.#trouble = trouble;
    for (const { listenings } of this.#audiences.values()) {
      for (const { listener } of listenings) tellTrouble(listener, trouble);
    }
  }

  #schedule(waitMs: number): void {
    if (this.#closed || this.#turn !== undefined) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#turn = this.#look()
        .catch((error: unknown) => this.#options.log.warn('events held', { error }))
        .finally(() => {
          this.#turn = undefined;
          if (this.#audiences.size > 0) this.#schedule(EVENTS_EVERY_MS);
        });
    }, waitMs);
  }

  async #look(): Promise<void> {
    const { pool, orderLifetimeMs } = this.#options;
    await this.#endOthers();
    const users = [...this.#audiences.keys()];
    const versions = await loadVersions(pool, users, orderLifetimeMs);
    for (const user of users) {
      const audience = this.#audiences.get(user);
      if (audience === undefined || audience.version === versions.get(user)) continue;
      await this.#tellChanges(user, audience);
    }
  }

  async #tellChanges(user: string, audience: Audience): Promise<void> {
    const present = [...audience.listenings];
    const portfolio = await this.#options.readPortfolio(user);
    const entries = await loadLedgerPage(this.#options.pool, user, {
      ...ALL,
      most: MISSED_ENTRIES_MAX,
    });
    audience.symbols = symbolsOf(portfolio);
    for (const listening of present) {
      tellEntries(listening, entries, { now: portfolio.now, page: this.#options.page });
      listening.listener.tell('portfolio', portfolio);
    }
    // Whoever came meanwhile knows nothing yet: the next turn tells them.
    if (present.length === audience.listenings.size) audience.version = portfolio.version;
  }

  /** Ends those whose session or token has ended: each turn, before anything is told. */
  async #endOthers(): Promise<void> {
    const all = [...this.#audiences.values()].flatMap(({ listenings }) => [...listenings]);
    const ids = [...new Set(all.map(({ listener }) => listener.identity))];
    const live = await liveIdentities(this.#options.pool, ids, SESSION_IDLE_MS);
    for (const { listener } of all) {
      if (live.has(listener.identity)) continue;
      listener.tell('ended', { reason: 'signed-out' });
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

const tellTrouble = ({ tell, isAdministrator }: Listener, trouble: Trouble | undefined): void =>
  tell('trouble', {
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

/** A first look tells that it stands and where it is; then what it missed, the oldest first. */
function tellEntries(
  listening: Listening,
  latestFirst: readonly LedgerRow[],
  { now, page }: Omit<ServerEvents['ready'], 'resumed'>,
): void {
  const { tell } = listening.listener;
  const last = latestFirst[0]?.id ?? 0n;
  if (listening.lastEntry === undefined) {
    tell('ready', { now, resumed: false, page }, last.toString());
    listening.lastEntry = last;
    listening.isReady = true;
    return;
  }
  if (!listening.isReady) tell('ready', { now, resumed: true, page });
  listening.isReady = true;
  const missed = latestFirst.filter(({ id }) => id > (listening.lastEntry ?? last)).reverse();
  // All of them are new: those before them, which are not loaded, may be new too.
  if (missed.length === MISSED_ENTRIES_MAX) tell('missed', { now });
  for (const row of missed) tell('entry', ledgerItem(row), row.id.toString());
  if (last > listening.lastEntry) listening.lastEntry = last;
}

const symbolsOf = ({ holdings, orders, triggers }: Portfolio): ReadonlySet<string> =>
  new Set([...holdings, ...orders, ...triggers].map(({ symbol }) => symbol));
