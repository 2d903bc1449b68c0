import { describe, expect, test } from '@jest/globals';
import { openBatchMeter } from '../../../consumers/transaction/batch-meter.ts';
import type { Committed } from '../../../consumers/transaction/handle-batch.ts';
import type { LaneWork, Task } from '../../../consumers/transaction/task.ts';
import type { Outcome } from '../../../shared/messages/answer-message.ts';
import { openMetrics, type Metrics } from '../../../shared/runtime/metrics.ts';
import { Producer, taskOf } from '../../support/run-commands.ts';

const taskOfLines = (producer: Producer, ...lines: readonly string[]): Task => {
  const messages = lines.map((line) => producer.message(line));
  const [first] = messages;
  if (first === undefined) throw new Error('no line');
  const commands = messages.flatMap((message) => message.commands);
  return taskOf({ ...first, commands });
};

const laneOf = (task: Task, from: number, to: number): LaneWork => ({
  user: task.message.user,
  slices: [{ task, from, to }],
  quoteUnavailable: false,
});

const committedOf = (lanes: readonly LaneWork[], outcomes: readonly Outcome[][]): Committed => ({
  lanes: lanes.map(({ user, slices: [slice] }, index) => {
    if (slice === undefined) throw new Error('no slice');
    return { user, slices: [{ task: slice.task, outcomes: outcomes[index] ?? [] }] };
  }),
  now: 0,
  audit: undefined,
  dumps: false,
});

const series = async (metrics: Metrics, name: string): Promise<readonly string[]> =>
  (await metrics.getSingleMetricAsString(name))
    .split('\n')
    .filter((line) => !line.startsWith('#') && !line.endsWith(' 0'))
    .map((line) => line.replace(/,?process="transaction-1",pool="transaction"/, ''));

const accepted: Outcome = { is: 'accepted' };

describe('the meter of batches', () => {
  test('commands are counted by kind and outcome, from where the slice begins', async () => {
    const metrics = openMetrics('transaction-1');
    const meter = openBatchMeter(metrics);
    const task = taskOfLines(new Producer('s'), 'ADD,a,1.00', 'BUY,a,S,1.00', 'COMMIT_BUY,a');
    const lanes = [laneOf(task, 1, 3)];
    const rejected: Outcome = { is: 'rejected', reason: 'no-pending-buy' };
    await meter.measure(lanes, () => Promise.resolve(committedOf(lanes, [[accepted, rejected]])));
    expect(await series(metrics, 'daytrade_commands_total')).toEqual([
      'daytrade_commands_total{command="BUY",outcome="accepted"} 1',
      'daytrade_commands_total{command="COMMIT_BUY",outcome="rejected"} 1',
    ]);
    expect(await series(metrics, 'daytrade_rejections_total')).toEqual([
      'daytrade_rejections_total{reason="no-pending-buy"} 1',
    ]);
    expect(await series(metrics, 'daytrade_batch_commands')).toContain(
      'daytrade_batch_commands_sum{} 2',
    );
  });

  test('a batch that stopped for a quote counts what was decided', async () => {
    const metrics = openMetrics('transaction-1');
    const meter = openBatchMeter(metrics);
    const producer = new Producer('s');
    const lanes = [
      laneOf(taskOfLines(producer, 'ADD,a,1.00', 'QUOTE,a,S'), 0, 2),
      laneOf(taskOfLines(producer, 'ADD,b,1.00'), 0, 1),
    ];
    const outcomes: Outcome[][] = [[accepted], [{ is: 'done' }]];
    await meter.measure(lanes, () => Promise.resolve(committedOf(lanes, outcomes)));
    expect(await series(metrics, 'daytrade_commands_total')).toEqual([
      'daytrade_commands_total{command="ADD",outcome="accepted"} 1',
      'daytrade_commands_total{command="ADD",outcome="done"} 1',
    ]);
  });

  test('a trigger that fires at once when it is armed is a firing', async () => {
    const metrics = openMetrics('transaction-1');
    const meter = openBatchMeter(metrics);
    const lanes = [laneOf(taskOfLines(new Producer('s'), 'SET_BUY_TRIGGER,a,S,1.00'), 0, 1)];
    const armed: Outcome = { is: 'accepted', answer: { events: [{ type: 'BuyTriggerArmed' }] } };
    const fired: Outcome = {
      is: 'accepted',
      answer: { events: [{ type: 'BuyTriggerArmed' }, { type: 'BuyTriggerFired' }] },
    };
    await meter.measure(lanes, () => Promise.resolve(committedOf(lanes, [[armed]])));
    expect(await series(metrics, 'daytrade_triggers_fired_total')).toEqual([]);
    await meter.measure(lanes, () => Promise.resolve(committedOf(lanes, [[fired]])));
    expect(await series(metrics, 'daytrade_triggers_fired_total')).toEqual([
      'daytrade_triggers_fired_total{} 1',
    ]);
  });

  test('a batch that fails is told to whoever tries again, and counted apart', async () => {
    const metrics = openMetrics('transaction-1');
    const meter = openBatchMeter(metrics);
    const fault = new Error('the database is away');
    await expect(meter.measure([], () => Promise.reject(fault))).rejects.toBe(fault);
    expect(await series(metrics, 'daytrade_batches_failed_total')).toEqual([
      'daytrade_batches_failed_total{} 1',
    ]);
    expect(await series(metrics, 'daytrade_batch_seconds')).toEqual([]);
  });
});
