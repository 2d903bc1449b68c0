/** Opens the tracer that the configuration asks for. */
import type { Config } from './config.ts';
import type { Tracer } from './tracing.ts';

/** Opens the tracer; undefined if traces are off. OpenTelemetry is loaded only if they are on. */
export async function openTracer(
  name: string,
  { traces, home }: Pick<Config, 'traces' | 'home'>,
): Promise<Tracer | undefined> {
  if (traces === undefined) return undefined;
  const { openTelemetry } = await import('./open-telemetry.ts');
  return openTelemetry({ name, traces, home });
}
