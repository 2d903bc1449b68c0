/** Exports spans as OTLP in JSON. OpenTelemetry's own exporters need a newer Node.js than this system. */
import { ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-node';

type SendSpans = (body: string) => Promise<void>;

/** Calls `send` with a whole OTLP request each time. Spans that cannot be sent are lost. */
export const openSpanExporter = (name: string, send: SendSpans): SpanExporter => ({
  export: (spans, done) => {
    send(JSON.stringify(requestOf(name, spans))).then(
      () => done({ code: ExportResultCode.SUCCESS }),
      (error: unknown) =>
        done({ code: ExportResultCode.FAILED, ...(error instanceof Error && { error }) }),
    );
  },
  shutdown: () => Promise.resolve(),
});

const requestOf = (name: string, spans: readonly ReadableSpan[]): object => ({
  resourceSpans: [
    {
      resource: { attributes: attributesOf({ 'service.name': name }) },
      scopeSpans: [{ scope: { name: 'daytrade' }, spans: spans.map(spanOf) }],
    },
  ],
});

function spanOf(span: ReadableSpan): object {
  const { traceId, spanId } = span.spanContext();
  const parent = span.parentSpanContext?.spanId;
  return {
    traceId,
    spanId,
    ...(parent !== undefined && { parentSpanId: parent }),
    name: span.name,
    // OTLP counts kinds from 1, the API from 0.
    kind: span.kind + 1,
    startTimeUnixNano: nanosOf(span.startTime),
    endTimeUnixNano: nanosOf(span.endTime),
    attributes: attributesOf(span.attributes),
  };
}

const nanosOf = ([seconds, nanos]: readonly [number, number]): string =>
  `${seconds}${nanos.toString().padStart(9, '0')}`;

const attributesOf = (attributes: Readonly<Record<string, unknown>>): readonly object[] =>
  Object.entries(attributes).map(([key, value]) => ({
    key,
    value: { stringValue: String(value) },
  }));
