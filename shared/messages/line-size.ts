/** The limit on the length of a line, in bytes of UTF-8. Source: SPEC §1.1. */

/** Why a whole line is invalid. It may still have a number and a command's name. */
export type LineDamage = 'over-long' | 'not-utf-8';

export type MeasuredLine = {
  /** The line without a carriage return at its end. An over-long line is cut at the limit. */
  readonly text: string;
  readonly damage: LineDamage | undefined;
};

/** The most bytes of a line, without its line end. */
export const LINE_BYTES_MAX = 4096;

export const DAMAGE_TEXTS: Readonly<Record<LineDamage, string>> = {
  'over-long': `longer than ${LINE_BYTES_MAX} bytes`,
  'not-utf-8': 'not UTF-8',
};

/** The most bytes that one UTF-16 unit takes in UTF-8. */
const UNIT_BYTES_MAX = 3;

/** Measures a line, unless its reader, which has the bytes, passes their `damage`. */
export function measureLine(text: string, damage?: LineDamage): MeasuredLine {
  const line = text.endsWith('\r') ? text.slice(0, -1) : text;
  if (damage !== undefined) return { text: line, damage };
  if (line.length * UNIT_BYTES_MAX <= LINE_BYTES_MAX) return { text: line, damage: undefined };
  const fitting = unitsWithin(line, LINE_BYTES_MAX);
  if (fitting === line.length) return { text: line, damage: undefined };
  return { text: line.slice(0, fitting), damage: 'over-long' };
}

/** Counts the UTF-16 units of a text whose whole characters fit into `bytesMax` bytes of UTF-8. */
function unitsWithin(text: string, bytesMax: number): number {
  let units = 0;
  let bytes = 0;
  for (const character of text) {
    bytes += bytesOf(character);
    if (bytes > bytesMax) return units;
    units += character.length;
  }
  return units;
}

function bytesOf(character: string): number {
  if (character.length === 2) return 4;
  const unit = character.charCodeAt(0);
  if (unit < 0x80) return 1;
  return unit < 0x800 ? 2 : UNIT_BYTES_MAX;
}
