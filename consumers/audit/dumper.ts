/**
 * Writes the requested dumps, one at a time: takes a dump by a lease, writes it, stores its outcome and
 * answers. After a transient fault it releases the dump, and this or another process tries again.
 */
import type { Publisher } from '../../shared/amqp/publisher.ts';
import { dumpPath } from '../../shared/domain/dump-path.ts';
import { REPLIES_EXCHANGE } from '../../shared/messages/address.ts';
import {
  parseOutcome,
  renderAnswerMessage,
  type Outcome,
} from '../../shared/messages/answer-message.ts';
import {
  markDumpAnswered,
  releaseDump,
  RENEW_EVERY_MS,
  renewDump,
  saveDumpOutcome,
  takeDump,
  type OpenDump,
} from '../../shared/pg/dump-leases.ts';
import { waitForOutbox } from '../../shared/pg/outbox.ts';
import type { Pool } from '../../shared/pg/pool.ts';
import { inTransaction } from '../../shared/pg/transaction.ts';
import { TransientError } from '../../shared/runtime/errors.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { newId } from '../../shared/runtime/new-id.ts';
import { sleep } from '../../shared/runtime/timers.ts';
import type { Service } from '../../shared/service/service.ts';
import { dumpRefusal, type DumpRefusal } from './dump-refusal.ts';
import { insertDumpFailure } from './dump-failure.ts';
import { writeDump } from './write-dump.ts';

type DumperOptions = {
  readonly name: string;
  /** The data folder. */
  readonly home: string;
  /** For leases and outcomes. */
  readonly pool: Pool;
  /** For reading the log. */
  readonly scanPool: Pool;
  readonly publisher: Publisher;
  readonly log: Logger;
};

const CAUGHT_UP_POLL_MS = 20;
/** The log is usually milliseconds behind. If it makes no progress, the dump is released after this. */
const CAUGHT_UP_MAX_MS = 30_000;

interface Dumper {
  /** Writes the requested dumps, unless it does so already. */
  wake(): void;
}

/** Opens the dumper of a process, with a connection of its own for reading the log. */
export function openDumper({
  name,
  config,
  pool,
  openPool,
  publisher,
  log,
}: Pick<Service, 'name' | 'config' | 'pool' | 'openPool' | 'publisher' | 'log'>): Dumper {
  const scanPool = openPool('dump', 1);
  const options = { name, home: config.home, pool, scanPool, publisher, log };
  let isWriting = false;
  const writeAll = async (): Promise<void> => {
    try {
      while (await dumpNext(options));
    } catch (error) {
      options.log.warn('dumps held', { error });
    }
    isWriting = false;
  };
  return {
    wake: () => {
      if (isWriting) return;
      isWriting = true;
      void writeAll();
    },
  };
}

/** Takes one dump and works on it once; resolves to false if there is none to take. */
async function dumpNext(options: DumperOptions): Promise<boolean> {
  const dump = await takeDump(options.pool, newId());
  if (dump === undefined) return false;
  try {
    const settled = dump.outcome === null ? await writeAndRecord(dump, options) : dump;
    if (settled === undefined) return true;
    await answer(settled, options);
    await markDumpAnswered(options.pool, settled);
  } catch (error) {
    options.log.warn('dump not written yet', { file: dump.file, error });
    await releaseDump(options.pool, dump);
  }
  return true;
}

/** Writes the dump and stores its outcome; resolves to undefined if another process has taken it. */
async function writeAndRecord(
  dump: OpenDump,
  options: DumperOptions,
): Promise<OpenDump | undefined> {
  const { pool, name, log } = options;
  const path = dumpPath(dump, dump.file);
  try {
    const events = await writeUnderLease(dump, options);
    log.info('log dumped', { path, events });
    return await saveDumpOutcome(pool, dump, asText(written(dump, { path, events })));
  } catch (error) {
    const refusal = dumpRefusal(error);
    if (refusal === undefined) throw error;
    log.error('dump cannot be written', { path, error });
    return await inTransaction(pool, async (client) => {
      const settled = await saveDumpOutcome(
        client,
        dump,
        asText(notWritten(dump, { path, refusal })),
      );
      if (settled !== undefined) await insertDumpFailure(client, dump, { server: name, refusal });
      return settled;
    });
  }
}

/** Renews the lease while it writes; aborts if the lease is lost. Resolves to the number of events. */
async function writeUnderLease(dump: OpenDump, options: DumperOptions): Promise<number> {
  const { home, pool, scanPool, log } = options;
  const lost = new AbortController();
  const renew = async (): Promise<void> => {
    if (!(await renewDump(pool, dump))) {
      lost.abort(new TransientError('not-finished', 'another process has taken the dump'));
    }
  };
  const timer = setInterval(() => {
    // A lease survives failed renewals until it expires; the next renewal makes up for them.
    renew().catch((error: unknown) => log.warn('lease not renewed', { file: dump.file, error }));
  }, RENEW_EVERY_MS);
  try {
    await waitUntilCaughtUp(options);
    return await writeDump(dump, { home, pool: scanPool, signal: lost.signal });
  } finally {
    clearInterval(timer);
  }
}

/**
 * Resolves when the log holds every event that was committed before the call. Throws a `TransientError`
 * after `CAUGHT_UP_MAX_MS`.
 */
async function waitUntilCaughtUp({ pool }: DumperOptions): Promise<void> {
  const deadline = performance.now() + CAUGHT_UP_MAX_MS;
  await waitForOutbox(pool, async () => {
    if (performance.now() < deadline) await sleep(CAUGHT_UP_POLL_MS);
    else throw new TransientError('not-finished', 'the audit log is behind');
  });
}

const asText = (outcome: Outcome): string => JSON.stringify(outcome);

const written = (
  { file }: OpenDump,
  { path, events }: { readonly path: string; readonly events: number },
): Outcome => ({ is: 'accepted', answer: { dump: 'written', file, path, events } });

const notWritten = (
  { file }: OpenDump,
  { path, refusal }: { readonly path: string; readonly refusal: DumpRefusal },
): Outcome => ({
  is: 'accepted',
  answer: { dump: 'not-written', file, path, code: refusal.code, message: refusal.message },
});

/** Publishes the outcome to the requester. A lost answer is not retried: the requester asks again. */
async function answer(dump: OpenDump, options: DumperOptions): Promise<void> {
  if (dump.reply_to === null || dump.outcome === null) return;
  const { name, publisher, log } = options;
  const body = renderAnswerMessage({
    from: name,
    answers: [
      {
        id: dump.correlation_id ?? '',
        user: dump.user,
        stream: dump.stream,
        position: Number(dump.position),
        outcomes: [{ ...parseOutcome(JSON.parse(dump.outcome)), number: Number(dump.number) }],
      },
    ],
  });
  const exchange = REPLIES_EXCHANGE;
  const key = dump.reply_to;
  await publisher
    .publish({ exchange, key, body, type: 'answers', transient: true, mandatory: false })
    .catch((error: unknown) => log.warn('answer not sent', { file: dump.file, error }));
}
