/** Work that is done wholly or not at all. */
import type { QueryResult } from 'pg';
import { asTransient, connect, watchConnection } from './connection.ts';
import type { Client, Pool } from './pool.ts';
import { isTransient } from './retryable.ts';
import { causeOf, statement } from './statement.ts';

/**
 * Takes statements that were sent and need no answer before the commit: on a pipelined connection it
 * goes out with them, and where one fails it ends as a rollback.
 */
export type WithCommit = (statements: readonly Promise<unknown>[]) => void;

/**
 * Runs `work` in one transaction on one connection. On a pipelined connection the statements go out
 * together; `work` must await the results it needs, and give the others to its second argument.
 * Rejects with `TransientError` where trying again may help, among them a commit whose answer was
 * lost: whether it took effect is then to be found out from the data.
 */
export async function inTransaction<Result>(
  pool: Pool,
  work: (client: Client, withCommit: WithCommit) => Promise<Result>,
): Promise<Result> {
  const client = await connect(pool);
  const watch = watchConnection(client);
  let broken: Error | undefined;
  try {
    // Not awaited: the first statements of the work follow in the same packet.
    const begun = BEGIN.run(client);
    const sent: Promise<unknown>[] = [];
    const withCommit: WithCommit = (statements) => {
      // What they fail of is heard of below, unless `work` fails before.
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

/** Prepared, so that it goes out with the statements that follow. */
const BEGIN = statement('begin', 'BEGIN');

/** In a pipeline a COMMIT after a failed statement succeeds as a rollback: its tag tells. */
async function commit(client: Client): Promise<void> {
  const { command }: QueryResult = await client.query({ name: 'commit', text: 'COMMIT' });
  if (command !== 'COMMIT') throw new Error(`the transaction ended with ${command}`);
}

/** Ends the transaction; where that fails too the connection is not to be used again. */
async function rollBack(client: Client, reason: unknown): Promise<Error | undefined> {
  if (reason instanceof Error && isTransient(reason)) return reason;
  try {
    await client.query('ROLLBACK');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
