/** The age of a price, marked once it is too old for a command. */
import type { JSX } from 'preact';
import { formatAge } from '../pure/countdown.ts';
import { useApp } from '../state/app-context.ts';

/** `at` is when the price was received. */
export function PriceAge({ at }: { readonly at: number }): JSX.Element {
  const { store } = useApp();
  const ageMs = store.now.value - at;
  const isOld = ageMs >= (store.session.value?.quoteLifetimeMs ?? Infinity);
  return <span class={`number ${isOld ? 'old-price' : ''}`}>{formatAge(ageMs)}</span>;
}
