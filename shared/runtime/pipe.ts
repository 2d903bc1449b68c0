/** Streams that are bound to end. */
import { Transform, type Readable, type TransformCallback, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { TransientError } from './errors.ts';

/** A disk, a database or another program that takes or gives nothing for so long is not coming back. */
const STALLED_AFTER_MS = 60_000;

export type PipeOptions = {
  /** Shown if nothing moves. */
  readonly what: string;
  readonly signal?: AbortSignal;
  readonly stalledAfterMs?: number;
};

/** As `pipeline`, but rejects when nothing has moved for a minute, or when `signal` says so. */
export async function pipe(
  streams: readonly [Readable, ...Transform[], Writable],
  { what, signal, stalledAfterMs = STALLED_AFTER_MS }: PipeOptions,
): Promise<void> {
  const stall = new AbortController();
  const timer = setTimeout(() => {
    const seconds = stalledAfterMs / 1_000;
    stall.abort(new TransientError('not-finished', `${what}: nothing moved for ${seconds} s`));
  }, stalledAfterMs);
  const meter = new Transform({
    transform: (chunk: unknown, _encoding, done: TransformCallback) => {
      timer.refresh();
      done(undefined, chunk);
    },
  });
  const signals = signal === undefined ? [stall.signal] : [stall.signal, signal];
  const [source, ...rest] = streams;
  try {
    await pipeline([source, meter, ...rest], { signal: AbortSignal.any(signals) });
  } catch (error) {
    // An aborted pipeline names the abort, not its reason.
    throw signals.find(({ aborted }) => aborted)?.reason ?? error;
  } finally {
    clearTimeout(timer);
  }
}
