/** A message's text as numbered lines, as a workload file is read. Pure. */
import { isBlank } from '../../shared/messages/split-fields.ts';
import { parseUnnumberedLine, parseWorkloadLine } from '../../shared/messages/workload-line.ts';
import { LineSplitter, type RawLine } from '../workload/line-splitter.ts';
import type { NumberedLine } from '../workload/read-workload.ts';

export type IntakeText = {
  /** How many lines bring no number: they are given one. */
  readonly unnumbered: number;
  /** The lines that are not blank; takes numbers for the unnumbered lines. */
  readonly read: (numbers: readonly number[]) => readonly NumberedLine[];
};

export function splitText(body: Buffer): IntakeText {
  const splitter = new LineSplitter();
  const raws = [...splitter.split(body), ...splitter.end()].filter(isFilled);
  return {
    unnumbered: raws.filter((raw) => !bringsNumber(raw)).length,
    read: (numbers) => parseAll(raws, numbers),
  };
}

/** Of a line of a text that is refused, which has no numbers of its own. */
const UNKNOWN_NUMBER = 1;

const isFilled = ({ text, damage }: RawLine): boolean =>
  damage !== undefined || !isBlank(text.replace(/\r$/, ''));
const bringsNumber = ({ text }: RawLine): boolean => /^[ \t]*\[/.test(text);

function parseAll(raws: readonly RawLine[], numbers: readonly number[]): readonly NumberedLine[] {
  let previous = 0;
  let used = 0;
  return raws.flatMap((raw) => {
    const { text, damage, lineNumber } = raw;
    if (!bringsNumber(raw)) {
      const line = parseUnnumberedLine(text, numbers[used] ?? UNKNOWN_NUMBER, damage);
      used += 1;
      return line.type === 'blank' ? [] : [{ lineNumber, line }];
    }
    const line = parseWorkloadLine(text, previous, damage);
    if (line.type === 'blank') return [];
    previous = line.number ?? previous;
    return [{ lineNumber, line }];
  });
}
