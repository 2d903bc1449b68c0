/**
 * Keeps in the browser two facts about orders that the server does not tell, so that they outlast a reload. All
 * tabs of the user share how much each order was placed for. Each tab keeps its own list of expired orders.
 */
import { effect } from '@preact/signals';
import type { PendingOrder } from '../../../../../shared/web-api/portfolio.ts';
import type { Quantity } from '../pure/quantity.ts';
import type { Store } from './store.ts';

const ASKED_AS = 'daytrade.asked';
const RAN_OUT_AS = 'daytrade.ran-out';
/** The most orders whose quantity is kept; a user rarely has more of them pending. */
const ASKED_MAX = 50;

type Asked = {
  readonly user: string;
  readonly placedAt: number;
  readonly quantity: Quantity;
};

type RanOut = { readonly user: string; readonly orders: readonly PendingOrder[] };

/** Keeps the quantity of an order that this tab placed. */
export function keepAsked(asked: Asked): void {
  write(localStorage, ASKED_AS, [asked, ...readAsked()].slice(0, ASKED_MAX));
}

/** Finds the quantity that was asked for; for an order of another browser, its count of shares. */
export function findAsked(user: string, { placedAt, shares }: PendingOrder): Quantity {
  const asked = readAsked().find((each) => each.user === user && each.placedAt === placedAt);
  return asked?.quantity ?? { unit: 'shares', shares };
}

/** Restores the expired orders of the user, and keeps them until the returned function is called. */
export function keepRanOut({ orders }: Pick<Store, 'orders'>, user: string): () => void {
  const kept = read(sessionStorage, RAN_OUT_AS) as RanOut | undefined;
  if (kept?.user === user) orders.value = { ...orders.peek(), ranOut: kept.orders };
  return effect(() => write(sessionStorage, RAN_OUT_AS, { user, orders: orders.value.ranOut }));
}

/** Removes what is kept of the user who leaves. */
export function forgetKept(user: string): void {
  const others = readAsked().filter((asked) => asked.user !== user);
  write(localStorage, ASKED_AS, others);
  sessionStorage.removeItem(RAN_OUT_AS);
}

const readAsked = (): readonly Asked[] =>
  (read(localStorage, ASKED_AS) as readonly Asked[] | undefined) ?? [];

function read(storage: Storage, name: string): unknown {
  const stored = storage.getItem(name);
  return stored === null ? undefined : JSON.parse(stored);
}

function write(storage: Storage, name: string, value: unknown): void {
  storage.setItem(name, JSON.stringify(value));
}
