/** Pipelines of streams that cannot stall forever. */
import { Transform, type Readable, type TransformCallback, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { TransientError } from './errors.ts';

/** A disk, database or program that moves no data for this long is assumed to be lost. */
const STALLED_AFTER_MS = 60_000;

type PipeOptions = {
  /** The start of the error's message if the streams stall. */
  readonly what: string;
  readonly signal?: AbortSignal;
  readonly stalledAfterMs?: number;
};

/**
 * Like `pipeline`, but rejects with a `TransientError` once nothing has moved for `stalledAfterMs`, and
 * with the reason of `signal` once that is aborted.
 */
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
    // An aborted pipeline rejects with an AbortError instead of the signal's reason.
    throw signals.find(({ aborted }) => aborted)?.reason ?? error;
  } finally {
    clearTimeout(timer);
  }
}
