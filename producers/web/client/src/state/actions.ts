/** The actions of the user. Commands report their outcome by their result and by a notice. */
import type {
  Accepted,
  CommandAnswer,
  CommandRequest,
  OrderDetails,
} from '../../../../../shared/web-api/command.ts';
import type { Session } from '../../../../../shared/web-api/session.ts';
import type { PendingOrder, Portfolio } from '../../../../../shared/web-api/portfolio.ts';
import type { QuoteList } from '../../../../../shared/web-api/quote.ts';
import type { EventFeed } from '../api/event-feed.ts';
import type { Http } from '../api/http.ts';
import { isSignedOut, messageOf } from '../api/problem.ts';
import { describeDone } from '../pure/describe-done.ts';
import { explainRejection } from '../pure/explain-rejection.ts';
import { plainDollars } from '../pure/money.ts';
import { withQuote } from '../pure/reprice.ts';
import { retryDelayMs } from '../pure/retry.ts';
import { withoutDecided } from '../pure/track-orders.ts';
import { toastLifeMs, withoutToast, withToast, type NewToast } from '../pure/toasts.ts';
import type { Clock } from './clock.ts';
import { openLive } from './live.ts';
import type { Router } from './router.ts';
import { forgetUser, type Store } from './store.ts';
import { OutcomeUnknown, type Writes } from './writes.ts';

/** `fault` is a sentence for the person. */
export type Result<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly fault: string };

export type Credentials = { readonly user: string; readonly password: string };

export type Actions = {
  readonly start: () => Promise<void>;
  readonly signIn: (credentials: Credentials) => Promise<Result<Session>>;
  readonly signUp: (credentials: Credentials) => Promise<Result<Session>>;
  readonly signOut: () => Promise<void>;
  /** Reloads the session, because the server answered that the user is signed out. */
  readonly signedOut: () => void;
  readonly command: (request: CommandRequest) => Promise<Result<Accepted>>;
  readonly changePassword: (current: string, next: string) => Promise<Result<undefined>>;
  /** Returns the amount, in dollars, with which the order was placed; its cost if that is not known. */
  readonly amountOf: (order: PendingOrder) => string;
  readonly loadQuote: (symbol: string) => Promise<void>;
  readonly loadPortfolio: () => Promise<void>;
  readonly follow: (symbols: readonly string[]) => void;
  readonly notify: (toast: NewToast) => void;
  readonly dismiss: (id: number) => void;
};

type Dependencies = {
  readonly store: Store;
  readonly http: Http;
  readonly writes: Writes;
  readonly router: Router;
  readonly clock: Clock;
};

/** Creates the actions. They notify other tabs when a session starts or ends in this one. */
export function createActions({ store, http, writes, router, clock }: Dependencies): Actions {
  let live: EventFeed | undefined;
  let followed: readonly string[] = [];
  let toastsShown = 0;
  /** The amounts of orders by their time of placing, because an order does not contain its amount. */
  const amounts = new Map<number, string>();

  const dismiss = (id: number): void => {
    store.toasts.value = withoutToast(store.toasts.value, id);
  };
  const notify = (toast: NewToast): void => {
    const id = ++toastsShown;
    store.toasts.value = withToast(store.toasts.value, { ...toast, id });
    setTimeout(() => dismiss(id), toastLifeMs({ ...toast, id }));
  };
  const attempt = async <Value>(work: () => Promise<Value>): Promise<Result<Value>> => {
    try {
      return { ok: true, value: await work() };
    } catch (error: unknown) {
      return { ok: false, fault: messageOf(error) };
    }
  };

  const leave = (notice: string | undefined): void => {
    live?.close();
    live = undefined;
    amounts.clear();
    forgetUser(store);
    store.session.value = null;
    store.notice.value = notice;
  };
  const enter = (session: Session): void => {
    live?.close();
    live = undefined;
    if (session.user !== store.session.peek()?.user) forgetUser(store);
    store.notice.value = undefined;
    store.session.value = session;
    if (session.passwordChangeNeeded) return;
    live = openLive({
      user: session.user,
      store,
      clock,
      notify,
      onSignedOut: signedOut,
      onReady: catchUp,
    });
    live.follow(followed);
    for (const { request, answer } of writes.resume()) void report(request, answer);
  };
  const askSession = (): Promise<Session> => clock.measure(() => http.get<Session>('/session'));

  /** Loads the portfolio; drops it if the stream has sent a later one. */
  const loadPortfolio = async (): Promise<void> => {
    const portfolio = await attempt(() => http.get<Portfolio>('/portfolio'));
    if (!portfolio.ok || portfolio.value.now < (store.serverPortfolio.peek()?.now ?? 0)) return;
    store.serverPortfolio.value = portfolio.value;
  };

  /** Reloads run one at a time; a call during a reload does nothing. */
  let isReloading = false;
  /**
   * Reloads the session after the old one has ended. Another tab may have started a new one by a log-in or a
   * new password, perhaps as another user: then this tab continues with that session.
   */
  const reloadSession = async (): Promise<void> => {
    if (isReloading) return;
    isReloading = true;
    try {
      enter(await askSession());
    } catch (error: unknown) {
      if (!isSignedOut(error)) notify({ kind: 'bad', title: messageOf(error) });
      else if (store.session.peek()) {
        leave('Your session has ended. Log in to go on where you were.');
      }
    } finally {
      isReloading = false;
    }
  };
  const signedOut = (): void => {
    if (store.session.peek()) void reloadSession();
  };
  // Without this, the commands of this tab would run as the user who has logged in in another tab.
  const otherTabs = new BroadcastChannel('daytrade-session');
  otherTabs.addEventListener('message', () => void reloadSession());
  const begin = (session: Session): Session => {
    enter(session);
    otherTabs.postMessage('begun');
    return session;
  };

  const noteOrder = (request: CommandRequest, order: OrderDetails): void => {
    if (request.command === 'BUY' || request.command === 'SELL') {
      amounts.set(order.placedAt, request.amount);
      store.placedHere.value = order.placedAt;
      return;
    }
    const portfolio = store.serverPortfolio.peek();
    if (portfolio === undefined) return;
    store.serverPortfolio.value = { ...portfolio, orders: withoutDecided(portfolio.orders, order) };
  };

  const loadQuote = async (symbol: string): Promise<void> => {
    const list = await attempt(() => http.get<QuoteList>('/quotes', { symbols: symbol }));
    if (!list.ok) return;
    for (const quote of list.value.quotes) {
      store.quotes.value = withQuote(store.quotes.value, quote);
    }
  };

  /** Loads the quotes that changed before the stream was open, and measures the clock again. */
  const catchUp = (): void => {
    void attempt(askSession);
    for (const symbol of followed) void loadQuote(symbol);
  };

  /** Loads everything again after the page was hidden or the device slept. */
  const checkAgain = (hasSlept: boolean): void => {
    if (!store.session.peek()) return;
    if (hasSlept) live?.reconnect();
    catchUp();
    void loadPortfolio();
  };
  clock.onDoubt(checkAgain);

  const refuse = (title: string, fault: string, number?: number): Result<Accepted> => {
    notify({ kind: 'bad', title, detail: fault, ...(number !== undefined && { number }) });
    return { ok: false, fault };
  };
  /** Waits for the answer of a command, applies it to the store and shows a notice. */
  const report = async (
    request: CommandRequest,
    answer: Promise<CommandAnswer>,
  ): Promise<Result<Accepted>> => {
    try {
      const settled = await answer;
      if (settled.outcome === 'rejected') {
        return refuse('Not done', explainRejection(settled, request), settled.number);
      }
      if (settled.order !== undefined) noteOrder(request, settled.order);
      await loadPortfolio();
      const done = describeDone(request, settled);
      if (done !== undefined) notify({ kind: 'good', ...done, number: settled.number });
      return { ok: true, value: settled };
    } catch (error: unknown) {
      if (isSignedOut(error)) return { ok: false, fault: messageOf(error) };
      return error instanceof OutcomeUnknown
        ? refuse(
            'Outcome unknown',
            'The server gave no answer. Your history will tell if it was done.',
          )
        : refuse('Not done', messageOf(error));
    }
  };

  return {
    notify,
    dismiss,
    signedOut,
    start: async () => {
      for (let tries = 0; ; tries += 1) {
        try {
          enter(await askSession());
          return;
        } catch (error: unknown) {
          if (isSignedOut(error)) {
            store.session.value = null;
            return;
          }
          store.connection.value = 'lost';
          await new Promise((resolve) => setTimeout(resolve, retryDelayMs(tries)));
        }
      }
    },
    signIn: (credentials) =>
      attempt(async () => {
        await http.send('POST', '/session', { body: credentials });
        return begin(await askSession());
      }),
    signUp: (credentials) =>
      attempt(async () => {
        await http.send('POST', '/users', { body: credentials });
        return begin(await askSession());
      }),
    signOut: async () => {
      const gone = await attempt(() => http.send('DELETE', '/session'));
      if (!gone.ok && store.session.value !== null) {
        notify({ kind: 'bad', title: 'You are still logged in', detail: gone.fault });
        return;
      }
      leave(undefined);
      otherTabs.postMessage('ended');
      router.go('/login');
    },
    loadPortfolio,
    amountOf: ({ placedAt, cost }) => amounts.get(placedAt) ?? plainDollars(cost),
    command: (request) => report(request, writes.send(request)),
    changePassword: async (current, next) => {
      // A new password ends every session, including that of the stream, and starts a new one.
      live?.close();
      const changed = await attempt(() =>
        http.send('PUT', '/password', { body: { current, next } }),
      );
      const session = await attempt(askSession);
      if (session.ok) begin(session.value);
      return changed.ok ? { ok: true, value: undefined } : changed;
    },
    loadQuote,
    follow: (symbols) => {
      followed = symbols;
      live?.follow(symbols);
    },
  };
}
