/** Bars, which scale with the page and need no script. Pure. */
import { escapeHtml } from '../../shared/runtime/escape-html.ts';

export type Bar = { readonly label: string; readonly values: readonly number[] };

/** The number of colours in the style. */
const COLOURS = 10;
/** The smallest share whose number fits into its part of a bar. */
const SHOWN_SHARE = 0.06;

const colourOf = (index: number): string => `--c:var(--series-${index % COLOURS})`;

const figure = (title: string, rows: readonly string[]): string =>
  `<figure aria-label="${escapeHtml(title)}">${rows.join('')}</figure>`;

const row = (label: string, content: string): string =>
  `<div class="row"><span class="name">${escapeHtml(label)}</span>${content}</div>`;

const bar = (parts: readonly { share: number; index: number }[], text: string): string =>
  `<div class="bar">${parts
    .map(({ share, index }) => `<i style="--w:${share.toFixed(4)};${colourOf(index)}"></i>`)
    .join('')}<span>${escapeHtml(text)}</span></div>`;

/** Renders a group of bars for each label, one for each series, on one scale. */
export function barChart(
  title: string,
  bars: readonly Bar[],
  show: (value: number) => string,
): string {
  const most = Math.max(1e-9, ...bars.flatMap(({ values }) => values));
  const rows = bars.map(({ label, values }) => {
    const each = values.map((value, index) => bar([{ share: value / most, index }], show(value)));
    return row(label, `<div>${each.join('')}</div>`);
  });
  return figure(title, rows);
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** Renders one bar for each label, which consists of its parts, on one scale. `show` gets all of them. */
export function stackedChart(
  title: string,
  bars: readonly Bar[],
  show: (values: readonly number[]) => string,
): string {
  const most = Math.max(1e-9, ...bars.map(({ values }) => sumOf(values)));
  const rows = bars.map(({ label, values }) => {
    const parts = values.map((value, index) => ({ share: value / most, index }));
    return row(label, bar(parts, show(values)));
  });
  return figure(title, rows);
}

/** Renders one bar for each label, with its parts side by side; all bars have one length. */
export function shareChart(title: string, bars: readonly Bar[]): string {
  const rows = bars.map(({ label, values }) => {
    const sum = sumOf(values);
    const parts = values.map((value, index) => {
      const share = sum === 0 ? 0 : value / sum;
      const text = share < SHOWN_SHARE ? '' : `${(100 * share).toFixed(0)} %`;
      return `<i style="width:${(100 * share).toFixed(2)}%;${colourOf(index)}">${text}</i>`;
    });
    return row(label, `<div class="track">${parts.join('')}</div>`);
  });
  return figure(title, rows);
}

/** Names the colours of the series, in their order. */
export const legend = (names: readonly string[]): string =>
  `<p class="legend">${names
    .map((name, index) => `<span style="${colourOf(index)}">${escapeHtml(name)}</span>`)
    .join(' ')}</p>`;
