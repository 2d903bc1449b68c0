/** Renders the sentence of an alert from Prometheus's template. Pure. */
import type { LabelledValue } from './snapshot.ts';

const PLACEHOLDER = /\{\{ *(.+?) *\}\}/g;

/** Throws a `SyntaxError` for a placeholder that the rules do not use. */
export const renderAlert = (template: string, { labels, value }: LabelledValue): string =>
  template.replaceAll(PLACEHOLDER, (_, asked: string) => {
    const [, label] = /^\$labels\.(\w+)$/.exec(asked) ?? [];
    if (label !== undefined) return labels[label] ?? '';
    if (asked === '$value | printf "%.0f"') return value.toFixed(0);
    if (asked === '$value | humanizeDuration') return renderDuration(value);
    throw new SyntaxError(`${template}: ${asked} is not understood`);
  });

/** Renders whole seconds as `5m 0s`. */
function renderDuration(seconds: number): string {
  const whole = Math.floor(seconds);
  const parts = [
    [Math.floor(whole / 3_600), 'h'],
    [Math.floor(whole / 60) % 60, 'm'],
    [whole % 60, 's'],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  return parts
    .slice(first === -1 ? 2 : first)
    .map(([count, unit]) => `${count}${unit}`)
    .join(' ');
}
