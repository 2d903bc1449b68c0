/** One connection to the broker that comes back by itself. */
import { connect, type ChannelModel, type RecoveringChannelModel } from 'amqplib';
import { deferred, type Deferred } from '../runtime/deferred.ts';
import { ConfigError, TransientError, type CodedError } from '../runtime/errors.ts';
import type { Logger } from '../runtime/logger.ts';
import { gatherWrites } from '../runtime/gather-writes.ts';
import { SYSTEM_TIMERS } from '../runtime/timers.ts';
import type { Tracer } from '../runtime/tracing.ts';
import { closeWithinBound } from './bounded-close.ts';
import { tlsOptionsOf } from './tls-options.ts';
import { openBrokerAddresses, type BrokerAddresses } from './broker-addresses.ts';
import { cut, socketOf, watchSilence } from './broker-silence.ts';
import { surviveUndecodableHeaders } from './undecodable-headers.ts';

const RECONNECT_FIRST_MS = 100;
const RECONNECT_LONGEST_MS = 2_000;
/** The first connection gives up after about half a minute: a wrong URL must not hang a start. */
const FIRST_CONNECT_TRIES = 15;
const CONNECT_MAX_MS = 5_000;
/** A broker of a cluster that is cut off does not refuse: it is left for the next one soon. */
const CONNECT_CLUSTER_MAX_MS = 1_000;

/** Runs on every connection, the first included; a failure closes it and tries again. */
export type OnConnection = (model: ChannelModel) => Promise<void>;

export type LinkOptions = {
  /** Several addresses with commas between where the broker is a cluster. */
  readonly url: string;
  /** Shown in the management UI. */
  readonly name: string;
  readonly log: Logger;
  /** Undefined where traces are off. */
  readonly tracer?: Tracer | undefined;
};

/**
 * A link is *up* once every listener has set up its channels on the present connection. When the
 * connection is lost it is *down* until the next one is set up. *Blocked* is up, but the broker
 * takes no publishing for now (a memory or disk alarm).
 */
export interface Link {
  /** Adds a listener and runs it on the present connection. Resolves when it has run there. */
  listen(listener: OnConnection): Promise<void>;
  unlisten(listener: OnConnection): void;
  /** Whether that is the present connection, set up or about to be. */
  isOn(model: ChannelModel): boolean;
  isBlocked(): boolean;
  /** What the broker said, while it is. */
  blockedReason(): string | undefined;
  /** Up, and not blocked. */
  takesPublishing(): boolean;
  /** Whether it was closed from here: nothing comes back then. */
  isClosed(): boolean;
  /** Resolves when publishing is not blocked. */
  unblocked(): Promise<void>;
  /** Settles within about a second, also when the broker does not answer. */
  close(): Promise<void>;
  /** Leaves the present connection, if there is one, for the next broker's. */
  leave(why: string): void;
  /** Whether there are several brokers to go to. */
  readonly isCluster: boolean;
  /** Of what is published and taken on it. */
  readonly tracer: Tracer | undefined;
  readonly log: Logger;
}

/** Opens a link. Rejects with `TransientError` where no broker can be reached in about half a minute. */
export async function openLink(options: LinkOptions): Promise<Link> {
  const link = new RecoveringLink(options);
  await link.open();
  return link;
}

/** A broker that says no does not change its mind; one that is away comes back. */
export function connectFault(cause: unknown): CodedError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `cannot connect to RabbitMQ (AMQP_URL): ${reason}`;
  return /ACCESS[_-]REFUSED|NOT[_-]ALLOWED|certificate/i.test(reason)
    ? new ConfigError(message, { cause })
    : new TransientError('broker-unavailable', message, { cause });
}

class RecoveringLink implements Link {
  readonly tracer: Tracer | undefined;
  readonly log: Logger;
  readonly #name: string;
  readonly #url: string;
  readonly #addresses: BrokerAddresses;
  readonly #listeners = new Set<OnConnection>();
  /** Whose connection stands. */
  #standing: ChannelModel | undefined;
  /** The same, once it is set up. */
  #model: ChannelModel | undefined;
  #whenBlocked: Deferred<void> | undefined;
  #blockedReason: string | undefined;
  #isLost = false;
  #closed = false;
  #close: () => Promise<void> = () => Promise.resolve();

  constructor({ url, name, log, tracer }: LinkOptions) {
    this.tracer = tracer;
    this.log = log;
    this.#name = name;
    this.#url = url;
    this.#addresses = openBrokerAddresses(url);
  }

  get isCluster(): boolean {
    return this.#addresses.count > 1;
  }

  async open(): Promise<void> {
    const addresses = this.#addresses;
    const { isCluster } = this;
    const tls = tlsOptionsOf(this.#url);
    try {
      const connection = await connect(addresses.current, {
        ...tls,
        noDelay: true,
        timeout: isCluster ? CONNECT_CLUSTER_MAX_MS : CONNECT_MAX_MS,
        clientProperties: { connection_name: this.#name },
        recovery: {
          // So that a first address that does not answer is heard of.
          waitForConnect: false,
          initialDelay: RECONNECT_FIRST_MS,
          // Every process loses a broker that restarts at the same time.
          jitter: 0.5,
          maxDelay: isCluster ? RECONNECT_FIRST_MS : RECONNECT_LONGEST_MS,
          initialMaxRetries: isCluster
            ? FIRST_CONNECT_TRIES * addresses.count
            : FIRST_CONNECT_TRIES,
          setup: (model: ChannelModel) => this.#setUp(model),
        },
      });
      connection.on('disconnect', addresses.next);
      connection.on('connect-failed', addresses.next);
      this.#watch(connection);
      this.#close = () => connection.close();
      await connection.waitForConnect();
    } catch (cause) {
      throw connectFault(cause);
    }
  }

  #watch(connection: RecoveringChannelModel): void {
    connection.on('disconnect', (error) => {
      this.#model = undefined;
      this.#isLost = true;
      this.#setBlocked(false);
      this.log.warn('broker connection lost', { link: this.#name, error });
    });
    connection.on('connect', () => {
      // The first connection is no return.
      if (this.#isLost) this.log.info('broker connection back', { link: this.#name });
      this.#isLost = false;
    });
    connection.on('connect-failed', (error) =>
      this.log.warn('broker connection failed', { link: this.#name, error }),
    );
    connection.on('error', (error) =>
      this.log.warn('broker connection broken', { link: this.#name, error }),
    );
    connection.on('blocked', (reason: string) => {
      this.log.warn('publishing blocked by the broker', { link: this.#name, reason });
      this.#blockedReason = reason;
      this.#setBlocked(true);
    });
    connection.on('unblocked', () => {
      this.log.info('publishing unblocked', { link: this.#name });
      this.#setBlocked(false);
    });
  }

  async #setUp(model: ChannelModel): Promise<void> {
    // Until recovery binds its own listeners an error here would have none, and end the process.
    model.on('error', () => undefined);
    this.#standing = model;
    gatherWrites(socketOf(model));
    surviveUndecodableHeaders(model);
    const endWatch = this.isCluster ? watchSilence(model, SYSTEM_TIMERS) : undefined;
    model.on('close', () => {
      endWatch?.();
      if (this.#standing === model) this.#standing = undefined;
    });
    try {
      // Side by side: a queue that has no leader for a while holds no other up.
      await Promise.all([...this.#listeners].map((listener) => listener(model)));
    } catch (error) {
      cut(model, 'it could not be set up');
      // Closed by then, for the driver too.
      await new Promise((resolve) => setImmediate(resolve));
      throw error;
    }
    this.#model = model;
  }

  async listen(listener: OnConnection): Promise<void> {
    this.#listeners.add(listener);
    const model = this.#model;
    if (model === undefined) return;
    try {
      await listener(model);
    } catch (error) {
      // Lost meanwhile: the listener runs again on the next connection.
      if (this.#model === model) throw error;
    }
  }

  unlisten(listener: OnConnection): void {
    this.#listeners.delete(listener);
  }

  isOn(model: ChannelModel): boolean {
    return this.#standing === model;
  }

  leave(why: string): void {
    if (this.#model === undefined) return;
    this.log.warn('broker left for another', { link: this.#name, why });
    cut(this.#model, why);
  }

  isClosed(): boolean {
    return this.#closed;
  }

  isBlocked(): boolean {
    return this.#whenBlocked !== undefined;
  }

  blockedReason(): string | undefined {
    return this.isBlocked() ? this.#blockedReason : undefined;
  }

  takesPublishing(): boolean {
    return this.#model !== undefined && !this.isBlocked();
  }

  async unblocked(): Promise<void> {
    while (this.#whenBlocked !== undefined) await this.#whenBlocked.promise;
  }

  #setBlocked(blocked: boolean): void {
    if (blocked) {
      this.#whenBlocked ??= deferred();
      return;
    }
    this.#whenBlocked?.resolve();
    this.#whenBlocked = undefined;
  }

  async close(): Promise<void> {
    this.#closed = true;
    const standing = this.#standing;
    await closeWithinBound(this.#close());
    // The socket of a blocked connection is half closed until the alarm ends, and the driver's heartbeats go
    // on with a broker that hangs: either would keep the process alive.
    if (standing !== undefined) cut(standing, 'closed');
    this.#setBlocked(false);
  }
}
