/** A connection taken from a pool, and what becomes of the work on it when it is lost. */
import type { PoolClient } from 'pg';
import { TransientError } from '../runtime/errors.ts';
import { countConnectionWait } from './connection-waits.ts';
import type { Client, Pool } from './pool.ts';
import { isTransient } from './retryable.ts';

/**
 * Runs `work` on a connection of its own. Rejects when the connection is lost, also if `work` would wait
 * for ever, with `TransientError` if trying again may help. After a fault the connection is closed.
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

export type ConnectionWatch = {
  /** As `work` settles, but rejects when the connection is lost before. */
  readonly orLost: <Result>(work: Promise<Result>) => Promise<Result>;
  readonly loss: () => Error | undefined;
  readonly end: () => void;
};

/**
 * Hears of a lost connection. Between two statements it speaks through events only, and a stream such as
 * COPY may hear nothing at all.
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

/** The fault as it is, or marked as one that passes. */
export function asTransient(error: unknown): unknown {
  if (error instanceof TransientError || !isTransient(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new TransientError('database-unavailable', message, { cause: error });
}
