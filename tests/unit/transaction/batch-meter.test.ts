import { beforeEach, describe, expect, test } from '@jest/globals';
import { handleBatch, type Committed } from '../../../consumers/transaction/commit-batch.ts';
import { openBatchMeter, type BatchMeter } from '../../../consumers/transaction/batch-meter.ts';
import type { LaneWork } from '../../../consumers/transaction/lanes.ts';
import { instant } from '../../../shared/domain/time.ts';
import type { UserCommands } from '../../../shared/messages/command-message.ts';
import type { ReceivedQuote } from '../../../shared/domain/quote.ts';
import { openMetrics, type Metrics } from '../../../shared/runtime/metrics.ts';
import { MemoryDatabase } from '../../support/memory-database.ts';
import { quoteOf } from '../../support/quote-names.ts';
import { contextOf, Producer, taskOf } from '../../support/run-commands.ts';

let database: MemoryDatabase;
let producer: Producer;
let metrics: Metrics;
let meter: BatchMeter;
let known: ReceivedQuote | undefined;

beforeEach(() => {
  database = new MemoryDatabase(() => 1_000);
  producer = new Producer('run');
  metrics = openMetrics('transaction-1');
  meter = openBatchMeter(metrics);
  known = quoteOf('ABC', 1_000);
});

/** Runs messages as one batch with a lane for each, and measures it. */
function run(
  messages: readonly UserCommands[],
  { quoteWait = 'none' }: Partial<Pick<LaneWork, 'quoteWait'>> = {},
): Promise<Committed> {
  const lanes = messages.map((message) => ({
    user: message.user,
    slices: [{ task: taskOf(message), from: 0, to: message.commands.length }],
    quoteWait,
  }));
  const context = { ...contextOf({ price: 1n }), freshQuote: () => known };
  return meter.measure(() => handleBatch(database.session().batches, lanes, context));
}

/** Makes one message of lines of one user. */
function pack(...lines: readonly string[]): UserCommands {
  const messages = lines.map((line) => producer.message(line));
  const [first] = messages;
  if (first === undefined) throw new Error('no line');
  return { ...first, commands: messages.flatMap(({ commands }) => commands) };
}

const series = async (name: string): Promise<readonly string[]> =>
  (await metrics.getSingleMetricAsString(name))
    .split('\n')
    .filter((line) => !line.startsWith('#') && !line.endsWith(' 0'))
    .map((line) => line.replace(/,?process="transaction-1",pool="transaction"/, ''));

describe('the meter of batches', () => {
  test('commands are counted by kind and outcome', async () => {
    await run([pack('ADD,a,9.00')]);
    await run([pack('BUY,a,ABC,1.00', 'COMMIT_BUY,a', 'COMMIT_BUY,a')]);
    expect(await series('daytrade_commands_total')).toEqual([
      'daytrade_commands_total{command="ADD",outcome="accepted"} 1',
      'daytrade_commands_total{command="BUY",outcome="accepted"} 1',
      'daytrade_commands_total{command="COMMIT_BUY",outcome="accepted"} 1',
      'daytrade_commands_total{command="COMMIT_BUY",outcome="rejected"} 1',
    ]);
    expect(await series('daytrade_rejections_total')).toEqual([
      'daytrade_rejections_total{reason="no-pending-buy"} 1',
    ]);
    expect(await series('daytrade_batch_commands')).toContain('daytrade_batch_commands_sum{} 4');
  });

  test('a batch that stopped for a quote counts what was decided', async () => {
    const first = pack('ADD,b,1.00');
    await run([first]);
    await run([pack('ADD,b,1.00')]);
    known = undefined;
    await run([pack('ADD,a,1.00', 'QUOTE,a,ABC'), first]);
    expect(await series('daytrade_commands_total')).toEqual([
      'daytrade_commands_total{command="ADD",outcome="accepted"} 3',
      'daytrade_commands_total{command="ADD",outcome="done"} 1',
    ]);
    expect(await series('daytrade_batch_commands')).toContain('daytrade_batch_commands_sum{} 4');
  });

  test('a trigger that fires at once when it is armed is a firing, once', async () => {
    await run([pack('ADD,a,9.00', 'SET_BUY_AMOUNT,a,ABC,5.00', 'SET_BUY_TRIGGER,a,ABC,0.50')]);
    expect(await series('daytrade_triggers_fired_total')).toEqual([]);
    const firing = pack('SET_BUY_TRIGGER,a,ABC,1.00');
    await run([firing]);
    await run([firing]);
    expect(await series('daytrade_triggers_fired_total')).toEqual([
      'daytrade_triggers_fired_total{} 1',
    ]);
  });

  test('a batch that fails rejects for its caller to try again, and is counted apart', async () => {
    const fault = new Error('the database is away');
    await expect(meter.measure(() => Promise.reject(fault))).rejects.toBe(fault);
    expect(await series('daytrade_batches_failed_total')).toEqual([
      'daytrade_batches_failed_total{} 1',
    ]);
    expect(await series('daytrade_batch_seconds')).toEqual([]);
  });
});

describe('the look-ups of quotes', () => {
  const hits = (count: number): readonly string[] => [
    `daytrade_quote_lookups_total{level="1",result="hit"} ${count}`,
  ];
  const lookUps = (): Promise<readonly string[]> => series('daytrade_quote_lookups_total');

  beforeEach(async () => {
    await run([pack('ADD,a,100.00')]);
  });

  test('a command that needs no quote makes none', async () => {
    await run([pack('SET_BUY_AMOUNT,a,ABC,10.00', 'CANCEL_SET_BUY,a,ABC')]);
    await run([pack('SET_SELL_AMOUNT,a,ABC,10.00', 'CANCEL_SET_SELL,a,ABC')]);
    expect(await lookUps()).toEqual([]);
  });

  test('a command that is rejected before it needs a quote makes none', async () => {
    await run([pack('BUY,a,ABC,1000.00', 'SET_BUY_TRIGGER,a,ABC,1.00'), pack('BUY,b,ABC,1.00')]);
    expect(await lookUps()).toEqual([]);
  });

  test('a BUY makes one, accepted or rejected', async () => {
    await run([pack('BUY,a,ABC,10.00')]);
    expect(await lookUps()).toEqual(hits(1));
    await run([pack('BUY,a,ABC,0.50')]);
    expect(await lookUps()).toEqual(hits(2));
  });

  test('a command that comes again makes none', async () => {
    const buy = pack('BUY,a,ABC,10.00');
    await run([buy]);
    await run([buy]);
    expect(await lookUps()).toEqual(hits(1));
  });

  test('a BUY that had to wait makes one too, which did not find its quote', async () => {
    known = undefined;
    const buy = pack('BUY,a,ABC,10.00');
    const { lanes } = await run([buy]);
    expect(lanes[0]?.needs?.symbol).toBe('ABC');
    expect(await lookUps()).toEqual([]);
    known = quoteOf('ABC', 1_000);
    await run([buy], { quoteWait: 'arrived' });
    expect(await lookUps()).toEqual(['daytrade_quote_lookups_total{level="1",result="miss"} 1']);
  });

  test('a decision takes its quote from one look-up', async () => {
    let asked = 0;
    const message = pack('BUY,a,ABC,10.00');
    const lane = {
      user: message.user,
      slices: [{ task: taskOf(message), from: 0, to: 1 }],
      quoteWait: 'none' as const,
    };
    await handleBatch(database.session().batches, [lane], {
      ...contextOf({ price: 1n }),
      freshQuote: (symbol, now) => {
        asked += 1;
        return quoteOf(symbol, instant(now));
      },
    });
    expect(asked).toBe(1);
  });
});
