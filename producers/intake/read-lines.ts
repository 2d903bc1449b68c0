/**
 * A message's text as numbered lines, as a workload file is read. A text of 16 MiB takes seconds, so the event
 * loop needs turns between the steps: a process whose heart does not beat for five seconds is killed.
 */
import { isBlank } from '../../shared/messages/split-fields.ts';
import { parseUnnumberedLine, parseWorkloadLine } from '../../shared/messages/workload-line.ts';
import type { Steps } from '../../shared/runtime/in-turns.ts';
import { LineSplitter, type RawLine } from '../workload/line-splitter.ts';
import type { NumberedLine } from '../workload/read-workload.ts';

export type IntakeText = {
  /** How many lines bring no number: they are given one. */
  readonly unnumbered: number;
  /** The lines that are not blank; takes numbers for the unnumbered lines. */
  readonly read: (numbers: readonly number[]) => Steps<readonly NumberedLine[]>;
};

/** Split in one step: a few milliseconds of work. */
const PIECE_BYTES = 65_536;
/** Parsed in one step: a few milliseconds of work. */
const PIECE_LINES = 2_000;

export function* splitText(body: Buffer): Steps<IntakeText> {
  const splitter = new LineSplitter();
  const raws: RawLine[] = [];
  for (let at = 0; at < body.length; at += PIECE_BYTES) {
    raws.push(...splitter.split(body.subarray(at, at + PIECE_BYTES)));
    yield;
  }
  raws.push(...splitter.end());
  const filled = raws.filter(isFilled);
  return {
    unnumbered: filled.filter((raw) => !bringsNumber(raw)).length,
    read: (numbers) => parseAll(filled, numbers),
  };
}

/** Of a line of a text that is refused, which has no numbers of its own. */
const UNKNOWN_NUMBER = 1;

const isFilled = ({ text, damage }: RawLine): boolean =>
  damage !== undefined || !isBlank(text.replace(/\r$/, ''));
const bringsNumber = ({ text }: RawLine): boolean => /^[ \t]*\[/.test(text);

function* parseAll(
  raws: readonly RawLine[],
  numbers: readonly number[],
): Steps<readonly NumberedLine[]> {
  const lines: NumberedLine[] = [];
  let previous = 0;
  let used = 0;
  for (const [index, raw] of raws.entries()) {
    if (index % PIECE_LINES === PIECE_LINES - 1) yield;
    const { text, damage, lineNumber } = raw;
    const line = bringsNumber(raw)
      ? parseWorkloadLine(text, previous, damage)
      : parseUnnumberedLine(text, numbers[used++] ?? UNKNOWN_NUMBER, damage);
    if (line.type === 'blank') continue;
    if (bringsNumber(raw)) previous = line.number ?? previous;
    lines.push({ lineNumber, line });
  }
  return lines;
}
