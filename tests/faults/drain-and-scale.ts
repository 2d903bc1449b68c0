/** Fault 3: SIGTERM under load, and a pool that grows and shrinks during a run. */
import { describe, expect, test } from '@jest/globals';
import { atRate } from '../../producers/workload/pace.ts';
import { manage } from '../support/management.ts';
import { until } from '../support/until.ts';
import { expectSound, startRun, type FaultRun } from './support/fault-run.ts';
import { slowRun } from './support/under-way.ts';
import { replaced, type FaultSystem } from './support/fault-system.ts';

const TEST_MS = 240_000;
const SHARDS = 16;
/** Each check queries all consumers of the broker, or all events of the log. */
const LOOK_MS = 250;
/** Two processes start meanwhile on a busy machine. At this slow rate the run would take longer. */
const SCALED_MAX_MS = 80_000;
const SCALED_COMMANDS = 3_500;
const SCALED_RATE = 40;

const under = async (run: FaultRun, commands: number): Promise<void> => {
  await until(() => run.answered() >= commands, { what: `${commands} commands are answered` });
};

type Consumer = { readonly active: boolean; readonly consumer_tag: string };
type Queue = { readonly name: string };

/** Returns how many shards each transaction process is the active consumer of, by the broker. */
async function activeShards(faults: FaultSystem): Promise<ReadonlyMap<string, number>> {
  const path = `consumers/${faults.broker.virtualHost}`;
  const consumers = (await manage('GET', path)) as readonly (Consumer & { queue: Queue })[];
  const active = consumers.filter(
    ({ active: isActive, queue }) => isActive && queue.name.startsWith('commands.shard.'),
  );
  const counts = new Map<string, number>();
  for (const { consumer_tag: tag } of active) {
    const name = tag.split('.')[0] ?? '';
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

const spread = async (
  faults: FaultSystem,
  wanted: Readonly<Record<string, number>>,
): Promise<void> => {
  await until(
    async () => {
      const counts = await activeShards(faults);
      const names = Object.keys(wanted);
      return (
        counts.size === names.length && names.every((name) => counts.get(name) === wanted[name])
      );
    },
    { what: `shards are spread as ${JSON.stringify(wanted)}`, lookMs: LOOK_MS },
  );
};

/** Returns how many processes have decided commands of a run. Its quote hits have rows of a quote process. */
async function deciders(faults: FaultSystem, { name }: FaultRun): Promise<number> {
  const { rows } = await faults.pool.query(
    `SELECT DISTINCT server FROM audit_events WHERE stream = $1 AND server LIKE 'transaction-%'`,
    [`run:${name}`],
  );
  return rows.length;
}

/** Runs on a system that it shares with the other fault tests. */
export function drainAndScale(faults: () => FaultSystem): void {
  describe('under load', () => {
    test.each(['transaction-1', 'quote-1', 'trigger-1', 'audit-1'])(
      '%s drains on SIGTERM and ends with 0',
      async (name) => {
        const run = startRun(faults(), { name: `drained ${name}`, pace: atRate(400), pack: 4 });
        await under(run, 100);
        const restarts = faults().restartsOf(name);
        process.kill(faults().pidOf(name), 'SIGTERM');
        await replaced(faults(), name, restarts);
        expect(faults().exitsOf(name).at(-1)).toEqual({ code: 0, signal: null });
        await expectSound(faults(), run);
      },
      TEST_MS,
    );

    test(
      'a pool is scaled from 1 to 3 to 1 during a run: all three processes decide, and order is kept',
      async () => {
        // So many that every process has some, for any assignment of shards.
        const users = 100;
        const options = {
          name: 'scaled',
          commands: SCALED_COMMANDS,
          users,
          pack: 4,
          rate: SCALED_RATE,
        };
        const run = await slowRun(faults(), options);
        await faults().system.actions.setPoolSize('transaction', 3);
        await until(async () => (await deciders(faults(), run)) === 3, {
          what: 'all three decide',
          timeoutMs: SCALED_MAX_MS,
          lookMs: LOOK_MS,
        });
        const scaling = faults().system.actions.setPoolSize('transaction', 1);
        expect(run.answered()).toBeLessThan(SCALED_COMMANDS);
        run.hurry();
        await scaling;
        await expectSound(faults(), run);
      },
      TEST_MS,
    );

    test(
      'shards are spread over three processes, and handed back',
      async () => {
        await faults().system.actions.setPoolSize('transaction', 3);
        await spread(faults(), { 'transaction-1': 6, 'transaction-2': 5, 'transaction-3': 5 });
        await faults().system.actions.setPoolSize('transaction', 1);
        await spread(faults(), { 'transaction-1': SHARDS });
      },
      TEST_MS,
    );

    test('a pool size of 0, or too large a one, is refused', async () => {
      await expect(faults().system.actions.setPoolSize('audit', 0)).rejects.toThrow(
        '1 to 8 processes',
      );
      await expect(faults().system.actions.setPoolSize('audit', 9)).rejects.toThrow(
        '1 to 8 processes',
      );
      await expect(faults().system.actions.setPoolSize('transaction', 32)).rejects.toThrow(
        'max_connections',
      );
    });
  });
}
