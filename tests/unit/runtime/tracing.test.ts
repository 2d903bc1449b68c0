import { expect, test } from '@jest/globals';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deferred } from '../../../shared/runtime/deferred.ts';
import { joinParents, splitParents } from '../../../shared/runtime/tracing.ts';
import { openTracer } from '../../../shared/runtime/open-tracer.ts';

const PARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const OTHER = '00-1af7651916cd43dd8448eb211c80319c-c7ad6b7169203331-01';

test('without TRACES there is no tracer', async () => {
  expect(await openTracer('quote-1', { traces: undefined, home: '/nowhere' })).toBeUndefined();
});

test('a collector is sent a span for each parent, with its trace and its parent', async () => {
  const posted = deferred<string>();
  const collector = createServer((request, response) => {
    let body = '';
    request.on('data', (piece: Buffer) => (body += piece.toString()));
    request.on('end', () => {
      response.end('{}');
      posted.resolve(body);
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const { port } = collector.address() as AddressInfo;
  const traces = `http://127.0.0.1:${port}/v1/traces`;
  const tracer = await openTracer('audit-1', { traces, home: '/nowhere' });
  const header = joinParents([PARENT, OTHER]);
  const spans = tracer?.start({
    kind: 'process',
    destination: 'audit.events',
    messageId: 'm-1',
    parents: splitParents(header),
  });
  spans?.end();
  await tracer?.close();
  const { resourceSpans } = JSON.parse(await posted.promise) as {
    resourceSpans: { scopeSpans: { spans: object[] }[] }[];
  };
  expect(resourceSpans[0]).toMatchObject({
    resource: { attributes: [{ key: 'service.name', value: { stringValue: 'audit-1' } }] },
  });
  expect(resourceSpans[0]?.scopeSpans[0]?.spans).toMatchObject([
    { traceId: PARENT.split('-')[1], parentSpanId: PARENT.split('-')[2], kind: 5 },
    { traceId: OTHER.split('-')[1], parentSpanId: OTHER.split('-')[2], kind: 5 },
  ]);
  expect(spans?.parents.map((parent) => parent.split('-')[1])).toEqual([
    PARENT.split('-')[1],
    OTHER.split('-')[1],
  ]);
  collector.close();
});

test('an invalid header starts a new trace', async () => {
  const tracer = await openTracer('send', { traces: 'http://127.0.0.1:1', home: '/nowhere' });
  const spans = tracer?.start({
    kind: 'publish',
    destination: 'intake',
    messageId: 'm-1',
    parents: ['nonsense'],
  });
  expect(spans?.parents).toEqual([expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)]);
});
