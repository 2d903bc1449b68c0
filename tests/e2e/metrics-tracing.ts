/** Follows one command through every process by its trace. */
import { expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestSystem } from '../support/test-system.ts';
import { until } from '../support/until.ts';

type Span = {
  readonly process: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
};

type Request = {
  readonly resourceSpans: readonly {
    readonly resource: {
      readonly attributes: readonly { readonly value: { readonly stringValue: string } }[];
    };
    readonly scopeSpans: readonly { readonly spans: readonly Omit<Span, 'process'>[] }[];
  }[];
};

function readSpans(home: string): readonly Span[] {
  const folder = join(home, 'traces');
  return readdirSync(folder)
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').trimEnd().split('\n'))
    .filter((line) => line !== '')
    .flatMap((line) => (JSON.parse(line) as Request).resourceSpans)
    .flatMap(({ resource, scopeSpans }) => {
      const process = resource.attributes[0]?.value.stringValue ?? '';
      return scopeSpans.flatMap(({ spans }) => spans.map((span) => ({ ...span, process })));
    });
}

const POOLS = ['send', 'transaction', 'quote', 'trigger', 'audit'];
const poolOf = ({ process }: Span): string => process.replace(/-\d+$/, '');

/** Tests a system that writes its traces to files. */
export function describeTracing(running: () => TestSystem): void {
  test('a command that needs a quote has its spans in every process, each below one of another', async () => {
    const system = running();
    const old = await until(() => readSpans(system.home), { what: 'no span is half written' });
    const before = new Set(old.map(({ traceId }) => traceId));
    await system.daytrade(['send', 'QUOTE,alice,XYZ']);
    const spans = await until(
      () => {
        const found = readSpans(system.home).filter(({ traceId }) => !before.has(traceId));
        const { traceId } = found.find((span) => poolOf(span) === 'send') ?? {};
        const ofCommand = found.filter((span) => span.traceId === traceId);
        const pools = new Set(ofCommand.map(poolOf));
        return Promise.resolve(POOLS.every((pool) => pools.has(pool)) && ofCommand);
      },
      { what: 'every process has written its spans' },
    );
    const ids = new Set(spans.map(({ spanId }) => spanId));
    const roots = spans.filter(({ parentSpanId }) => parentSpanId === undefined);
    expect(roots.map(poolOf)).toEqual(['send']);
    expect(spans.filter(({ parentSpanId = '' }) => !ids.has(parentSpanId))).toEqual(roots);
    expect(spans.map(({ name }) => name)).toContain('process audit.events');
  }, 240_000);
}
