import { expect, test } from '@jest/globals';
import { openFateMeter } from '../../../shared/amqp/fate-meter.ts';
import { openMetrics } from '../../../shared/runtime/metrics.ts';

test('the fates of all queues of one kind are counted together', async () => {
  const metrics = openMetrics('transaction-1');
  const meter = openFateMeter(metrics);
  meter.countsOf('commands.shard.00').done += 2;
  meter.countsOf('commands.shard.01').held += 3;
  meter.countsOf('replies.transaction-1.some-id').parked += 1;
  const text = await metrics.getSingleMetricAsString('daytrade_message_fates_total');
  const series = text.split('\n').filter((line) => !line.startsWith('#') && !line.endsWith(' 0'));
  expect(series.map((line) => line.replace(/,process=.*}/, '}'))).toEqual([
    'daytrade_message_fates_total{queue="commands",fate="done"} 2',
    'daytrade_message_fates_total{queue="commands",fate="held"} 3',
    'daytrade_message_fates_total{queue="replies",fate="parked"} 1',
  ]);
});
