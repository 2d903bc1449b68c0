/** Writing the dumps that were asked for, one at a time, each until it is done and answered. */
import { join } from 'node:path';
import type { Publisher } from '../../shared/amqp/publisher.ts';
import { DEFAULT_EXCHANGE } from '../../shared/messages/address.ts';
import {
  parseOutcome,
  renderAnswerMessage,
  type Outcome,
} from '../../shared/messages/answer-message.ts';
import { finishDump, takeDump, type OpenDump } from '../../shared/pg/dumps-take.ts';
import { outboxCaughtUp } from '../../shared/pg/outbox.ts';
import type { Client, Pool } from '../../shared/pg/pool.ts';
import { asTransient, inTransaction } from '../../shared/pg/transaction.ts';
import { TransientError } from '../../shared/runtime/errors.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { writeDump } from './write-dump.ts';

export type DumperOptions = {
  readonly name: string;
  readonly folder: string;
  /** Keeps the row of the dump at hand. */
  readonly pool: Pool;
  /** Reads the log. */
  readonly scanPool: Pool;
  readonly publisher: Publisher;
  readonly pause: (ms: number) => Promise<void>;
  readonly log: Logger;
};

const LOOK_MS = 20;

/** Takes one dump and sees it through; false where there is none. */
export async function dumpNext(options: DumperOptions): Promise<boolean> {
  return await inTransaction(options.pool, async (client) => {
    // The row is kept while the file is written, which takes longer than a pause should.
    await client.query('SET LOCAL idle_in_transaction_session_timeout = 0');
    const dump = await takeDump(client);
    if (dump === undefined) return false;
    const outcome = await outcomeOf(client, dump, options);
    await finishDump(client, dump, JSON.stringify(outcome));
    await answer(dump, outcome, options);
    return true;
  });
}

/** A dump that is asked for again was written before: the same outcome. */
async function outcomeOf(client: Client, dump: OpenDump, options: DumperOptions): Promise<Outcome> {
  if (dump.outcome !== null) return parseOutcome(JSON.parse(dump.outcome));
  // Every event of a command that was answered before is in the log then.
  await outboxCaughtUp(client, () => options.pause(LOOK_MS));
  const user = dump.scope === 'all' ? undefined : dump.user_id;
  const path = join(options.folder, dump.file);
  try {
    const events = await writeDump(options.scanPool, { path, user });
    options.log.info('log dumped', { file: dump.file, events });
    return { is: 'accepted', answer: { dump: 'written', file: dump.file, events } };
  } catch (error) {
    const known = asTransient(error);
    if (known instanceof TransientError) throw known;
    const reason = error instanceof Error ? error.message : String(error);
    options.log.error('dump failed', { file: dump.file, error });
    return { is: 'rejected', reason: 'dump-failed', message: reason };
  }
}

async function answer(dump: OpenDump, outcome: Outcome, options: DumperOptions): Promise<void> {
  if (dump.reply_to === null) return;
  const { name, publisher, log } = options;
  const body = renderAnswerMessage({
    from: name,
    answers: [
      {
        id: dump.correlation_id ?? '',
        user: dump.user_id,
        stream: dump.stream,
        position: Number(dump.position),
        outcomes: [outcome],
      },
    ],
  });
  const exchange = DEFAULT_EXCHANGE;
  const key = dump.reply_to;
  await publisher
    .publish({ exchange, key, body, type: 'answers', transient: true, mandatory: false })
    .catch((error: unknown) => log.warn('answer not sent', { file: dump.file, error }));
}
