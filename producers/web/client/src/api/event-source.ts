/**
 * Reads the user's server-sent events until it is closed. It uses `fetch` instead of the browser's
 * EventSource, which stops for good after an error response and does not say why it failed.
 */
import type { ServerEventName } from '../../../../../shared/web-api/events.ts';
import type { EventFeed, FeedHandlers } from './event-feed.ts';
import { eventStreamParser, type StreamEvent } from '../pure/parse-event-stream.ts';
import { retryDelayMs } from '../pure/retry.ts';
import { API, filled, renderQuery } from './http.ts';

/** The longest silence of a live connection: the server sends a comment every 15 s. */
const SILENCE_MAX_MS = 40_000;

/** The position at which to start, which another tab may have reached. */
type Begin = { readonly symbols: readonly string[]; readonly lastId: string | undefined };

export class EventStream implements EventFeed {
  readonly #handlers: FeedHandlers;
  #symbols: readonly string[];
  #lastId: string | undefined;
  #tries = 0;
  readonly #closed = new AbortController();
  #attempt = new AbortController();
  #wake: () => void = () => undefined;

  constructor(handlers: FeedHandlers, { symbols, lastId }: Begin) {
    this.#handlers = handlers;
    this.#symbols = symbols;
    this.#lastId = lastId;
    addEventListener('online', this.#onOnline);
    addEventListener('offline', this.#onOffline);
    void this.#run();
  }

  /** Requests the quotes of these symbols; opens the stream anew if they have changed. */
  follow(symbols: readonly string[]): void {
    if (symbols.join() === this.#symbols.join()) return;
    this.#symbols = symbols;
    this.reconnect();
  }

  close(): void {
    this.#closed.abort();
    removeEventListener('online', this.#onOnline);
    removeEventListener('offline', this.#onOffline);
    this.reconnect();
  }

  readonly #onOnline = (): void => this.reconnect();

  /** Reports the loss at once, because a connection without a network fails only after a long silence. */
  readonly #onOffline = (): void => {
    this.#handlers.onState('lost');
    this.reconnect();
  };

  reconnect(): void {
    this.#tries = 0;
    this.#attempt.abort();
    this.#wake();
  }

  async #run(): Promise<void> {
    while (!this.#closed.signal.aborted) {
      this.#attempt = new AbortController();
      const { signal } = this.#attempt;
      const isKnown = await this.#listen(signal);
      if (!isKnown) {
        this.close();
        this.#handlers.onState('signed-out');
        return;
      }
      if (signal.aborted) continue;
      this.#handlers.onState('lost');
      await this.#pause(retryDelayMs(this.#tries));
      this.#tries += 1;
    }
  }

  /** Reads one stream to its end; resolves to false if the server answers that the user is signed out. */
  async #listen(signal: AbortSignal): Promise<boolean> {
    const watch = new SilenceWatch(SILENCE_MAX_MS);
    try {
      const response = await fetch(
        `${API}/events${renderQuery({ symbols: filled(this.#symbols.join()) })}`,
        {
          headers: {
            accept: 'text/event-stream',
            ...(this.#lastId !== undefined && { 'last-event-id': this.#lastId }),
          },
          credentials: 'same-origin',
          signal: AbortSignal.any([signal, watch.signal]),
        },
      );
      if (response.status === 401) return false;
      if (!response.ok || response.body === null) return true;
      await this.#read(response.body, watch);
    } catch {
      // The caller treats every end of a stream as a lost connection.
    } finally {
      watch.close();
    }
    return true;
  }

  async #read(body: ReadableStream<Uint8Array>, watch: SilenceWatch): Promise<void> {
    const parse = eventStreamParser();
    const decoder = new TextDecoder();
    const reader = body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      watch.restart();
      for (const event of parse(decoder.decode(value, { stream: true }))) this.#handle(event);
    }
  }

  #handle({ name, data, id }: StreamEvent): void {
    if (id !== undefined) this.#lastId = id;
    this.#tries = 0;
    this.#handlers.onState('live');
    this.#handlers.onEvent({ name: name as ServerEventName, data: JSON.parse(data), id });
  }

  async #pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Aborts its signal after a silence, because a connection may die without an error. */
class SilenceWatch {
  readonly #control = new AbortController();
  readonly #mostMs: number;
  #timer: ReturnType<typeof setTimeout>;

  constructor(mostMs: number) {
    this.#mostMs = mostMs;
    this.#timer = this.#start();
  }

  get signal(): AbortSignal {
    return this.#control.signal;
  }

  restart(): void {
    clearTimeout(this.#timer);
    this.#timer = this.#start();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #start(): ReturnType<typeof setTimeout> {
    return setTimeout(() => this.#control.abort(), this.#mostMs);
  }
}
