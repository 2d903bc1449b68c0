/** An audit process: stores audit messages in batches, writes dumps, and maintains tables. */
import { DONE } from '../../shared/amqp/fate.ts';
import { AUDIT_QUEUE_SPEC, DUMPS_QUEUE_SPEC } from '../../shared/messages/topology.ts';
import { insertAudit } from '../../shared/pg/audit-insert.ts';
import { CONNECTIONS } from '../../shared/pg/connection-budget.ts';
import { loadOutboxLag } from '../../shared/pg/outbox.ts';
import { sleep, SYSTEM_TIMERS } from '../../shared/runtime/timers.ts';
import { serve } from '../../shared/service/serve.ts';
import { openAuditMeter } from './audit-meter.ts';
import { openDumper } from './dumper.ts';
import { startFeedPublisher } from './feed-publisher.ts';
import { startHousekeeping, startSweep } from './housekeeping.ts';
import { openInserter } from './inserter.ts';
import { outboxIdOf } from './outbox-id-of.ts';

/** The most unacked messages of each queue; an insert takes 32 at most. */
const PREFETCH = 64;
/**
 * Bounds on an insert before the watchdog takes it to hang. A transaction waits for a connection for
 * 5 s at most, and for a lock for 10 s.
 */
const INSERT_BOUNDS = { floorMs: 30_000, ceilingMs: 120_000 };

/** The last connection of the budget reads the log for dumps. */
const SPEC = { connections: CONNECTIONS.audit - 1 };

await serve('audit', SPEC, async (service) => {
  const { pool, log } = service;
  const meter = openAuditMeter(service.metrics, () => loadOutboxLag(pool));
  const watched = service.watchdog.operation('audit insert', INSERT_BOUNDS, service.probe);
  const inserter = openInserter({
    insert: (messages) => watched(() => meter.insert(() => insertAudit(pool, messages))),
    pause: sleep,
    timers: SYSTEM_TIMERS,
    log,
  });
  const dumper = openDumper(service);
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
  startFeedPublisher(service);
  startSweep(service, {
    wake: () => dumper.wake(),
    onStored: (count) => meter.storedLeftOver(count),
  });
  return { drain: () => events.idle() };
});
