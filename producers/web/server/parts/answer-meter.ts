/** Measures how long web requests wait for the answers to their commands. */
import { Histogram, type Metrics } from '../../../../shared/runtime/metrics.ts';

export interface AnswerMeter {
  observe(latencyMs: number): void;
}

/** From an idle system's few milliseconds to the deadline of a command. */
const SECONDS = [0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10];

export function openAnswerMeter(metrics: Metrics): AnswerMeter {
  const seconds = new Histogram({
    name: 'daytrade_answer_seconds',
    help: 'How long a web request waited for the answer to its command.',
    buckets: SECONDS,
    registers: [metrics],
  });
  return { observe: (latencyMs) => seconds.observe(latencyMs / 1_000) };
}
