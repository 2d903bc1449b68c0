/** Runs a workload: reads, packs and sends it, and waits until everything is answered and audited. */
import type { Answered } from '../../shared/amqp/command-desk.ts';
import { openLink } from '../../shared/amqp/link.ts';
import { ownQueuesOn } from '../../shared/amqp/own-queue.ts';
import { openPublisher } from '../../shared/amqp/publisher.ts';
import { totalCash } from '../../shared/pg/accounts-scan.ts';
import { waitForOutbox } from '../../shared/pg/outbox.ts';
import { loadRunCounts, type RunCounts } from '../../shared/pg/run-counts.ts';
import { finishRun, openRun, streamOfRun, type OpenedRun } from '../../shared/pg/runs.ts';
import { openPool, type Pool } from '../../shared/pg/pool.ts';
import { loadPositions } from '../../shared/pg/streams.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { orAborted } from '../../shared/runtime/or-aborted.ts';
import { SYSTEM_TIMERS } from '../../shared/runtime/timers.ts';
import type { Tracer } from '../../shared/runtime/tracing.ts';
import type { Workload } from './open-workload.ts';
import type { Pace } from './pace.ts';
import { openPacker, type Packer } from './packer.ts';
import type { UnreadableLine } from './read-workload.ts';
import { retryForOneMinute } from './retry-for-one-minute.ts';
import { sendLines } from './send-lines.ts';
import { openSender, type Sender } from './sender.ts';

export type RunOptions = {
  readonly workload: Workload;
  /** The run's name is its stream. */
  readonly run: string;
  /** The most commands of a message. */
  readonly pack: number;
  readonly amqpUrl: string;
  readonly databaseUrl: string;
  readonly shardCount: number;
  /** Limits the rate at which commands are sent. */
  readonly pace: Pace;
  /** Ends the run early. Answered commands are done; a later run of the same name does the rest. */
  readonly signal: AbortSignal;
  readonly onStart: (start: RunStart) => void;
  readonly onAnswer: (answered: Answered) => void;
  readonly onUnreadable: (line: UnreadableLine) => void;
  /** Undefined if traces are off. */
  readonly tracer?: Tracer | undefined;
  readonly log: Logger;
};

type RunStart = {
  /** The number of lines of the workload. */
  readonly lines: number;
  /** The number of commands of this run that were done before. */
  readonly done: number;
  readonly isResumed: boolean;
};

export type RunResult = RunCounts & {
  readonly opened: OpenedRun;
  /** The time from the first publish to the last audit row; in a resumed run, of this part alone. */
  readonly seconds: number;
  readonly commandsPerSecond: number;
  /** The cash of all accounts at the end, pending orders included, in cents. */
  readonly cash: bigint;
};

const AUDIT_POLL_MS = 5;

/** Resolves once every command is answered and audited; rejects with the signal's reason if aborted. */
export async function runWorkload(options: RunOptions): Promise<RunResult> {
  const { amqpUrl: url, databaseUrl, tracer, log, shardCount, onAnswer, signal } = options;
  const pool = openPool({ url: databaseUrl, name: 'workload', size: 2, log });
  const publishing = await openLink({ url, name: 'workload publishing', tracer, log });
  const consuming = await openLink({ url, name: 'workload consuming', tracer, log });
  const sender = await openSender({
    name: 'workload',
    publisher: await openPublisher(publishing),
    openOwnQueue: ownQueuesOn(consuming),
    timers: SYSTEM_TIMERS,
    shardCount,
    onAnswer,
    log,
  });
  try {
    const { run: name, workload } = options;
    const { name: file, sha256, numbered, lines } = workload;
    const opened = await openRun(pool, { name, file, sha256, numbered });
    const stream = streamOfRun(name);
    const done = await loadPositions(pool, stream);
    const doneCount = [...done.values()].reduce((sum, last) => sum + last, 0);
    options.onStart({ lines, done: doneCount, isResumed: opened.isResumed });
    const packer = openPacker({ stream, size: options.pack, done });
    const startedAt = performance.now();
    await orAborted(sendAll(options, packer, sender), signal);
    await orAborted(sender.answered(), signal);
    const end = { signal, timers: SYSTEM_TIMERS, log };
    await orAborted(
      retryForOneMinute(() => waitForAudit(pool, signal), end),
      signal,
    );
    const seconds = (performance.now() - startedAt) / 1_000;
    await retryForOneMinute(() => finishRun(pool, name), end);
    const counts = await retryForOneMinute(
      () => loadRunCounts(pool, { stream, firstOutbox: opened.firstOutbox }),
      end,
    );
    const cash = await retryForOneMinute(() => totalCash(pool), end);
    const commandsPerSecond = (counts.commands - doneCount) / Math.max(seconds, 0.001);
    return { ...counts, opened, seconds, commandsPerSecond, cash };
  } finally {
    await sender.close();
    await Promise.all([publishing.close(), consuming.close(), pool.end()]);
  }
}

const waitForAudit = (pool: Pool, signal: AbortSignal): Promise<void> =>
  waitForOutbox(pool, async () => {
    signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, AUDIT_POLL_MS));
  });

async function sendAll(options: RunOptions, packer: Packer, sender: Sender): Promise<void> {
  const { pace, signal } = options;
  const send = async (message: Parameters<Sender['send']>[0]): Promise<void> => {
    await pace(message.commands.length);
    signal.throwIfAborted();
    await sender.send(message);
  };
  const sending = {
    packer,
    send,
    answered: () => sender.answered(),
    onUnreadable: options.onUnreadable,
  };
  for await (const lines of options.workload.read()) {
    await sendLines(lines, sending);
  }
  for (const message of packer.flush()) await send(message);
}
