/** Charts as inline SVG. Pure. */
import { escapeHtml } from '../../shared/runtime/escape-html.ts';

export type Bar = { readonly label: string; readonly values: readonly number[] };
export type Line = {
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
};

const COLOURS = [
  ...['#2b6cb0', '#dd6b20', '#2f855a', '#805ad5', '#b83280', '#718096'],
  ...['#d69e2e', '#319795', '#c53030', '#4a5568'],
];
export const colourOf = (index: number): string => COLOURS[index % COLOURS.length] ?? '#000';

const WIDTH = 760;
const LEFT = 210;
const BAR_HEIGHT = 16;
const GAP = 12;

const svg = (height: number, title: string, content: string): string =>
  `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escapeHtml(title)}">${content}</svg>`;

const text = (x: number, y: number, content: string, more = ''): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${more}>${escapeHtml(content)}</text>`;

/** A group of bars for each label, one a series, on one scale. */
export function barChart(
  title: string,
  bars: readonly Bar[],
  show: (value: number) => string,
): string {
  const most = Math.max(1e-9, ...bars.flatMap(({ values }) => values));
  let y = GAP;
  let content = '';
  for (const { label, values } of bars) {
    content += text(LEFT - 8, y + (values.length * BAR_HEIGHT) / 2 + 4, label, 'text-anchor="end"');
    values.forEach((value, index) => {
      const width = ((WIDTH - LEFT - 90) * value) / most;
      content += `<rect x="${LEFT}" y="${y}" width="${width.toFixed(1)}" height="${BAR_HEIGHT - 2}" fill="${colourOf(index)}"/>`;
      content += text(LEFT + width + 6, y + BAR_HEIGHT - 5, show(value));
      y += BAR_HEIGHT;
    });
    y += GAP;
  }
  return svg(y, title, content);
}

/** One bar for each label, its parts side by side, all bars of one length. */
export function shareChart(title: string, bars: readonly Bar[]): string {
  let content = '';
  bars.forEach(({ label, values }, row) => {
    const y = GAP + row * (BAR_HEIGHT + GAP + 6);
    const sum = values.reduce((total, value) => total + value, 0);
    let x = LEFT;
    content += text(LEFT - 8, y + BAR_HEIGHT - 3, label, 'text-anchor="end"');
    values.forEach((value, index) => {
      const width = sum === 0 ? 0 : ((WIDTH - LEFT - 10) * value) / sum;
      content += `<rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${BAR_HEIGHT + 4}" fill="${colourOf(index)}"/>`;
      if (width > 34) {
        const share = `${((100 * value) / sum).toFixed(0)} %`;
        content += text(
          x + width / 2,
          y + BAR_HEIGHT - 1,
          share,
          'text-anchor="middle" fill="#fff"',
        );
      }
      x += width;
    });
  });
  return svg(GAP + bars.length * (BAR_HEIGHT + GAP + 6), title, content);
}

const LINE_HEIGHT = 260;
const AXIS = 60;

/** Lines over one x axis; both axes begin at nought. */
export function lineChart(
  title: string,
  lines: readonly Line[],
  units: { readonly x: string; readonly y: string },
): string {
  const all = lines.flatMap(({ points }) => points);
  const xMost = Math.max(1e-9, ...all.map(({ x }) => x));
  const yMost = Math.max(1e-9, ...all.map(({ y }) => y));
  const px = (x: number): number => AXIS + ((WIDTH - AXIS - 20) * x) / xMost;
  const py = (y: number): number => LINE_HEIGHT - 40 - ((LINE_HEIGHT - 60) * y) / yMost;
  const axes = [0, 0.25, 0.5, 0.75, 1].map(
    (share) =>
      `<line x1="${AXIS}" x2="${WIDTH - 20}" y1="${py(share * yMost).toFixed(1)}" y2="${py(share * yMost).toFixed(1)}" stroke="#ddd"/>` +
      text(AXIS - 6, py(share * yMost) + 4, (share * yMost).toFixed(0), 'text-anchor="end"') +
      text(px(share * xMost), LINE_HEIGHT - 22, (share * xMost).toFixed(1), 'text-anchor="middle"'),
  );
  const drawn = lines.map(({ points }, index) => {
    const path = points.map(({ x, y }) => `${px(x).toFixed(1)},${py(y).toFixed(1)}`).join(' ');
    return `<polyline fill="none" stroke="${colourOf(index)}" stroke-width="2" points="${path}"/>`;
  });
  const labels =
    text(AXIS - 6, 12, units.y, 'text-anchor="end"') +
    text(WIDTH - 20, LINE_HEIGHT - 6, units.x, 'text-anchor="end"');
  return svg(LINE_HEIGHT, title, axes.join('') + drawn.join('') + labels);
}

export const legend = (names: readonly string[]): string =>
  `<p class="legend">${names
    .map((name, index) => `<span style="--c:${colourOf(index)}">${escapeHtml(name)}</span>`)
    .join(' ')}</p>`;
