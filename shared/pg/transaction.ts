/** Transactions, on connections that may be pipelined. */
import type { QueryResult } from 'pg';
import { asTransient, connect, watchConnection } from './connection.ts';
import type { Client, Pool } from './pool.ts';
import { isTransient } from './retryable.ts';
import { causeOf, statement } from './statement.ts';

/**
 * Takes statements that were sent and whose results are not needed before the commit. On a pipelined
 * connection the commit is sent along with them; if one fails, the transaction is rolled back.
 */
export type WithCommit = (statements: readonly Promise<unknown>[]) => void;

/**
 * Runs `work` in one transaction on one connection. On a pipelined connection, statements are sent
 * together: `work` must await the results that it needs, and pass the other promises to `withCommit`.
 * Rejects with a `TransientError` if a retry may succeed. One reason is a commit whose answer was lost;
 * only the data then show whether it took effect.
 */
export async function inTransaction<Result>(
  pool: Pool,
  work: (client: Client, withCommit: WithCommit) => Promise<Result>,
): Promise<Result> {
  const client = await connect(pool);
  const watch = watchConnection(client);
  let broken: Error | undefined;
  try {
    // Not awaited, so that the first statements of `work` follow in the same packet.
    const begun = BEGIN.run(client);
    const sent: Promise<unknown>[] = [];
    const withCommit: WithCommit = (statements) => {
      // Their errors are thrown below, unless `work` fails first.
      for (const each of statements) each.catch(() => undefined);
      sent.push(...statements);
    };
    const [, result] = await watch.orLost(Promise.all([begun, work(client, withCommit)]));
    await Promise.all([...sent, commit(client)]);
    return result;
  } catch (heard) {
    const error = causeOf(client, heard);
    broken = watch.loss() ?? (await rollBack(client, error));
    throw asTransient(error);
  } finally {
    watch.end();
    client.release(broken ?? watch.loss());
  }
}

/** Prepared, so that it is sent together with the statements that follow. */
const BEGIN = statement('begin', 'BEGIN');

/** Commits. After a failed statement, COMMIT succeeds but rolls back, which only its command tag shows. */
async function commit(client: Client): Promise<void> {
  const { command }: QueryResult = await client.query({ name: 'commit', text: 'COMMIT' });
  if (command !== 'COMMIT') throw new Error(`the transaction ended with ${command}`);
}

/** Rolls back. Returns an error if the connection must not be used again. */
async function rollBack(client: Client, reason: unknown): Promise<Error | undefined> {
  if (reason instanceof Error && isTransient(reason)) return reason;
  try {
    await client.query('ROLLBACK');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
