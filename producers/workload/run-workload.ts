/** One run of a workload file: read, pack, send, wait until everything is answered and audited. */
import { openLink } from '../../shared/amqp/link.ts';
import {
  loadRunCounts,
  auditDrained,
  firstOutboxFromNow,
  type RunCounts,
} from '../../shared/pg/run-counts.ts';
import { openPool, type Pool } from '../../shared/pg/pool.ts';
import { loadPositions } from '../../shared/pg/streams.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { openPacker, type Packer } from './packer.ts';
import { readWorkload } from './read-workload.ts';
import { openSender, type Answered, type Sender } from './sender.ts';

export type RunOptions = {
  readonly file: string;
  /** The run's name is its stream. */
  readonly run: string;
  readonly pack: number;
  readonly number: boolean;
  readonly amqpUrl: string;
  readonly databaseUrl: string;
  readonly shardCount: number;
  readonly onAnswer: (answered: Answered) => void;
  readonly onUnreadable: (line: number, reason: string) => void;
  readonly log: Logger;
};

export type RunResult = RunCounts & {
  /** First publish to last audit row. */
  readonly seconds: number;
};

const LOOK_MS = 5;

export async function runWorkload(options: RunOptions): Promise<RunResult> {
  const { amqpUrl: url, databaseUrl, run, log, shardCount, onAnswer } = options;
  const pool = openPool({ url: databaseUrl, name: 'workload', size: 2, log });
  const publishing = await openLink({ url, name: 'workload publishing', log });
  const consuming = await openLink({ url, name: 'workload consuming', log });
  const sender = await openSender({ publishing, consuming, shardCount, onAnswer, log });
  try {
    const stream = `run:${run}`;
    const firstOutbox = await firstOutboxFromNow(pool);
    const done = await loadPositions(pool, stream);
    const packer = openPacker({ stream, size: options.pack, done });
    const startedAt = performance.now();
    await sendAll(options, packer, sender);
    await sender.answered();
    await drained(pool);
    const seconds = (performance.now() - startedAt) / 1_000;
    return { ...(await loadRunCounts(pool, { stream, firstOutbox })), seconds };
  } finally {
    await sender.close();
    await Promise.all([publishing.close(), consuming.close(), pool.end()]);
  }
}

const drained = (pool: Pool): Promise<void> =>
  auditDrained(pool, () => new Promise((resolve) => setTimeout(resolve, LOOK_MS)));

async function sendAll(options: RunOptions, packer: Packer, sender: Sender): Promise<void> {
  const flush = async (): Promise<void> => {
    for (const message of packer.flush()) await sender.send(message);
  };
  for await (const lines of readWorkload(options.file, { number: options.number })) {
    for (const { lineNumber, line } of lines) {
      if (line.type === 'unreadable') {
        options.onUnreadable(lineNumber, line.reason);
        continue;
      }
      const { user, number, command } = line;
      if (line.type === 'unreadable-command') options.onUnreadable(lineNumber, line.command.reason);
      // A dump waits for everything before it.
      const isDump = command.type === 'DUMPLOG';
      if (isDump) {
        await flush();
        await sender.answered();
      }
      const full = packer.add(user, { number, command });
      if (full !== undefined) await sender.send(full);
      if (isDump) await flush();
    }
  }
  await flush();
}
