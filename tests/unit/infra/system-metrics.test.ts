import { expect, test } from '@jest/globals';
import { processTargets } from '../../../infra/supervisor/system-metrics.ts';

test('each process is a target of its own, whose instance stays the same across restarts', () => {
  const of = (port: number) => ({ name: 'web-1', metricsPort: () => port });
  const at = { host: '10.0.0.1', port: 9464 };
  const stopped = { name: 'web-2', metricsPort: () => undefined };
  expect(processTargets(at, [of(4_001), stopped])).toEqual([
    {
      targets: ['10.0.0.1:9464'],
      labels: { process: 'supervisor', instance: '10.0.0.1:9464/supervisor' },
    },
    { targets: ['10.0.0.1:4001'], labels: { process: 'web-1', instance: '10.0.0.1:9464/web-1' } },
  ]);
  expect(processTargets(at, [of(4_002)])[1]?.labels).toEqual({
    process: 'web-1',
    instance: '10.0.0.1:9464/web-1',
  });
});
