/**
 * Renders rows of cells as text; each column is as wide as its widest cell. Rows with one cell do
 * not count. Pure.
 */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows
    .filter((row) => row.length > 1)
    .reduce<readonly number[]>(
      (widest, row) =>
        Array.from({ length: Math.max(widest.length, row.length) }, (_, index) =>
          Math.max(widest[index] ?? 0, row[index]?.length ?? 0),
        ),
      [],
    );
  return rows
    .map((row) => `  ${row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  ')}`)
    .map((line) => line.trimEnd())
    .join('\n');
}
