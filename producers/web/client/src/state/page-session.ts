/**
 * The session of this page: none until the server has answered, then signed in or signed out.
 *
 * While a user is signed in, the page has an event stream. It has none while the user must still choose a
 * password of their own. All tabs of a browser share the session cookie, so each tells the others when it
 * begins or ends a session.
 */
import type { Credentials, Session } from '../../../../../shared/web-api/session.ts';
import type { EventFeed } from '../api/event-feed.ts';
import type { Http } from '../api/http.ts';
import { isSignedOut, messageOf } from '../api/problem.ts';
import { retryDelayMs } from '../pure/retry.ts';
import { announceExpiry } from './announce-expiry.ts';
import type { Clock } from './clock.ts';
import type { Commands } from './commands.ts';
import { forgetKept, keepRanOut } from './kept-orders.ts';
import { openLive } from './live.ts';
import type { Loader } from './loader.ts';
import { attempt, type Result } from './result.ts';
import type { Router } from './router.ts';
import { forgetUser, type Store } from './store.ts';
import type { Toaster } from './toaster.ts';

type Dependencies = {
  readonly store: Store;
  readonly http: Http;
  readonly router: Router;
  readonly clock: Clock;
  readonly commands: Commands;
  readonly loader: Loader;
  readonly toaster: Toaster;
};

export class PageSession {
  readonly #dependencies: Dependencies;
  readonly #otherTabs = new BroadcastChannel('daytrade-session');
  #live: EventFeed | undefined;
  #followed: readonly string[] = [];
  #stopWatching: () => void = () => undefined;
  #isReloading = false;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
    // Without this, the commands of this tab would run as the user who has logged in in another tab.
    this.#otherTabs.addEventListener('message', () => void this.#reload());
    dependencies.clock.onDoubt((hasSlept) => this.#checkAgain(hasSlept));
  }

  /** Asks the server for the session until it answers. */
  async start(): Promise<void> {
    const { store } = this.#dependencies;
    for (let tries = 0; ; tries += 1) {
      try {
        this.#enter(await this.#load());
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
  }

  /** Signs in at `/session`, or signs up at `/users`. */
  begin(path: '/session' | '/users', credentials: Credentials): Promise<Result<Session>> {
    return attempt(async () => {
      await this.#dependencies.http.send('POST', path, { body: credentials });
      return this.#enterEverywhere(await this.#load());
    });
  }

  async signOut(): Promise<void> {
    const { store, http, router, toaster } = this.#dependencies;
    const gone = await attempt(() => http.send('DELETE', '/session'));
    if (!gone.ok && store.session.value !== null) {
      toaster.notify({ kind: 'bad', title: 'You are still logged in', detail: gone.fault });
      return;
    }
    this.#leave(undefined);
    this.#otherTabs.postMessage('ended');
    router.go('/login');
  }

  /** Reloads the session, because the server answered that the user is signed out. */
  checkSignedOut(): void {
    if (this.#dependencies.store.session.peek()) void this.#reload();
  }

  /** Changes the password. This ends every session, including that of the stream, and starts a new one. */
  async changePassword(current: string, next: string): Promise<Result<undefined>> {
    const { http } = this.#dependencies;
    this.#live?.close();
    const changed = await attempt(() => http.send('PUT', '/password', { body: { current, next } }));
    const session = await attempt(() => this.#load());
    if (session.ok) this.#enterEverywhere(session.value);
    if (changed.ok) return { ok: true, value: undefined };
    const isWrong = changed.code === 'credentials-wrong';
    return isWrong ? { ...changed, fault: 'This is not your present password.' } : changed;
  }

  /** Subscribes to the quotes of these symbols instead of the former ones. */
  follow(symbols: readonly string[]): void {
    this.#followed = symbols;
    this.#live?.follow(symbols);
  }

  /** Loads the session, and measures the server's clock by the way. */
  #load(): Promise<Session> {
    const { clock, http } = this.#dependencies;
    return clock.measure(() => http.get<Session>('/session'));
  }

  #enter(session: Session): void {
    const { store, clock, commands, toaster } = this.#dependencies;
    this.#closeStream();
    if (session.user !== store.session.peek()?.user) {
      this.#stopWatching();
      forgetUser(store);
      this.#stopWatching = watchOrders(store, session.user, toaster);
    }
    store.notice.value = undefined;
    store.session.value = session;
    if (session.passwordChangeNeeded) return;
    this.#live = openLive({
      user: session.user,
      store,
      clock,
      notify: toaster.notify,
      onSignedOut: () => this.checkSignedOut(),
      onReady: () => this.#catchUp(),
    });
    this.#live.follow(this.#followed);
    commands.resume();
  }

  #enterEverywhere(session: Session): Session {
    this.#enter(session);
    this.#otherTabs.postMessage('begun');
    return session;
  }

  #leave(notice: string | undefined): void {
    const { store } = this.#dependencies;
    this.#closeStream();
    this.#stopWatching();
    forgetKept(store.session.peek()?.user ?? '');
    forgetUser(store);
    store.session.value = null;
    store.notice.value = notice;
  }

  #closeStream(): void {
    this.#live?.close();
    this.#live = undefined;
  }

  /**
   * Reloads the session after the old one has ended. Another tab may have started a new one by a log-in or a
   * new password, perhaps as another user: then this tab continues with that session. A call during a reload
   * does nothing.
   */
  async #reload(): Promise<void> {
    const { store, toaster } = this.#dependencies;
    if (this.#isReloading) return;
    this.#isReloading = true;
    try {
      this.#enter(await this.#load());
    } catch (error: unknown) {
      if (!isSignedOut(error)) toaster.notify({ kind: 'bad', title: messageOf(error) });
      else if (store.session.peek()) {
        this.#leave('Your session has ended. Log in to go on where you were.');
      }
    } finally {
      this.#isReloading = false;
    }
  }

  /** Loads the quotes that changed before the stream was open, and measures the clock again. */
  #catchUp(): void {
    void attempt(() => this.#load());
    void this.#dependencies.loader.loadQuotes(this.#followed);
  }

  /** Loads everything again after the page was hidden or the device slept. */
  #checkAgain(hasSlept: boolean): void {
    const { store, loader } = this.#dependencies;
    if (!store.session.peek()) return;
    if (hasSlept) this.#live?.reconnect();
    this.#catchUp();
    void loader.loadPortfolio();
  }
}

/** Keeps and announces the orders that expire, until the returned function is called. */
function watchOrders(store: Store, user: string, { notify }: Toaster): () => void {
  const stops = [keepRanOut(store, user), announceExpiry(store, notify)];
  return () => {
    for (const stop of stops) stop();
  };
}
