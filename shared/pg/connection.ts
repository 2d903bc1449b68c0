/** Runs work on a connection of a pool, and detects its loss. */
import type { PoolClient } from 'pg';
import { TransientError } from '../runtime/errors.ts';
import { countConnectionWait } from './connection-waits.ts';
import type { Client, Pool } from './pool.ts';
import { isTransient } from './retryable.ts';

/**
 * Runs `work` on a connection of its own. Rejects if the connection is lost, even if `work` never settles;
 * with a `TransientError` if a retry may succeed. Closes the connection after an error.
 */
export async function withConnection<Result>(
  pool: Pool,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = await connect(pool);
  const watch = watchConnection(client);
  let broken: Error | undefined;
  try {
    return await watch.orLost(work(client));
  } catch (error) {
    broken = error instanceof Error ? error : new Error(String(error));
    throw asTransient(error);
  } finally {
    watch.end();
    client.release(broken ?? watch.loss());
  }
}

/** Takes a connection from the pool and counts the wait. The caller must release it. */
export async function connect(pool: Pool): Promise<PoolClient> {
  const askedAt = performance.now();
  try {
    const client = await pool.connect();
    countConnectionWait(pool, performance.now() - askedAt);
    return client;
  } catch (error) {
    throw asTransient(error);
  }
}

type ConnectionWatch = {
  /** Settles as `work` does, or rejects as soon as the connection is lost. */
  readonly orLost: <Result>(work: Promise<Result>) => Promise<Result>;
  /** The error with which the connection was lost. */
  readonly loss: () => Error | undefined;
  /** Stops watching. */
  readonly end: () => void;
};

/**
 * Watches for the loss of a connection. Between two statements the driver reports it by events only, and
 * a stream such as COPY may not report it at all.
 */
export function watchConnection(client: PoolClient): ConnectionWatch {
  let loss: Error | undefined;
  let onLost: (error: Error) => void = () => undefined;
  const lose = (error: Error): void => {
    loss ??= error;
    onLost(loss);
  };
  const onEnd = (): void => lose(new Error('Connection terminated unexpectedly'));
  client.on('error', lose);
  client.on('end', onEnd);
  return {
    orLost: (work) =>
      Promise.race([
        work,
        new Promise<never>((_, reject) => {
          onLost = reject;
          if (loss !== undefined) reject(loss);
        }),
      ]),
    loss: () => loss,
    end: () => {
      client.off('error', lose);
      client.off('end', onEnd);
    },
  };
}

/** Returns the error, wrapped in a `TransientError` if it may pass by itself. */
export function asTransient(error: unknown): unknown {
  if (error instanceof TransientError || !isTransient(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new TransientError('database-unavailable', message, { cause: error });
}
