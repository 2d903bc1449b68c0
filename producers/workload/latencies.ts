/** Measures latencies from publishing a message to its answer, per command name and for all messages. */
import { build, type Histogram } from 'hdr-histogram-js';

export type Latency = {
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
};

export interface Latencies {
  /** Records the latency of a message, and the same latency for each of its commands. */
  record(names: readonly string[], latencyMs: number): void;
  /** Returns the latency of all messages. */
  ofMessages(): Latency;
  ofCommand(name: string): Latency;
}

const HOUR_US = 3_600_000_000;
const newHistogram = (): Histogram =>
  build({ highestTrackableValue: HOUR_US, numberOfSignificantValueDigits: 3 });

export function openLatencies(): Latencies {
  const messages = newHistogram();
  const commands = new Map<string, Histogram>();
  const histogramOf = (name: string): Histogram => {
    const known = commands.get(name) ?? newHistogram();
    commands.set(name, known);
    return known;
  };
  return {
    record: (names, latencyMs) => {
      const us = Math.min(HOUR_US, Math.max(1, Math.round(latencyMs * 1_000)));
      messages.recordValue(us);
      for (const name of names) histogramOf(name).recordValue(us);
    },
    ofMessages: () => latencyOf(messages),
    ofCommand: (name) => latencyOf(histogramOf(name)),
  };
}

const ms = (us: number): number => Math.round(us) / 1_000;

const latencyOf = (histogram: Histogram): Latency => ({
  meanMs: ms(histogram.mean),
  p50Ms: ms(histogram.getValueAtPercentile(50)),
  p99Ms: ms(histogram.getValueAtPercentile(99)),
  p999Ms: ms(histogram.getValueAtPercentile(99.9)),
});
