/** Charts over time in a page: their data, and the script that draws them when the page is opened. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { escapeHtml } from '../../shared/runtime/escape-html.ts';
import { buildRoot } from '../../shared/runtime/package-root.ts';
import { TIMELINE_CLASS, TIMELINE_TYPE, type Timeline } from '../../shared/web-api/timeline.ts';

/** The script with the chart library in it, and the licence of that (infra/setup/bundle.mjs). */
const SCRIPT_FOLDER = join(buildRoot, 'report-script');

export const renderTimeline = (timeline: Timeline): string =>
  `<figure class="${TIMELINE_CLASS}"><figcaption>${escapeHtml(timeline.title)}</figcaption>
<script type="${TIMELINE_TYPE}">${asScript(JSON.stringify(timeline))}</script>
<noscript>The chart needs JavaScript.</noscript>
</figure>`;

/** Returns the script, which follows the figures that it draws, and a footer with its licence. */
export function chartScripts(): { readonly script: string; readonly licence: string } {
  const read = (name: string): string => readFileSync(join(SCRIPT_FOLDER, name), 'utf8');
  return {
    script: `<script>${asScript(read('timelines.js'))}</script>`,
    licence: `<footer><details><summary>The charts are drawn by Lightweight Charts™, © TradingView, Inc.</summary>
<p><a href="https://www.tradingview.com/">tradingview.com</a></p>
<pre>${escapeHtml(read('LICENSE'))}</pre></details></footer>`,
  };
}

/** Escapes what would end a script element, or begin a comment in one. */
const asScript = (text: string): string =>
  text.replaceAll(/<(?=\/script|script|!--)/gi, String.raw`\u003C`);
