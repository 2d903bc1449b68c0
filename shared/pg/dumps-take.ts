/** Dumps from the side of those who write them. */
import type { Client } from './pool.ts';
import { statement } from './statement.ts';

export type OpenDump = {
  readonly user_id: string;
  readonly stream: string;
  readonly position: bigint;
  readonly scope: 'user' | 'all';
  readonly file: string;
  readonly reply_to: string | null;
  readonly correlation_id: string | null;
  /** Set once it is written, or failed for good. */
  readonly outcome: string | null;
};

const TAKE = statement<OpenDump>(
  'dumps-take',
  `SELECT user_id, stream, position, scope, file, reply_to, correlation_id, outcome FROM dumps
    WHERE NOT answered ORDER BY asked_at LIMIT 1 FOR UPDATE SKIP LOCKED`,
);

/** Takes the oldest dump that nobody else has in work; the transaction keeps it. */
export async function takeDump(client: Client): Promise<OpenDump | undefined> {
  return (await TAKE.run(client))[0];
}

const FINISH = statement(
  'dumps-finish',
  `UPDATE dumps SET outcome = $4, answered = true
    WHERE user_id = $1 AND stream = $2 AND position = $3`,
);

export const finishDump = (client: Client, dump: OpenDump, outcome: string): Promise<unknown> =>
  FINISH.run(client, dump.user_id, dump.stream, dump.position, outcome);
