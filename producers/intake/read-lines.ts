/**
 * Parses the text of a message into numbered lines by the rules of workload files. It works in steps,
 * because 16 MiB take seconds and a process whose event loop is blocked for five seconds is killed.
 */
import { isBlank } from '../../shared/messages/split-fields.ts';
import { parseUnnumberedLine, parseWorkloadLine } from '../../shared/messages/workload-line.ts';
import type { Steps } from '../../shared/runtime/in-turns.ts';
import { LineSplitter, type RawLine } from '../workload/line-splitter.ts';
import type { NumberedLine } from '../workload/read-workload.ts';

type IntakeText = {
  /** The number of lines without a number, which need one. */
  readonly unnumbered: number;
  /** Parses the lines that are not blank; `numbers` are for the unnumbered lines, in order. */
  readonly read: (numbers: readonly number[]) => Steps<readonly NumberedLine[]>;
};

/** The bytes split in one step, which takes a few milliseconds. */
const PIECE_BYTES = 65_536;
/** The lines parsed in one step, which takes a few milliseconds. */
const PIECE_LINES = 2_000;

/** Splits a text into lines, in steps. */
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

/** The number of a line in a refused text, which has not drawn any numbers. */
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
