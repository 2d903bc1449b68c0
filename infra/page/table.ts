/** Tables of results, for the terminal and for the page. Pure. */

export type Table = {
  readonly title: string;
  /** A note that tells how to read the table. */
  readonly note: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
};

export const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
export const mebibytes = (bytes: number): string => `${whole(bytes / 2 ** 20)} MiB`;
export const percent = (share: number): string => `${whole(100 * share)} %`;

/** Renders a table as text with aligned columns. */
export function renderTable({ title, note, head, rows }: Table): string {
  const widths = head.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ');
  return [title, ...(note === '' ? [] : [note]), line(head), ...rows.map(line)].join('\n');
}
