/** A workload file as its lines, streamed: memory does not grow with the file, nor with a line. */
import {
  parseUnnumberedLine,
  parseWorkloadLine,
  type WorkloadLine,
} from '../../shared/messages/workload-line.ts';
import { LineSplitter, type RawLine } from './line-splitter.ts';
import { readChunks } from './read-chunks.ts';

export type ReadOptions = {
  /** Number the lines here, 1, 2, 3… without the blank ones, whatever numbers the file has. */
  readonly number: boolean;
};

export type FilledLine = Exclude<WorkloadLine, { readonly type: 'blank' }>;

export type NumberedLine = {
  /** Where in the file, counted from 1 with the blank lines. */
  readonly lineNumber: number;
  readonly line: FilledLine;
};

/**
 * Yields the lines of a file that are not blank, a batch for each piece that is read: one line at
 * a time would cost more in promises than in parsing.
 */
export async function* readWorkload(
  path: string,
  options: ReadOptions,
): AsyncGenerator<readonly NumberedLine[]> {
  const splitter = new LineSplitter();
  const parse = options.number ? numberingParser() : checkingParser();
  for await (const bytes of readChunks(path)) {
    const lines = parseAll(splitter.split(bytes), parse);
    if (lines.length > 0) yield lines;
  }
  const last = parseAll(splitter.end(), parse);
  if (last.length > 0) yield last;
}

type Parser = (raw: RawLine) => WorkloadLine;

function parseAll(raws: Iterable<RawLine>, parse: Parser): readonly NumberedLine[] {
  const lines: NumberedLine[] = [];
  for (const raw of raws) {
    const line = parse(raw);
    if (line.type !== 'blank') lines.push({ lineNumber: raw.lineNumber, line });
  }
  return lines;
}

/** Takes the file's numbers, each greater than the last good one. */
function checkingParser(): Parser {
  let previous = 0;
  return ({ text, damage }) => {
    const line = parseWorkloadLine(text, previous, damage);
    if (line.type !== 'blank') previous = line.number ?? previous;
    return line;
  };
}

function numberingParser(): Parser {
  let number = 1;
  return ({ text, damage }) => {
    const line = parseUnnumberedLine(text, number, damage);
    if (line.type !== 'blank') number += 1;
    return line;
  };
}
