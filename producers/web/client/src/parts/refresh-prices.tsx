/** A button that gets a quote for every price that is too old for a command. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { describeRefresh } from '../pure/describe-refresh.ts';
import { useApp } from '../state/app-context.ts';
import { Icon, Spinner } from './icon.tsx';

export function RefreshPrices({ symbols }: { readonly symbols: readonly string[] }): JSX.Element {
  const { store, actions } = useApp();
  const isBusy = useSignal(false);
  const session = store.session.value;
  const ageLeastMs = session?.quoteLifetimeMs ?? Infinity;
  const old = symbols.filter((symbol) => {
    const receivedAt = store.priceTimes.value.get(symbol);
    return receivedAt === undefined || store.now.value - receivedAt >= ageLeastMs;
  });
  const refresh = async (): Promise<void> => {
    isBusy.value = true;
    await Promise.all(old.map((symbol) => actions.command({ command: 'QUOTE', symbol })));
    await actions.loadQuotes(old);
    isBusy.value = false;
  };
  return (
    <button
      class="button compact"
      type="button"
      disabled={isBusy.value || old.length === 0}
      onClick={() => void refresh()}
    >
      {isBusy.value ? <Spinner /> : <Icon name="refresh" />}
      {describeRefresh(old.length, session?.centsPerHit ?? undefined)}
    </button>
  );
}
