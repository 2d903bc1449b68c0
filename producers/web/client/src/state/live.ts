/** Keeps what the page knows up to date by the user's stream of events. */
import type { ServerEventName, ServerEvents } from '../../../../../shared/web-api/events.ts';
import { EventStream } from '../api/event-source.ts';
import { describeFiring, isFiring } from '../pure/describe-entry.ts';
import { withQuote } from '../pure/reprice.ts';
import type { NewToast } from '../pure/toasts.ts';
import type { Store } from './store.ts';

export type Live = {
  readonly follow: (symbols: readonly string[]) => void;
  readonly close: () => void;
};

type Dependencies = {
  readonly store: Store;
  readonly notify: (toast: NewToast) => void;
  readonly onSignedOut: () => void;
  /** The stream stands, perhaps after a long time: clocks may have drifted meanwhile. */
  readonly onReady: () => void;
};

type Handlers = { readonly [Name in ServerEventName]: (data: ServerEvents[Name]) => void };

export function openLive({ store, notify, onSignedOut, onReady }: Dependencies): Live {
  const handlers: Handlers = {
    ready: onReady,
    portfolio: (portfolio) => {
      if (portfolio.now >= (store.told.peek()?.now ?? 0)) store.told.value = portfolio;
    },
    entry: (entry) => {
      store.entriesHeard.value += 1;
      if (!isFiring(entry)) return;
      const title = `Your ${entry.symbol ?? ''} trigger fired`;
      notify({ kind: 'good', title, detail: describeFiring(entry), number: entry.number });
    },
    quote: (quote) => (store.quotes.value = withQuote(store.quotes.value, quote)),
    ended: onSignedOut,
  };
  const stream = new EventStream({
    // The names and what they carry are held together by the contract.
    onEvent: (name, data) => (handlers[name] as ((data: unknown) => void) | undefined)?.(data),
    onState: (state) => {
      if (state === 'signed-out') onSignedOut();
      else store.connection.value = state;
    },
  });
  return {
    follow: (symbols) => stream.follow(symbols),
    close: () => stream.close(),
  };
}
