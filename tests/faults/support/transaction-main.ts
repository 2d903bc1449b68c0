/** The fault build of the transaction consumer: the real one, that can be struck at each step. */
import { startTransaction, type Adapters } from '../../../consumers/transaction/start.ts';
import { openShards } from '../../../consumers/transaction/shards.ts';
import { openPublisher } from '../../../shared/amqp/publisher.ts';
import { openBatchStore } from '../../../shared/pg/batch-store.ts';
import { runProcess } from '../../../shared/runtime/lifecycle.ts';
import type { OperationBounds } from '../../../shared/runtime/overdue.ts';
import type { Watchdog } from '../../../shared/runtime/watchdog.ts';
import { LONGEST_MS, POINTS_FOLDER, reach, type FaultStep } from './points.ts';

const folder = process.env[POINTS_FOLDER] ?? '';
const at = (step: FaultStep): boolean => reach(folder, step);
/** Where the step is to hang, it does. */
const through = async (step: FaultStep): Promise<void> => {
  if (at(step)) await new Promise(() => undefined);
};

const struck: Adapters = {
  openBatchStore: (pool) => {
    const store = openBatchStore(pool);
    return {
      inTransaction: async (work) => {
        await through('before the transaction');
        const result = await store.inTransaction(async (transaction) => {
          const done = await work({
            load: async (needs) => {
              const loaded = await transaction.load(needs);
              await through('inside the transaction');
              return loaded;
            },
            save: (writes, when) => transaction.save(writes, when),
          });
          await through('before the commit');
          return done;
        });
        await through('after the commit');
        return result;
      },
    };
  },
  openPublisher: async (link) => {
    const publisher = await openPublisher(link);
    return {
      ready: () => publisher.ready(),
      close: () => publisher.close(),
      publish: async (publication) => {
        await publisher.publish(publication);
        if (publication.type === 'answers') await through('after the replies');
        else if (publication.exchange === 'audit') await through('after the audit publish');
      },
    };
  },
  openShards: (options) =>
    openShards({
      ...options,
      handling: (shard) => {
        const handling = options.handling(shard);
        return {
          ...handling,
          handle: async (message, delivery) => {
            const fate = await handling.handle(message, delivery);
            at('before the ack');
            return fate;
          },
        };
      },
    }),
};

/** A test cannot wait for as long as an operation may take. */
function hasty(watchdog: Watchdog, longestMs: number): Watchdog {
  const bounds: OperationBounds = { floorMs: longestMs, ceilingMs: longestMs };
  return { ...watchdog, operation: (name, _, probe) => watchdog.operation(name, bounds, probe) };
}

const longestMs = process.env[LONGEST_MS];
await runProcess('transaction', (context) => {
  const { watchdog } = context;
  return startTransaction(
    {
      ...context,
      watchdog: longestMs === undefined ? watchdog : hasty(watchdog, Number(longestMs)),
    },
    struck,
  );
});
