/** A channel that reopens by itself: on the next connection, or on the same if only the channel closed. */
import type { Channel, ChannelModel } from 'amqplib';
import { backoffMs } from '../runtime/backoff.ts';
import { closeWithinBound } from './bounded-close.ts';
import type { Link } from './link.ts';

const REOPEN = { firstMs: 100, longestMs: 2_000 };

type RecoveringChannelOptions<Kind extends Channel> = {
  readonly link: Link;
  /** The purpose of the channel, for logs. */
  readonly what: string;
  readonly create: (model: ChannelModel) => Promise<Kind>;
  /** Runs on every new channel, after it became the current one. If it rejects, another channel is opened. */
  readonly setUp: (channel: Kind) => Promise<void>;
  /** Called when the current channel is lost, with everything in flight on it. */
  readonly onGone: () => void;
};

/**
 * Has no current channel at first, and again when a channel or its connection closes. The link opens a
 * channel on each new connection; if only the channel closed, a timer opens another one after a backoff.
 * `close` ends this for good.
 */
export class RecoveringChannel<Kind extends Channel> {
  readonly #options: RecoveringChannelOptions<Kind>;
  #current: Kind | undefined;
  /** The connection of the current channel. */
  #model: ChannelModel | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: RecoveringChannelOptions<Kind>) {
    this.#options = options;
  }

  /**
   * The open channel. Undefined while there is none, and as soon as the link is closed: the channel is
   * still open until the broker has answered, but sending on it would throw.
   */
  get current(): Kind | undefined {
    return this.#options.link.isClosed() ? undefined : this.#current;
  }

  /** Resolves once the first channel is set up. */
  async open(): Promise<void> {
    await this.#options.link.listen(this.#onConnection);
  }

  readonly #onConnection = (model: ChannelModel): Promise<void> => this.#openOn(model);

  async #openOn(model: ChannelModel): Promise<void> {
    const { link, create, setUp, what } = this.#options;
    const channel = await create(model);
    channel.on('error', (error) => link.log.warn('channel broken', { what, error }));
    channel.on('close', () => {
      if (this.#lose(channel)) this.#reopen(model, 0);
    });
    if (this.#closed) {
      await closeWithinBound(channel.close());
      return;
    }
    if (this.#current !== undefined) this.#lose(this.#current);
    this.#current = channel;
    this.#model = model;
    try {
      await setUp(channel);
    } catch (error) {
      this.#lose(channel);
      channel.close().catch(() => undefined);
      throw error;
    }
  }

  /** Replaces the channel by another of the same connection. Everything in flight on the old one is lost. */
  renew(why: string): void {
    const [channel, model] = [this.#current, this.#model];
    if (channel === undefined || model === undefined) return;
    const { link, what } = this.#options;
    link.log.info('channel made anew', { what, why });
    this.#lose(channel);
    channel.close().catch(() => undefined);
    this.#reopen(model, 0);
  }

  /** Forgets the channel if it is the current one; false if it is not, as in a late event of an old one. */
  #lose(channel: Kind): boolean {
    if (this.#current !== channel) return false;
    this.#current = undefined;
    this.#options.onGone();
    return true;
  }

  /** Opens another channel on the same connection after a backoff, unless a new connection has opened one. */
  #reopen(model: ChannelModel, attempt: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => {
        // If the connection changed, the listener of the link opens the channel.
        const { link, what } = this.#options;
        if (this.#closed || this.#current !== undefined || !link.isOn(model)) return;
        this.#openOn(model).catch((error: unknown) => {
          link.log.warn('channel not opened again', { what, error });
          this.#reopen(model, attempt + 1);
        });
      },
      backoffMs(attempt, REOPEN),
    ).unref();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#options.link.unlisten(this.#onConnection);
    const channel = this.#current;
    this.#current = undefined;
    if (channel !== undefined) await closeWithinBound(channel.close());
  }
}
