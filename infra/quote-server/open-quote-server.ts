/** The stand-in for the legacy quote server: TCP on loopback, one hit per connection. */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { delayMs } from './delay.ts';
import type { QuoteFault } from './fault.ts';
import { priceSource, type PriceModel, type PriceSource } from './prices.ts';
import { renderAnswer } from './render-answer.ts';
import { hashText, mix, unit } from './seeded-random.ts';

export type QuoteServerOptions = {
  /** 0, the default, selects a free port. */
  readonly port?: number | undefined;
  /** The delay of every answer, 0 = none; by default as measured on the legacy server. */
  readonly delayMs?: number | undefined;
  readonly seed?: number | undefined;
  /** A model, or a function for a test that sets the prices itself. */
  readonly prices?: PriceModel | PriceSource | undefined;
  /** How many times as fast as a real market the model `walk` moves; 1 by default. */
  readonly speed?: number | undefined;
  readonly fault?: QuoteFault | undefined;
};

export interface QuoteServer {
  readonly port: number;
  /** The number of requests read, answered or not: each one is charged. */
  hits(): number;
  hitsOf(symbol: string): number;
  /** Sets a fault, or removes it; resolves when the port listens or refuses accordingly. */
  setFault(fault: QuoteFault | undefined): Promise<void>;
  close(): Promise<void>;
}

export const QUOTE_SERVER_HOST = '127.0.0.1';
const DEFAULT_SEED = 1;

const REQUEST = /^([A-Za-z]{1,3}),([^\s,]{1,64})[ \t\r]*$/;
const REQUEST_CHARACTERS_MAX = 256;
/** A connection is closed after this time without data, unless an answer is pending. */
const REQUEST_TIMEOUT_MS = 30_000;

/**
 * Opens the stand-in; rejects with the system's error (such as `EADDRINUSE`) if it cannot listen.
 */
export async function openQuoteServer(options: QuoteServerOptions = {}): Promise<QuoteServer> {
  const server = new StandIn(options);
  await server.listen(options.port ?? 0);
  await server.setFault(options.fault);
  return server;
}

class StandIn implements QuoteServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #hits = new Map<string, number>();
  readonly #priceOf: PriceSource;
  readonly #delayMs: (hit: number) => number;
  #hitsInAll = 0;
  #fault: QuoteFault | undefined;
  #port = 0;

  constructor(options: QuoteServerOptions) {
    const { prices = 'hits', seed = DEFAULT_SEED, speed, delayMs: constant } = options;
    this.#priceOf = typeof prices === 'function' ? prices : priceSource(prices, seed, speed);
    this.#delayMs = constant === undefined ? observedDelays(seed) : () => constant;
    // Keeps the socket open for the answer if the client has closed its side after the request.
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
      this.#accept(socket),
    );
  }

  get port(): number {
    return this.#port;
  }

  hits(): number {
    return this.#hitsInAll;
  }

  hitsOf(symbol: string): number {
    return this.#hits.get(symbol) ?? 0;
  }

  async listen(port: number): Promise<void> {
    this.#server.listen(port, QUOTE_SERVER_HOST);
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async setFault(fault: QuoteFault | undefined): Promise<void> {
    this.#fault = fault;
    if (fault === 'refuse') await this.close();
    else if (!this.#server.listening) await this.listen(this.#port);
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #accept(socket: Socket): void {
    let received = '';
    this.#sockets.add(socket);
    socket.setEncoding('latin1');
    socket.setTimeout(REQUEST_TIMEOUT_MS, () => socket.destroy());
    // Ignores errors of a client that disconnects: `close` follows and removes the socket.
    socket.on('error', () => undefined);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('end', () => {
      if (!received.includes('\n')) socket.end();
    });
    socket.on('data', (text: string) => {
      if (received.includes('\n')) return;
      received += text;
      const end = received.indexOf('\n');
      if (end >= 0) this.#take(socket, received.slice(0, end));
      else if (received.length > REQUEST_CHARACTERS_MAX) socket.destroy();
    });
  }

  #take(socket: Socket, line: string): void {
    const [, symbol, user] = REQUEST.exec(line) ?? [];
    if (symbol === undefined || user === undefined) {
      socket.end();
      return;
    }
    const answer = this.#answer(symbol, user);
    const delay = this.#delayMs(this.#hitsInAll);
    if (answer === undefined) return;
    socket.setTimeout(0);
    if (delay === 0) socket.end(answer, 'latin1');
    else sendLater(socket, answer, delay);
  }

  /**
   * Counts the hit and renders the answer. Time stamp and price are those of the hit, not of the
   * end of the delay, as on the legacy server.
   */
  #answer(symbol: string, user: string): string | undefined {
    this.#hitsInAll += 1;
    this.#hits.set(symbol, this.hitsOf(symbol) + 1);
    const serverTime = Date.now();
    const price = this.#priceOf(symbol, serverTime);
    return renderAnswer({ symbol, user, price, serverTime }, this.#fault);
  }
}

function sendLater(socket: Socket, answer: string, delay: number): void {
  const timer = setTimeout(() => socket.end(answer, 'latin1'), delay);
  socket.once('close', () => clearTimeout(timer));
}

function observedDelays(seed: number): (hit: number) => number {
  const key = hashText(`${seed} delay`);
  return (hit) => delayMs(unit(mix(key, 2 * hit)), unit(mix(key, 2 * hit + 1)));
}
