/** What the page knows. Components read it; actions and the live stream write it. */
import { computed, effect, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { Portfolio } from '../../../../../shared/web-api/portfolio.ts';
import type { Session } from '../../../../../shared/web-api/session.ts';
import { reprice, type Quotes } from '../pure/reprice.ts';
import { NO_ORDERS, trackOrders, type TrackedOrders } from '../pure/track-orders.ts';
import type { Toast } from '../pure/toasts.ts';
import type { Clock } from './clock.ts';
import type { OpenWrite } from './writes.ts';

export type Connection = 'connecting' | 'live' | 'lost';

export type Store = {
  /** Undefined until the server was asked; null = nobody is signed in. */
  readonly session: Signal<Session | null | undefined>;
  /** Why the sign-in page is shown, where that needs a word. */
  readonly notice: Signal<string | undefined>;
  readonly told: Signal<Portfolio | undefined>;
  /** What was told, at the latest prices. */
  readonly portfolio: ReadonlySignal<Portfolio | undefined>;
  readonly quotes: Signal<Quotes>;
  readonly orders: Signal<TrackedOrders>;
  /** When the order was placed that this page placed last, until it was brought into view. */
  readonly placedHere: Signal<number | undefined>;
  readonly connection: Signal<Connection>;
  /** Why commands are not decided now, as the server says. */
  readonly trouble: Signal<string | undefined>;
  /** The server's time, a few times a second. */
  readonly now: ReadonlySignal<number>;
  readonly toasts: Signal<readonly Toast[]>;
  /** Writes whose outcome is not known yet. */
  readonly writes: Signal<readonly OpenWrite[]>;
  /** Whether the server has a newer version of this page. */
  readonly isOld: Signal<boolean>;
  /** Counts the movements that were heard of, so that a list of them knows when it is old. */
  readonly entriesHeard: Signal<number>;
};

export function createStore({ now }: Clock): Store {
  const told = signal<Portfolio | undefined>(undefined);
  const quotes = signal<Quotes>(new Map());
  const orders = signal(NO_ORDERS);
  effect(() => {
    const { orders: known = [], now: toldAt = 0 } = told.value ?? {};
    orders.value = trackOrders(orders.peek(), { known, now: Math.max(now.value, toldAt) });
  });
  return {
    session: signal<Session | null | undefined>(undefined),
    notice: signal<string | undefined>(undefined),
    told,
    portfolio: computed(() =>
      told.value === undefined ? undefined : reprice(told.value, quotes.value),
    ),
    quotes,
    placedHere: signal<number | undefined>(undefined),
    connection: signal<Connection>('connecting'),
    trouble: signal<string | undefined>(undefined),
    now,
    orders,
    toasts: signal<readonly Toast[]>([]),
    writes: signal<readonly OpenWrite[]>([]),
    isOld: signal(false),
    entriesHeard: signal(0),
  };
}

/** What belongs to one user must not be seen by the next. */
export function forgetUser(store: Store): void {
  store.told.value = undefined;
  store.orders.value = NO_ORDERS;
  store.quotes.value = new Map();
  store.toasts.value = [];
  store.writes.value = [];
  store.connection.value = 'connecting';
  store.trouble.value = undefined;
}
