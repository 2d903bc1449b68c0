/** Tables of a page. Pure. */
import { escapeHtml } from '../../shared/runtime/escape-html.ts';
import type { PageSection } from './html-page.ts';
import type { Table } from './table.ts';

/** A text, or one that is set as a number, as code, or in the colour of good or bad. */
export type Cell =
  string | { readonly text: string; readonly as: 'number' | 'code' | 'good' | 'bad' };

export const numberCell = (text: string): Cell => ({ text, as: 'number' });

/** Renders a table that scrolls if the page is narrower. A head is set as the first cell below it. */
export function htmlTable(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const heads = head.map((name, column) => {
    const below = rows[0]?.[column];
    const isNumber = typeof below === 'object' && below.as === 'number';
    return cell('th', isNumber ? numberCell(name) : name);
  });
  const body = rows.map((cells) => `<tr>${cells.map((each) => cell('td', each)).join('')}</tr>`);
  return `<div class="scroll"><table>
<thead><tr>${heads.join('')}</tr></thead>
<tbody>
${body.join('\n')}
</tbody>
</table></div>`;
}

const cell = (tag: 'th' | 'td', content: Cell): string =>
  typeof content === 'string'
    ? `<${tag}>${escapeHtml(content)}</${tag}>`
    : `<${tag} class="${content.as}">${escapeHtml(content.text)}</${tag}>`;

/** Renders a table of results, all columns but the first as numbers. */
export const tableSection = ({ title, note, head, rows }: Table): PageSection => ({
  title,
  note,
  content: htmlTable(
    head,
    rows.map(([first = '', ...others]) => [first, ...others.map(numberCell)]),
  ),
});
