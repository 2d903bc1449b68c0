/** Updates the store by the user's event stream. */
import type { ServerEventName, ServerEvents } from '../../../../../shared/web-api/events.ts';
import type { EventFeed, FeedHandlers } from '../api/event-feed.ts';
import { EventStream } from '../api/event-source.ts';
import { canShareFeed, SharedFeed } from '../api/shared-feed.ts';
import { describeFiring, isFiring } from '../pure/describe-entry.ts';
import { withQuote } from '../pure/reprice.ts';
import type { NewToast } from '../pure/toasts.ts';
import type { Clock } from './clock.ts';
import { notifyInBackground } from './notifications.ts';
import type { Store } from './store.ts';

type Dependencies = {
  /** The user, whose tabs share one stream. */
  readonly user: string;
  readonly store: Store;
  readonly clock: Clock;
  readonly notify: (toast: NewToast) => void;
  readonly onSignedOut: () => void;
  /** Called when the stream is open, perhaps after a long interruption. */
  readonly onReady: () => void;
};

type Handlers = { readonly [Name in ServerEventName]: (data: ServerEvents[Name]) => void };

export function openLive(dependencies: Dependencies): EventFeed {
  const { user, store, clock, notify, onSignedOut, onReady } = dependencies;
  const handlers: Handlers = {
    ready: ({ page }) => {
      store.isOld.value = page !== null && page !== ownScript();
      onReady();
    },
    missed: () => {
      store.entriesReceived.value += 1;
      notify({ kind: 'info', title: 'Much has happened', detail: 'Your history has all of it.' });
    },
    portfolio: (portfolio) => {
      clock.observe(portfolio);
      if (portfolio.now >= (store.serverPortfolio.peek()?.now ?? 0))
        store.serverPortfolio.value = portfolio;
    },
    entry: (entry) => {
      store.entriesReceived.value += 1;
      if (!isFiring(entry)) return;
      const title = `Your ${entry.symbol ?? ''} trigger fired`;
      const detail = describeFiring(entry);
      notify({ kind: 'good', title, detail, number: entry.number });
      notifyInBackground({ title, body: detail, id: `firing ${entry.id}` });
    },
    quote: (quote) => (store.quotes.value = withQuote(store.quotes.value, quote)),
    trouble: ({ what, remedy }) => {
      store.trouble.value = what === null ? undefined : `${what} ${remedy ?? ''}`.trim();
    },
    ended: onSignedOut,
  };
  const feedHandlers: FeedHandlers = {
    // The contract ties the type of the data to the name of the event.
    onEvent: ({ name, data }) => (handlers[name] as ((data: unknown) => void) | undefined)?.(data),
    onState: (state) => {
      if (state === 'signed-out') onSignedOut();
      else store.connection.value = state;
    },
  };
  return canShareFeed()
    ? new SharedFeed(user, feedHandlers)
    : new EventStream(feedHandlers, { symbols: [], lastId: undefined });
}

/** Returns the main script of this page, whose name contains a hash and so identifies the version. */
const ownScript = (): string | undefined => {
  const script = document.querySelector<HTMLScriptElement>('script[type="module"]');
  return script === null ? undefined : new URL(script.src).pathname;
};
