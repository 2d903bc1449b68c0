/** The state of the page. Components read it; actions and the event stream write it. */
import { computed, effect, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { CommandRequest } from '../../../../../shared/web-api/command.ts';
import type { PortfolioView } from '../../../../../shared/web-api/portfolio.ts';
import type { Session } from '../../../../../shared/web-api/session.ts';
import { priceTimes, reprice, type Quotes } from '../pure/reprice.ts';
import { NO_ORDERS, trackOrders, type TrackedOrders } from '../pure/track-orders.ts';
import type { Toast } from '../pure/toasts.ts';
import type { Clock } from './clock.ts';
import { createPreferences, type Preferences } from './preferences.ts';

export type Connection = 'connecting' | 'live' | 'lost';

/** A command that was sent, and whose outcome is not known yet. */
export type OpenWrite = {
  readonly key: string;
  readonly user: string;
  readonly request: CommandRequest;
  /** The server's time of the first try. */
  readonly startedAt: number;
  readonly tries: number;
};

export type Store = {
  /** Undefined until the server has answered; null if no user is signed in. */
  readonly session: Signal<Session | null | undefined>;
  /** The reason why the sign-in page is shown, if it needs one. */
  readonly notice: Signal<string | undefined>;
  /** The latest portfolio from the server. */
  readonly serverPortfolio: Signal<PortfolioView | undefined>;
  /** The same portfolio at the latest prices. */
  readonly portfolio: ReadonlySignal<PortfolioView | undefined>;
  readonly quotes: Signal<Quotes>;
  /** When the latest known price of each symbol was received. */
  readonly priceTimes: ReadonlySignal<ReadonlyMap<string, number>>;
  readonly orders: Signal<TrackedOrders>;
  /** The side on which a shortcut opened the ticket, until it is shown. */
  readonly askedSide: Signal<'buy' | 'sell' | undefined>;
  /** Whether a shortcut asked for the search, until the search has the focus. */
  readonly asksSearch: Signal<boolean>;
  /** The time of the last order that this page placed, until it is scrolled into view. */
  readonly placedHere: Signal<number | undefined>;
  readonly preferences: Preferences;
  readonly connection: Signal<Connection>;
  /** The reason why the system decides no commands now, from the server. */
  readonly trouble: Signal<string | undefined>;
  /** The server's time in Unix milliseconds, updated a few times a second. */
  readonly now: ReadonlySignal<number>;
  readonly toasts: Signal<readonly Toast[]>;
  /** Commands without a known outcome. */
  readonly writes: Signal<readonly OpenWrite[]>;
  /** Whether the server has a newer version of this page. */
  readonly isOld: Signal<boolean>;
  /** Counts the ledger entries that the stream reported, so that lists of them reload. */
  readonly entriesReceived: Signal<number>;
};

export function createStore({ now }: Clock): Store {
  const serverPortfolio = signal<PortfolioView | undefined>(undefined);
  const quotes = signal<Quotes>(new Map());
  const orders = signal(NO_ORDERS);
  effect(() => {
    const { orders: known = [], now: serverNow = 0 } = serverPortfolio.value ?? {};
    orders.value = trackOrders(orders.peek(), { known, now: Math.max(now.value, serverNow) });
  });
  return {
    session: signal<Session | null | undefined>(undefined),
    notice: signal<string | undefined>(undefined),
    serverPortfolio,
    portfolio: computed(() =>
      serverPortfolio.value === undefined
        ? undefined
        : reprice(serverPortfolio.value, quotes.value),
    ),
    quotes,
    priceTimes: computed(() => priceTimes(serverPortfolio.value?.holdings ?? [], quotes.value)),
    askedSide: signal<'buy' | 'sell' | undefined>(undefined),
    asksSearch: signal(false),
    placedHere: signal<number | undefined>(undefined),
    preferences: createPreferences(),
    connection: signal<Connection>('connecting'),
    trouble: signal<string | undefined>(undefined),
    now,
    orders,
    toasts: signal<readonly Toast[]>([]),
    writes: signal<readonly OpenWrite[]>([]),
    isOld: signal(false),
    entriesReceived: signal(0),
  };
}

/** Removes everything of one user, which the next user must not see. */
export function forgetUser(store: Store): void {
  store.serverPortfolio.value = undefined;
  store.orders.value = NO_ORDERS;
  store.quotes.value = new Map();
  store.toasts.value = [];
  store.writes.value = [];
  store.connection.value = 'connecting';
  store.trouble.value = undefined;
}
