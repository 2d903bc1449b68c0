/** The tracer on OpenTelemetry, used if traces are on. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  ROOT_CONTEXT,
  SpanKind,
  trace,
  TraceFlags,
  type Context,
  type Span,
} from '@opentelemetry/api';
import { parseTraceParent } from '@opentelemetry/core';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { openRotatingFile } from './rotating-file.ts';
import { openSpanExporter } from './span-exporter.ts';
import type { SpanStart, TraceParent, Tracer } from './tracing.ts';

type TelemetryOptions = {
  /** The name of this process. */
  readonly name: string;
  /** `file`, or the URL of a collector that takes OTLP over HTTP. */
  readonly traces: string;
  readonly home: string;
};

const WRITE_EVERY_MS = 500;
const KINDS = { publish: SpanKind.PRODUCER, process: SpanKind.CONSUMER };

/** Opens a tracer that writes spans in batches, to a file in `home` or to a collector. */
export function openTelemetry({ name, traces, home }: TelemetryOptions): Tracer {
  const exporter = openSpanExporter(name, traces === 'file' ? toFile(home, name) : toUrl(traces));
  const processor = new BatchSpanProcessor(exporter, { scheduledDelayMillis: WRITE_EVERY_MS });
  const provider = new NodeTracerProvider({ spanProcessors: [processor] });
  const tracer = provider.getTracer('daytrade');
  const begin = ({ kind, destination, messageId }: SpanStart, parent: Context): Span =>
    tracer.startSpan(
      `${kind} ${destination}`,
      {
        kind: KINDS[kind],
        attributes: {
          'messaging.system': 'rabbitmq',
          'messaging.destination.name': destination,
          'messaging.message.id': messageId,
        },
      },
      parent,
    );
  return {
    start: (start) => {
      const contexts = start.parents.map(contextOf);
      const spans = (contexts.length === 0 ? [ROOT_CONTEXT] : contexts).map((parent) =>
        begin(start, parent),
      );
      return {
        parents: spans.map(parentOf),
        end: () => {
          for (const span of spans) span.end();
        },
      };
    },
    close: () => provider.shutdown(),
  };
}

/** Writes to one file per process, rotated like its log. */
function toFile(home: string, name: string): (line: string) => Promise<void> {
  const folder = join(home, 'traces');
  mkdirSync(folder, { recursive: true });
  const file = openRotatingFile(join(folder, `${name}.jsonl`));
  return (line) => {
    file.append(`${line}\n`);
    return Promise.resolve();
  };
}

const SEND_MAX_MS = 5_000;

const toUrl =
  (url: string) =>
  async (body: string): Promise<void> => {
    const headers = { 'content-type': 'application/json' };
    const signal = AbortSignal.timeout(SEND_MAX_MS);
    const response = await fetch(url, { method: 'POST', headers, body, signal });
    if (!response.ok) throw new Error(`the collector answered ${response.status}`);
  };

/** Returns the context of a parent span; an invalid one starts a new trace. */
function contextOf(parent: TraceParent): Context {
  const remote = parseTraceParent(parent);
  if (remote === null) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, { ...remote, isRemote: true });
}

function parentOf(span: Span): TraceParent {
  const { traceId, spanId, traceFlags } = span.spanContext();
  const flags = (traceFlags & TraceFlags.SAMPLED).toString(16).padStart(2, '0');
  return `00-${traceId}-${spanId}-${flags}`;
}
