/** The fault build of the transaction consumer: the real one, with a fault point at each step. */
import { startTransaction, TRANSACTION_SPEC } from '../../../consumers/transaction/start.ts';
import type { Publisher } from '../../../shared/amqp/publisher.ts';
import { openBatchStore } from '../../../shared/pg/batch-store.ts';
import type { OperationBounds } from '../../../shared/runtime/overdue.ts';
import type { Watchdog } from '../../../shared/runtime/watchdog.ts';
import { serve } from '../../../shared/service/serve.ts';
import type { Service } from '../../../shared/service/service.ts';
import { LONGEST_MS, POINTS_FOLDER, reach, type FaultStep } from './points.ts';

const folder = process.env[POINTS_FOLDER] ?? '';
const at = (step: FaultStep): boolean => reach(folder, step);
/** Never resolves if a test planted a hang at the step. */
const hangIfPlanted = async (step: FaultStep): Promise<void> => {
  if (at(step)) await new Promise(() => undefined);
};

const openStruckStore: typeof openBatchStore = (pool) => {
  const store = openBatchStore(pool);
  return {
    inTransaction: async (work) => {
      await hangIfPlanted('before the transaction');
      const result = await store.inTransaction(async (transaction) => {
        const done = await work({
          load: async (needs) => {
            const loaded = await transaction.load(needs);
            await hangIfPlanted('inside the transaction');
            return loaded;
          },
          save: (writes, when) => transaction.save(writes, when),
        });
        await hangIfPlanted('before the commit');
        return done;
      });
      await hangIfPlanted('after the commit');
      return result;
    },
  };
};

const strikePublisher = (publisher: Publisher): Publisher => ({
  ready: () => publisher.ready(),
  close: () => publisher.close(),
  publish: async (publication) => {
    await publisher.publish(publication);
    if (publication.type === 'answers') await hangIfPlanted('after the replies');
    else if (publication.exchange === 'audit') await hangIfPlanted('after the audit publish');
  },
});

const strikeConsuming = (service: Service): Service['consume'] => {
  return (consumption) =>
    service.consume({
      ...consumption,
      handle: async (message, delivery) => {
        const fate = await consumption.handle(message, delivery);
        at('before the ack');
        return fate;
      },
    });
};

/** Shortens the bounds of operations, because a test cannot wait for the real ones. */
function withBound(watchdog: Watchdog, longestMs: number): Watchdog {
  const bounds: OperationBounds = { floorMs: longestMs, ceilingMs: longestMs };
  return { ...watchdog, operation: (name, _, probe) => watchdog.operation(name, bounds, probe) };
}

const longestMs = process.env[LONGEST_MS];
await serve('transaction', TRANSACTION_SPEC, (service) => {
  const { watchdog, publisher } = service;
  return startTransaction(
    {
      ...service,
      watchdog: longestMs === undefined ? watchdog : withBound(watchdog, Number(longestMs)),
      publisher: strikePublisher(publisher),
      consume: strikeConsuming(service),
    },
    openStruckStore,
  );
});
