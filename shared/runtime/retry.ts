/** Retries work that failed, with backoff. */
import { backoffMs, type Backoff } from './backoff.ts';

type Retrying = {
  readonly backoff: Backoff;
  readonly pause: (ms: number) => Promise<void>;
  /** Whether another attempt may succeed. If absent, every error is retried. */
  readonly isRetryable?: (error: unknown) => boolean;
  /** The most attempts; without limit if absent. */
  readonly attemptsMax?: number;
  /** Called before each pause, with the number of attempts before this one. */
  readonly onHeld?: (error: unknown, attempt: number) => void;
};

/**
 * Runs `work` until it succeeds. Rejects with the first error that is not retryable, or with that of the
 * last attempt.
 */
export async function retry<Value>(
  work: () => Promise<Value>,
  { backoff, pause, isRetryable = () => true, attemptsMax = Infinity, onHeld }: Retrying,
): Promise<Value> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isRetryable(error) || attempt + 1 >= attemptsMax) throw error;
      onHeld?.(error, attempt);
      await pause(backoffMs(attempt, backoff));
    }
  }
}
