// The table in docs/DEPLOYMENT.md of what was tried on other platforms.

const START = '<!-- npm run test:platforms -->\n';
const END = '<!-- end -->';
const HEAD = ['tried on Debian 13', 'Node', 'RabbitMQ, Erlang', 'PostgreSQL', 'result', 'date'];

/**
 * Returns the document with these rows in place of those with the same first cell; rows keep the order
 * of `titles`, and rows with other titles are dropped.
 */
export function withRows(document, rows, titles) {
  const start = document.indexOf(START) + START.length;
  const end = document.indexOf(END, start);
  if (start < START.length || end < 0) throw new Error('the document has no table of platforms');
  const known = new Map(
    [...rowsIn(document.slice(start, end)), ...rows].map((row) => [row[0], row]),
  );
  const kept = titles.flatMap((title) => (known.has(title) ? [known.get(title)] : []));
  const lines = [HEAD, HEAD.map(() => '---'), ...kept].map((row) => `| ${row.join(' | ')} |\n`);
  return `${document.slice(0, start)}\n${lines.join('')}\n${document.slice(end)}`;
}

/** Returns the cells of the table's rows, without its head. */
export const rowsIn = (table) =>
  [...table.matchAll(/^\| (.*) \|$/gm)].slice(2).map(([, cells]) => cells.split(' | '));
