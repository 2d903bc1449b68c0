/** Traces of commands through all processes; off unless `TRACES` names a target. */

/** A parent span in W3C's format. A message has those of its commands in its header `traceparent`. */
export type TraceParent = string;

export type SpanStart = {
  readonly kind: 'publish' | 'process';
  /** The exchange and key, or the queue. */
  readonly destination: string;
  readonly messageId: string;
  /** One span is started for each, because a message may serve several commands; if empty, a new trace. */
  readonly parents: readonly TraceParent[];
};

export interface Spans {
  /** The started spans, as the parents of those that continue the trace. */
  readonly parents: readonly TraceParent[];
  end(): void;
}

export interface Tracer {
  /** Starts a span for each parent; without a parent, a span of a new trace. */
  start(span: SpanStart): Spans;
  /** Resolves once all ended spans are written. */
  close(): Promise<void>;
}

/** Renders parents as the text of the header, separated by commas. */
export const joinParents = (parents: readonly TraceParent[]): string => parents.join(',');

/** Parses the header; without a text in it there are no parents. */
export const splitParents = (header: unknown): readonly TraceParent[] =>
  typeof header === 'string' ? header.split(',') : [];
