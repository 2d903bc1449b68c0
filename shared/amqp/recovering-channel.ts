/** A channel that comes back by itself: with its connection, or alone where only the channel fell. */
import type { Channel, ChannelModel } from 'amqplib';
import { backoffMs } from '../runtime/backoff.ts';
import { closeWithinBound } from './bounded-close.ts';
import type { Link } from './link.ts';

const REOPEN = { firstMs: 100, longestMs: 2_000 };

export type RecoveringChannelOptions<Kind extends Channel> = {
  readonly link: Link;
  /** What it is for, in logs. */
  readonly what: string;
  readonly create: (model: ChannelModel) => Promise<Kind>;
  /** Runs on every new channel, which is the current one by then; a failure opens another. */
  readonly setUp: (channel: Kind) => Promise<void>;
  /** The channel is gone, and with it whatever was under way on it. */
  readonly onGone: () => void;
};

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
   * Undefined while there is none, and from the moment the link is closed: the channel stands until the
   * broker has answered, but what is sent on it throws.
   */
  get current(): Kind | undefined {
    return this.#options.link.isClosed() ? undefined : this.#current;
  }

  /** Resolves once it is set up for the first time. */
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

  /** Goes on with another channel of the same connection; what is under way on this one is lost. */
  renew(why: string): void {
    const [channel, model] = [this.#current, this.#model];
    if (channel === undefined || model === undefined) return;
    const { link, what } = this.#options;
    link.log.info('channel made anew', { what, why });
    this.#lose(channel);
    channel.close().catch(() => undefined);
    this.#reopen(model, 0);
  }

  /** Whether it was the current one: what is told late of a channel before concerns no other. */
  #lose(channel: Kind): boolean {
    if (this.#current !== channel) return false;
    this.#current = undefined;
    this.#options.onGone();
    return true;
  }

  /** The connection may stand while the channel fell (a deleted queue or exchange, an error). */
  #reopen(model: ChannelModel, attempt: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => {
        // The next connection opens it otherwise.
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
