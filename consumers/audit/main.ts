/** An audit process: stores audit messages in batches, writes dumps, and maintains tables. */
import { DONE } from '../../shared/amqp/fate.ts';
import { AUDIT_QUEUE_SPEC, DUMPS_QUEUE_SPEC } from '../../shared/messages/topology.ts';
import { insertAudit, insertLeftOver } from '../../shared/pg/audit-insert.ts';
import { CONNECTIONS } from '../../shared/pg/connection-budget.ts';
import { loadOutboxLag } from '../../shared/pg/outbox.ts';
import { sleep } from '../../shared/runtime/timers.ts';
import { serve } from '../../shared/service/serve.ts';
import { openAuditMeter } from './audit-meter.ts';
import { openDumper } from './dumper.ts';
import { startHousekeeping } from './housekeeping.ts';
import { openInserter } from './inserter.ts';
import { outboxIdOf } from './outbox-id-of.ts';

const PREFETCH = 64;
/** The sweep takes outbox rows older than this for unpublished or lost messages, and stores them. */
const LEFT_OVER_S = 2;
const LEFT_OVER_MAX = 32;
const SWEEP_MS = 1_000;
const SWEEP_SILENT_MAX_MS = 60_000;
/**
 * Bounds on an insert before the watchdog takes it to hang. A transaction waits for a connection for
 * 5 s at most, and for a lock for 10 s.
 */
const INSERT_BOUNDS = { floorMs: 30_000, ceilingMs: 120_000 };

await serve('audit', { connections: CONNECTIONS.audit - 1 }, async (service) => {
  const { pool, metrics, watchdog, log } = service;
  const meter = openAuditMeter(metrics, () => loadOutboxLag(pool));
  const watched = watchdog.operation('audit insert', INSERT_BOUNDS, service.probe);
  const inserter = openInserter({
    insert: (messages) => watched(() => meter.insert(() => insertAudit(pool, messages))),
    pause: sleep,
    log,
  });
  const dumper = openDumper({
    ...{ name: service.name, home: service.config.home, pool, publisher: service.publisher, log },
    scanPool: service.openPool('dump', 1),
    pause: sleep,
  });
  await startHousekeeping(service);
  const events = await service.consume({
    queue: AUDIT_QUEUE_SPEC,
    parse: (body, delivery) => ({ outboxId: outboxIdOf(delivery), body }),
    handle: (message, delivery) => inserter.store(message, delivery),
    parkedAs: 'audit',
    prefetch: PREFETCH,
  });
  await service.consume({
    queue: DUMPS_QUEUE_SPEC,
    parse: () => undefined,
    handle: () => {
      dumper.wake();
      return DONE;
    },
    prefetch: PREFETCH,
  });
  service.schedule({
    name: 'republishing',
    everyMs: SWEEP_MS,
    silentMaxMs: SWEEP_SILENT_MAX_MS,
    run: async () => {
      dumper.wake();
      const count = await insertLeftOver(pool, { olderThanS: LEFT_OVER_S, most: LEFT_OVER_MAX });
      meter.storedLeftOver(count);
      if (count > 0) log.info('left-over audit messages stored', { count });
    },
  });
  return { drain: () => events.idle() };
});
