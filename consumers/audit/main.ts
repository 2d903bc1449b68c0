/** An audit process: stores audit messages in batches, writes dumps, and maintains tables. */
import { openConsumer } from '../../shared/amqp/consumer.ts';
import { declareQueue } from '../../shared/amqp/declare.ts';
import { openLink } from '../../shared/amqp/link.ts';
import { DONE } from '../../shared/amqp/fate.ts';
import { openPublisher } from '../../shared/amqp/publisher.ts';
import { AUDIT_QUEUE_SPEC, DUMPS_QUEUE_SPEC } from '../../shared/messages/topology.ts';
import { insertAudit, insertLeftOver } from '../../shared/pg/audit-insert.ts';
import { CONNECTIONS } from '../../shared/pg/connection-budget.ts';
import { loadOutboxLag } from '../../shared/pg/outbox.ts';
import { openPool } from '../../shared/pg/pool.ts';
import { probeDatabase } from '../../shared/pg/probe.ts';
import { runProcess, type ProcessContext, type Running } from '../../shared/runtime/lifecycle.ts';
import { repeat } from '../../shared/runtime/repeat.ts';
import { sleep, SYSTEM_TIMERS } from '../../shared/runtime/timers.ts';
import { openAuditMeter } from './audit-meter.ts';
import { dumpNext } from './dumper.ts';
import { startHousekeeping } from './housekeeping.ts';
import { openInserter } from './inserter.ts';
import { outboxIdOf } from './outbox-id-of.ts';

const PREFETCH = 64;
/** The sweep takes outbox rows older than this for unpublished or lost messages, and stores them. */
const LEFT_OVER_S = 2;
const LEFT_OVER_MAX = 32;
const SWEEP_MS = 1_000;
/** With no sweep for this long, not even a failed one, the watchdog takes the sweep to hang. */
const SWEEP_SILENT_MAX_MS = 60_000;
/**
 * Bounds on an insert before the watchdog takes it to hang. A transaction waits for a connection for
 * 5 s at most, and for a lock for 10 s.
 */
const INSERT_BOUNDS = { floorMs: 30_000, ceilingMs: 120_000 };

async function start({
  name,
  config,
  amqpUrl,
  databaseUrl,
  metrics,
  watchdog,
  tracer,
  log,
}: ProcessContext): Promise<Running> {
  const pool = openPool({ url: databaseUrl, name, size: CONNECTIONS.audit - 1, log });
  const scanPool = openPool({ url: databaseUrl, name: `${name}-dump`, size: 1, log });
  const publishing = await openLink({ url: amqpUrl, name: `${name} publishing`, tracer, log });
  const consuming = await openLink({ url: amqpUrl, name: `${name} consuming`, tracer, log });
  const publisher = await openPublisher(publishing);

  const probe = (): Promise<void> => probeDatabase(databaseUrl);
  const endHousekeeping = await startHousekeeping(pool, { watchdog, probe, log });

  const meter = openAuditMeter(metrics, () => loadOutboxLag(pool));
  const watched = watchdog.operation('audit insert', INSERT_BOUNDS, probe);
  const inserter = openInserter({
    insert: (messages) => watched(() => meter.insert(() => insertAudit(pool, messages))),
    pause: sleep,
    log,
  });

  const { home } = config;
  let dumping: Promise<void> | undefined;
  const dumpAll = async (): Promise<void> => {
    try {
      while (await dumpNext({ name, home, pool, scanPool, publisher, pause: sleep, log }));
    } catch (error) {
      log.warn('dumps held', { error });
    }
    dumping = undefined;
  };
  const wakeDumps = (): void => void (dumping ??= dumpAll());

  const consumer = await openConsumer(consuming, {
    name,
    prefetch: PREFETCH,
    log,
    isDurable: true,
    declare: (channel) => declareQueue(channel, AUDIT_QUEUE_SPEC),
    parse: (body, delivery) => ({ outboxId: outboxIdOf(delivery), body }),
    handle: (message, delivery) => inserter.store(message, delivery),
    parking: { from: 'audit', publisher },
  });
  await openConsumer(consuming, {
    name: `${name}-dumps`,
    prefetch: PREFETCH,
    log,
    isDurable: true,
    declare: (channel) => declareQueue(channel, DUMPS_QUEUE_SPEC),
    parse: () => undefined,
    handle: () => {
      wakeDumps();
      return DONE;
    },
  });

  const sweep = async (): Promise<void> => {
    wakeDumps();
    const count = await insertLeftOver(pool, { olderThanS: LEFT_OVER_S, most: LEFT_OVER_MAX });
    meter.storedLeftOver(count);
    if (count > 0) log.info('left-over audit messages stored', { count });
  };
  const endSweep = repeat(sweep, SWEEP_MS, {
    name: 'republishing',
    timers: SYSTEM_TIMERS,
    onRound: watchdog.task('republishing', SWEEP_SILENT_MAX_MS, probe),
    log,
  });

  return {
    stop: async () => {
      endSweep();
      endHousekeeping();
      await consumer.idle();
      await consuming.close();
      await publishing.close();
      await Promise.all([pool.end(), scanPool.end()]);
    },
  };
}

await runProcess('audit', start);
