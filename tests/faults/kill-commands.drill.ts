/** Kills the producer, the supervisor and all processes, and starts the system again each time. */
import { afterAll, beforeAll } from '@jest/globals';
import { openTestSystem, type TestSystem } from '../support/test-system.ts';
import { killEverything, killProducer, killSupervisor } from './kill-commands.ts';

const START_MS = 240_000;

let system: TestSystem;
const running = (): TestSystem => system;
beforeAll(async () => {
  system = await openTestSystem({
    ORDER_LIFETIME_S: '3600',
    QUOTE_LIFETIME_S: '3600',
    TRANSACTION_PROCESSES: '2',
    AUDIT_PROCESSES: '2',
    TRIGGER_PROCESSES: '2',
  });
}, START_MS);
afterAll(() => system.close(), START_MS);

killProducer(running);
killSupervisor(running);
killEverything(running);
