/** A connection to the broker that reconnects by itself. */
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
import type { FateMeter } from './fate-meter.ts';
import { surviveUndecodableHeaders } from './undecodable-headers.ts';

const RECONNECT_FIRST_MS = 100;
const RECONNECT_LONGEST_MS = 2_000;
/** The first connection gives up after about half a minute, so that a wrong URL does not hang a start. */
const FIRST_CONNECT_TRIES = 15;
const CONNECT_MAX_MS = 5_000;
/** Shorter in a cluster, because a broker that is cut off does not refuse a connection, and others exist. */
const CONNECT_CLUSTER_MAX_MS = 1_000;

/** Runs on every connection, including the first. If it rejects, the connection is closed and made again. */
export type OnConnection = (model: ChannelModel) => Promise<void>;

export type LinkOptions = {
  /** One address, or those of a cluster separated by commas. */
  readonly url: string;
  /** The name of the connection in the management UI. */
  readonly name: string;
  readonly log: Logger;
  /** Undefined if traces are off. */
  readonly tracer?: Tracer | undefined;
  /** Absent in a program that serves no metrics. */
  readonly fates?: FateMeter;
};

/**
 * A link is *down* until every listener has set up its channels on the present connection; then it is
 * *up*. If the connection is lost, the link is down until the next one is set up. While the broker has a
 * memory or disk alarm, the link is *blocked*: it is up, but the broker accepts no messages. A closed link
 * does not reconnect.
 */
export interface Link {
  /** Adds a listener. If the link is up, runs it on the present connection and resolves when it has run. */
  listen(listener: OnConnection): Promise<void>;
  unlisten(listener: OnConnection): void;
  /** Whether `model` is the present connection, even if it is not set up yet. */
  isOn(model: ChannelModel): boolean;
  isBlocked(): boolean;
  /** The broker's reason while publishing is blocked. */
  blockedReason(): string | undefined;
  /** Whether the link is up and not blocked. */
  takesPublishing(): boolean;
  /** Whether `close` was called. */
  isClosed(): boolean;
  /** Resolves once publishing is not blocked. */
  unblocked(): Promise<void>;
  /** Closes the connection. Resolves within about a second, even if the broker does not answer. */
  close(): Promise<void>;
  /** Cuts the present connection, if there is one, and connects to the next broker. */
  leave(why: string): void;
  /** Whether there are several brokers. */
  readonly isCluster: boolean;
  /** Traces the messages that are published and consumed on the link; undefined if traces are off. */
  readonly tracer: Tracer | undefined;
  /** Counts the messages that are consumed on the link by their fate. */
  readonly fates: FateMeter | undefined;
  readonly log: Logger;
}

/**
 * Opens a link. Rejects with a `TransientError` if no broker can be reached within about half a minute,
 * and with a `ConfigError` if the broker refuses the credentials or its certificate is not valid.
 */
export async function openLink(options: LinkOptions): Promise<Link> {
  const link = new RecoveringLink(options);
  await link.open();
  return link;
}

/** Returns a `ConfigError` if the broker refuses, which does not pass by itself, else a `TransientError`. */
export function connectFault(cause: unknown): CodedError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `cannot connect to RabbitMQ (AMQP_URL): ${reason}`;
  return /ACCESS[_-]REFUSED|NOT[_-]ALLOWED|certificate/i.test(reason)
    ? new ConfigError(message, { cause })
    : new TransientError('broker-unavailable', message, { cause });
}

class RecoveringLink implements Link {
  readonly tracer: Tracer | undefined;
  readonly fates: FateMeter | undefined;
  readonly log: Logger;
  readonly #name: string;
  readonly #url: string;
  readonly #addresses: BrokerAddresses;
  readonly #listeners = new Set<OnConnection>();
  /** The present connection, set up or not. */
  #standing: ChannelModel | undefined;
  /** The present connection once all listeners have set it up. */
  #model: ChannelModel | undefined;
  #whenBlocked: Deferred<void> | undefined;
  #blockedReason: string | undefined;
  #isLost = false;
  #closed = false;
  #close: () => Promise<void> = () => Promise.resolve();

  constructor({ url, name, log, tracer, fates }: LinkOptions) {
    this.tracer = tracer;
    this.fates = fates;
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
          // Returns at once, so that the listeners below also notice a first address that does not answer.
          waitForConnect: false,
          initialDelay: RECONNECT_FIRST_MS,
          // All processes lose a restarting broker at once, and should not come back at once.
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
      // Not logged for the first connection.
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
    // The driver's recovery adds its own listeners later; an error without a listener would end the process.
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
      // In parallel, so that a queue without a leader does not delay the others.
      await Promise.all([...this.#listeners].map((listener) => listener(model)));
    } catch (error) {
      cut(model, 'it could not be set up');
      // Lets the driver notice that the connection is closed.
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
      // If the connection was lost meanwhile, the listener runs again on the next one.
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
    // A blocked connection's socket stays half closed until the alarm ends, and the driver goes on sending
    // heartbeats to a broker that hangs. Either would keep the process alive.
    if (standing !== undefined) cut(standing, 'closed');
    this.#setBlocked(false);
  }
}
