/**
 * Shares one event stream between all tabs of a user. With HTTP/1.1 a browser opens at most six connections
 * to a server, so a stream in each of six tabs would leave none for commands.
 *
 * Every tab requests the same lock. The tab that holds it *leads*: it reads the stream and broadcasts the
 * events. The others *follow*, and resume after the same ledger entry when they get the lock:
 *
 *   following → leading    the leader closed, crashed or signed out, and the browser granted the lock
 *   following → leading    the leader answered no probe (the browser froze it), and this tab stole the lock
 *   leading   → following  another tab stole the lock, which this tab learns when it wakes
 */
import type { ServerEventName } from '../../../../../shared/web-api/events.ts';
import { EventStream } from './event-source.ts';
import type { EventFeed, FeedEvent, FeedHandlers, FeedState } from './event-feed.ts';

/** A version of the page with different messages must use a different name. */
const NAME = 'daytrade-events-2';
const PROBE_EVERY_MS = 2_000;
/** The longest wait for the answer to a probe, which a leader sends at once unless it is frozen. */
const ANSWER_MAX_MS = 3_000;
/** A tab that sent nothing for this long is gone; even hidden tabs probe once a minute. */
const TAB_SILENCE_MAX_MS = 150_000;
/** The most symbols that the server accepts. */
const SYMBOLS_MAX = 100;

type Message =
  | { readonly type: 'event'; readonly event: FeedEvent }
  | {
      readonly type: 'probe';
      readonly tab: string;
      readonly symbols: readonly string[];
      /** Whether the tab has no portfolio yet. */
      readonly isNew: boolean;
    }
  | {
      readonly type: 'answer';
      readonly state: FeedState;
      readonly lastId: string | undefined;
      /** The latest event of each kind in `LASTING`, if a new tab asked. */
      readonly latest: readonly FeedEvent[];
    }
  | { readonly type: 'gone'; readonly tab: string };

type Tab = { readonly symbols: readonly string[]; readonly heardAt: number };

/** The events that hold until the next of their kind: a tab that opens later needs the latest of each. */
const LASTING: readonly ServerEventName[] = ['portfolio', 'trouble'];

/** Whether the browser has what sharing needs; otherwise each tab opens its own stream. */
export const canShareFeed = (): boolean => 'locks' in navigator && 'BroadcastChannel' in globalThis;

/** A feed of one user; see the states at the top of the file. */
export class SharedFeed implements EventFeed {
  readonly #handlers: FeedHandlers;
  readonly #name: string;
  readonly #channel: BroadcastChannel;
  readonly #tab = crypto.randomUUID();
  /** The symbols of the other tabs. Every tab keeps them, so that any of them can lead. */
  readonly #others = new Map<string, Tab>();
  #symbols: readonly string[] = [];
  #stream: EventStream | undefined;
  #state: FeedState = 'connecting';
  #lastId: string | undefined;
  /** The latest event of each kind in `LASTING`. */
  readonly #latest = new Map<ServerEventName, FeedEvent>();
  #request = new AbortController();
  #release: () => void = () => undefined;
  #isClosed = false;
  #probeTimer: ReturnType<typeof setTimeout> | undefined;
  #answerTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(user: string, handlers: FeedHandlers) {
    this.#handlers = handlers;
    // The name contains the user, so that tabs of another user in the same browser get none of this.
    this.#name = `${NAME} ${user}`;
    this.#channel = new BroadcastChannel(this.#name);
    this.#channel.addEventListener('message', ({ data }) => this.#receive(data as Message));
    addEventListener('pagehide', this.#onPageHide);
    this.#askToLead({ steal: false });
    this.#probe();
  }

  follow(symbols: readonly string[]): void {
    if (symbols.join() === this.#symbols.join()) return;
    this.#symbols = symbols;
    this.#sendProbe();
    this.#followAll();
  }

  reconnect(): void {
    this.#stream?.reconnect();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    removeEventListener('pagehide', this.#onPageHide);
    clearTimeout(this.#probeTimer);
    clearTimeout(this.#answerTimer);
    this.#stopLeading();
    this.#request.abort();
    this.#onPageHide();
    this.#channel.close();
  }

  readonly #onPageHide = (): void => this.#post({ type: 'gone', tab: this.#tab });

  #askToLead({ steal }: { readonly steal: boolean }): void {
    this.#request.abort();
    const request = (this.#request = new AbortController());
    const options = steal ? { steal } : { signal: request.signal };
    const lead = async (): Promise<void> => {
      if (!request.signal.aborted) await this.#lead();
    };
    navigator.locks.request(this.#name, options, lead).catch(() => {
      // This tab withdrew the request, or another tab stole the lock.
      if (request.signal.aborted || this.#isClosed) return;
      this.#stopLeading();
      this.#askToLead({ steal: false });
      this.#probe();
    });
  }

  async #lead(): Promise<void> {
    this.#cancelSteal();
    this.#stream = new EventStream(
      {
        onEvent: (event) => {
          this.#accept(event);
          this.#post({ type: 'event', event });
        },
        onState: (state) => {
          if (state === this.#state) return;
          this.#enter(state);
          this.#answer();
        },
      },
      { symbols: this.#allSymbols(), lastId: this.#lastId },
    );
    this.#answer();
    await new Promise<void>((resolve) => (this.#release = resolve));
  }

  #stopLeading(): void {
    this.#stream?.close();
    this.#stream = undefined;
    this.#release();
  }

  #receive(message: Message): void {
    if (this.#isClosed) return;
    switch (message.type) {
      case 'event':
        this.#cancelSteal();
        this.#accept(message.event);
        this.#enter('live');
        break;
      case 'answer':
        if (this.#stream !== undefined) break;
        this.#cancelSteal();
        this.#lastId ??= message.lastId;
        for (const event of message.latest) {
          if (!this.#latest.has(event.name)) this.#accept(event);
        }
        this.#enter(message.state);
        break;
      case 'probe':
        this.#others.set(message.tab, { symbols: message.symbols, heardAt: performance.now() });
        this.#followAll();
        if (this.#stream !== undefined) this.#answer(message.isNew);
        break;
      case 'gone':
        this.#others.delete(message.tab);
        this.#followAll();
    }
  }

  /** Handles an event once. A leader that was frozen may broadcast entries that its successor has sent. */
  #accept(event: FeedEvent): void {
    if (event.name === 'entry' && !isLater(event.id, this.#lastId)) return;
    this.#lastId = event.id ?? this.#lastId;
    if (LASTING.includes(event.name)) this.#latest.set(event.name, event);
    this.#handlers.onEvent(event);
  }

  #enter(state: FeedState): void {
    this.#state = state;
    this.#handlers.onState(state);
  }

  #answer(toNew = false): void {
    const latest = toNew ? [...this.#latest.values()] : [];
    this.#post({ type: 'answer', state: this.#state, lastId: this.#lastId, latest });
  }

  /** Probes now and periodically; the jitter keeps followers from stealing the lock all at once. */
  #probe(): void {
    clearTimeout(this.#probeTimer);
    this.#probeTimer = setTimeout(() => this.#probe(), PROBE_EVERY_MS * (0.75 + Math.random() / 2));
    this.#sendProbe();
    if (this.#stream !== undefined) return;
    this.#answerTimer ??= setTimeout(() => {
      this.#answerTimer = undefined;
      if (this.#stream === undefined) this.#askToLead({ steal: true });
    }, ANSWER_MAX_MS);
  }

  /** The leader is alive: its lock is not stolen. */
  #cancelSteal(): void {
    clearTimeout(this.#answerTimer);
    this.#answerTimer = undefined;
  }

  #sendProbe(): void {
    const isNew = !this.#latest.has('portfolio');
    this.#post({ type: 'probe', tab: this.#tab, symbols: this.#symbols, isNew });
  }

  #followAll(): void {
    this.#stream?.follow(this.#allSymbols());
  }

  #allSymbols(): readonly string[] {
    for (const [tab, { heardAt }] of this.#others) {
      if (performance.now() - heardAt > TAB_SILENCE_MAX_MS) this.#others.delete(tab);
    }
    const wanted = [...this.#others.values()].flatMap(({ symbols }) => symbols);
    return [...new Set([...this.#symbols, ...wanted])].slice(0, SYMBOLS_MAX).sort();
  }

  #post(message: Message): void {
    this.#channel.postMessage(message);
  }
}

const isLater = (id: string | undefined, than: string | undefined): boolean =>
  id === undefined || than === undefined || BigInt(id) > BigInt(than);
