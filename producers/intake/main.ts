/** The intake process: runs workload lines that people publish as text with any AMQP client. */
import { openCommandDesk } from '../../shared/amqp/command-desk.ts';
import { SYSTEM_USER } from '../../shared/domain/identity.ts';
import { INTAKE_QUEUE_SPEC } from '../../shared/messages/topology.ts';
import { CONNECTIONS } from '../../shared/pg/connection-budget.ts';
import { openDatabaseClock } from '../../shared/pg/database-clock.ts';
import { claimKey, INTAKE_KEY_LIFETIME_MS } from '../../shared/pg/idempotency-keys.ts';
import { SYSTEM_TIMERS } from '../../shared/runtime/timers.ts';
import { serve } from '../../shared/service/serve.ts';
import { handleLines } from './handle-lines.ts';
import type { TextParts } from './run-text.ts';

/** One message at a time, so that messages take effect in the order in which they were published. */
const PREFETCH = 1;

await serve('intake', { connections: CONNECTIONS.intake }, async (service) => {
  const { pool, publisher, log } = service;
  const clock = openDatabaseClock(SYSTEM_TIMERS);
  const desk = await openCommandDesk({
    ...{ name: service.name, publisher, openOwnQueue: service.openOwnQueue, log },
    timers: SYSTEM_TIMERS,
    shardCount: service.config.shards,
  });
  const parts: TextParts = {
    clock,
    claim: async ({ stream, bodyHash, draw }) => {
      const use = { user: SYSTEM_USER, key: stream, stream, bodyHash, numbers: [], draw };
      const claimed = await claimKey(pool, { ...use, lifetimeMs: INTAKE_KEY_LIFETIME_MS });
      clock.observe(claimed.now);
      return claimed;
    },
    ask: async (message) => (await desk.ask(message)).answer,
  };
  let latest: Promise<unknown> = Promise.resolve();
  const lines = await service.consume({
    queue: INTAKE_QUEUE_SPEC,
    parse: () => undefined,
    handle: (_, delivery) => {
      // A message that comes again on a new channel waits until the old one is no longer in work.
      const handled = latest.then(() => handleLines(delivery, { parts, publisher, log }));
      latest = handled.catch(() => undefined);
      return handled;
    },
    parkedAs: 'intake',
    prefetch: PREFETCH,
  });
  return {
    drain: async () => {
      await lines.idle();
      await lines.close();
      await desk.close();
    },
  };
});
