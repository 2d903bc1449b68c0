/** Pages that open anywhere: one file that loads nothing, from `file:` or from a mail. */
import type { Timeline } from '../../shared/web-api/timeline.ts';
import { escapeHtml } from '../../shared/runtime/escape-html.ts';
import { STYLE } from './style.ts';
import { chartScripts, renderTimeline } from './timelines.ts';

export type PageSection = {
  readonly title: string;
  /** Tells how to read the section; empty if nothing needs telling. */
  readonly note: string;
  /** HTML. */
  readonly content: string;
  /** Charts over time, below the content. */
  readonly timelines?: readonly Timeline[];
};

/** A figure that a reader should see first. */
export type Tile = { readonly label: string; readonly value: string; readonly note: string };

export type HtmlPage = {
  readonly title: string;
  /** The HTML below the title, with the most important facts. */
  readonly lead: string;
  readonly sections: readonly PageSection[];
};

/** Forbids every request, so that a page shows the same with and without a network. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

export function renderHtmlPage({ title, lead, sections }: HtmlPage): string {
  const hasCharts = sections.some(({ timelines = [] }) => timelines.length > 0);
  const { script, licence } = hasCharts ? chartScripts() : { script: '', licence: '' };
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}
</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
${lead}
${sections.map(renderSection).join('\n')}
${licence}
${script}
</body>
</html>
`;
}

const renderSection = ({ title, note, content, timelines = [] }: PageSection): string =>
  `<section>
<h2>${escapeHtml(title)}</h2>
${note === '' ? '' : paragraph(note, 'note')}
${content}
${timelines.map(renderTimeline).join('\n')}
</section>`;

export const paragraph = (text: string, kind: 'lead' | 'note' | 'good' | 'bad'): string =>
  `<p class="${kind}">${escapeHtml(text)}</p>`;

export const renderTiles = (tiles: readonly Tile[]): string =>
  `<div class="tiles">${tiles
    .map(
      ({ label, value, note }) =>
        `<div class="tile"><span>${escapeHtml(label)}</span><b>${escapeHtml(value)}</b><span>${escapeHtml(note)}</span></div>`,
    )
    .join('')}</div>`;
