import { afterEach, describe, expect, test } from '@jest/globals';
import { ConfigError } from '../../../shared/runtime/errors.ts';
import { openMetricsServer, type MetricsServer } from '../../../shared/runtime/metrics-server.ts';
import { openMetrics } from '../../../shared/runtime/metrics.ts';

const opened: MetricsServer[] = [];
let isWell = true;

async function open(port = 0): Promise<MetricsServer> {
  const server = await openMetricsServer({
    metrics: openMetrics('audit-1'),
    health: () => ({ ok: isWell, status: 'told' }),
    bind: '127.0.0.1',
    port,
    pages: { '/targets': (host) => [host] },
  });
  opened.push(server);
  return server;
}

const get = ({ port }: MetricsServer, path: string): Promise<Response> =>
  fetch(`http://127.0.0.1:${port}${path}`);

afterEach(() => {
  isWell = true;
  for (const server of opened.splice(0)) server.close();
});

describe('the metrics and health of a process', () => {
  test('metrics are in the format of Prometheus', async () => {
    const response = await get(await open(), '/metrics');
    expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    expect(await response.text()).toMatch(/^process_resident_memory_bytes\{.*process="audit-1"/m);
  });

  test('health is 200 for a healthy process and 503 otherwise', async () => {
    const server = await open();
    const well = await get(server, '/health');
    expect([well.status, await well.json()]).toEqual([200, { ok: true, status: 'told' }]);
    isWell = false;
    const unwell = await get(server, '/health');
    expect([unwell.status, await unwell.json()]).toEqual([503, { ok: false, status: 'told' }]);
  });

  test('a page gets the host name of its request', async () => {
    expect(await (await get(await open(), '/targets?x=1')).json()).toEqual(['127.0.0.1']);
  });

  test('any other path is not found', async () => {
    const server = await open();
    expect((await get(server, '/')).status).toBe(404);
    expect((await get(server, '/constructor')).status).toBe(404);
  });

  test('a port in use is a configuration error', async () => {
    const { port } = await open();
    await expect(open(port)).rejects.toThrow(ConfigError);
    await expect(open(port)).rejects.toThrow(/METRICS_PORT=\d+: 127\.0\.0\.1 cannot be listened/);
  });
});
