/** Traces of commands through every process; off unless `TRACES` says where they go. */
import type { Config } from './config.ts';

/** A span as W3C writes it; a message carries it in its header `traceparent`. */
export type TraceParent = string;

export type SpanStart = {
  readonly kind: 'publish' | 'process';
  /** The exchange and key, or the queue. */
  readonly destination: string;
  readonly messageId: string;
  /** One span is started for each: a message may carry what several commands did. */
  readonly parents: readonly TraceParent[];
};

export interface Spans {
  /** What whoever goes on from here has as its parents. */
  readonly parents: readonly TraceParent[];
  end(): void;
}

export interface Tracer {
  /** Without a parent it begins a trace. */
  start(span: SpanStart): Spans;
  /** Resolves when what has ended is written. */
  close(): Promise<void>;
}

/** Undefined where traces are off: nothing is loaded then, and nothing is asked a message. */
export async function openTracer(
  name: string,
  { traces, home }: Pick<Config, 'traces' | 'home'>,
): Promise<Tracer | undefined> {
  if (traces === undefined) return undefined;
  const { openTelemetry } = await import('./open-telemetry.ts');
  return openTelemetry({ name, traces, home });
}

/** The header's text; several have commas between. */
export const joinParents = (parents: readonly TraceParent[]): string => parents.join(',');

export const splitParents = (header: unknown): readonly TraceParent[] =>
  typeof header === 'string' ? header.split(',') : [];
