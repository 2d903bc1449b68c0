/** One hit on the legacy server: opens a connection, sends a line and receives a line. */
import { connect } from 'node:net';
import { TransientError } from '../../shared/runtime/errors.ts';
import type { HitFailure, Question } from './legacy-quote.ts';

/** Asks once and resolves to the answered line without its end; rejects with a `HitError`. */
export type Hit = (question: Question, signal: AbortSignal) => Promise<string>;

/** A hit without an answered line. */
export class HitError extends TransientError {
  readonly reason: HitFailure;
  /** Whether the question was sent, so that the hit is paid for. */
  readonly isSent: boolean;

  constructor(reason: HitFailure, isSent: boolean, options?: ErrorOptions) {
    super('quote-server-failed', `a hit failed: ${reason}`, options);
    this.reason = reason;
    this.isSent = isSent;
  }
}

export type LegacyAddress = { readonly host: string; readonly port: number };

/** The longest accepted answer; a real one has about 100 bytes. */
const ANSWER_BYTES_MAX = 1_024;

/** Makes hits over TCP. Aborting the signal ends a hit as `no-answer-in-time`. */
export const tcpHit =
  ({ host, port }: LegacyAddress): Hit =>
  (question, signal) =>
    new Promise((resolve, reject) => {
      const socket = connect({ host, port, noDelay: true });
      let received = '';
      let isSent = false;
      const fail = (reason: HitFailure, cause?: unknown): void => {
        reject(new HitError(reason, isSent, { cause }));
        socket.destroy();
      };
      const expire = (): void => fail('no-answer-in-time');
      // latin1 decodes each byte to one character: the bound counts bytes, and no bad byte is replaced.
      socket.setEncoding('latin1');
      socket.on('connect', () => {
        isSent = true;
        socket.write(`${question.symbol},${question.user}\n`);
      });
      socket.on('data', (text: string) => {
        received += text;
        const end = received.indexOf('\n');
        if ((end < 0 ? received.length : end) > ANSWER_BYTES_MAX) {
          fail('answer-too-long');
        } else if (end >= 0) {
          resolve(received.slice(0, end));
          socket.destroy();
        }
      });
      // A line without its line feed may be cut off, and a cut key would be recorded as a whole one.
      socket.on('end', () => fail('closed-early'));
      socket.on('error', (cause) => fail(isSent ? 'closed-early' : 'connection-failed', cause));
      socket.on('close', () => signal.removeEventListener('abort', expire));
      signal.addEventListener('abort', expire);
      if (signal.aborted) expire();
    });
