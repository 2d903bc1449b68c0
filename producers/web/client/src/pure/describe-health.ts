/** Says in a sentence how the system is. */
import type { OperationsAlert, OperationsView } from '../../../../../shared/web-api/operations.ts';

export type SystemHealth = { readonly tone: 'good' | 'warn' | 'bad'; readonly sentence: string };

/** Figures of this age are late: the next sample should have come. */
export const STALE_AFTER_SAMPLES = 3;

/** `ageMs` is how long ago the last sample came. */
export function describeHealth(
  { alerts, everyMs }: Pick<OperationsView, 'alerts' | 'everyMs'>,
  ageMs: number,
): SystemHealth {
  if (ageMs > STALE_AFTER_SAMPLES * everyMs) {
    const text = `No figures have come for ${describeAge(ageMs)}. What follows is what was last known.`;
    return { tone: 'warn', sentence: text };
  }
  const firing = alerts.filter((alert) => alert.firing);
  if (firing.length > 0) return { tone: 'bad', sentence: listed(firing, 'are wrong') };
  if (alerts.length === 0) return { tone: 'good', sentence: 'Nothing is wrong.' };
  const listing = listed(alerts, 'may be wrong');
  return { tone: 'warn', sentence: alerts.length === 1 ? `Perhaps: ${listing}` : listing };
}

const listed = (alerts: readonly OperationsAlert[], are: string): string =>
  alerts.length === 1
    ? `${alerts[0]?.summary ?? ''}.`
    : `${alerts.length} things ${are}: ${alerts.map(({ summary }) => summary).join('; ')}.`;

/** `40 s`, `12 min`, `2 h`. */
export function describeAge(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

/** Splits a text of the runbook at its backquotes: every second part is code. */
export const partsOf = (text: string): readonly string[] => text.split('`');
