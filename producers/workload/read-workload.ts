/** Streams the lines of a workload file. Memory grows neither with the file nor with a line. */
import type { LineFault } from '../../shared/messages/command-fault.ts';
import {
  parseUnnumberedLine,
  parseWorkloadLine,
  type WorkloadLine,
} from '../../shared/messages/workload-line.ts';
import { LineSplitter, type RawLine } from './line-splitter.ts';
import { readChunks } from './read-chunks.ts';

export type ReadOptions = {
  /** Number the lines that are not blank 1, 2, 3…, and ignore the numbers in the file. */
  readonly number: boolean;
};

type FilledLine = Exclude<WorkloadLine, { readonly type: 'blank' }>;

export type NumberedLine = {
  /** The line of the file, counted from 1 and including blank lines. */
  readonly lineNumber: number;
  readonly line: FilledLine;
  /** The name of the file, if the workload has several. */
  readonly file?: string;
};

/** The report of a line that cannot be executed. */
export type UnreadableLine = {
  readonly file?: string;
  readonly line: number;
  readonly reason: string;
  readonly fault: LineFault;
};

/** Returns the report of a line that cannot be executed; undefined for one that can. */
export function unreadableOf({ line, lineNumber, file }: NumberedLine): UnreadableLine | undefined {
  if (line.type === 'command') return undefined;
  const reason = line.type === 'unreadable' ? line.reason : line.command.reason;
  return { line: lineNumber, reason, fault: line.fault, ...(file !== undefined && { file }) };
}

/**
 * Yields the lines of a file that are not blank, in one batch for each piece that is read, because one
 * line at a time would cost more in promises than in parsing.
 */
export async function* readWorkload(
  path: string,
  { number }: ReadOptions,
): AsyncGenerator<readonly NumberedLine[]> {
  yield* readLines(readChunks(path), number ? numberingParser() : checkingParser());
}

/** Does the same with bytes from any source. */
export async function* readLines(
  pieces: AsyncIterable<Buffer>,
  parse: Parser,
): AsyncGenerator<readonly NumberedLine[]> {
  const splitter = new LineSplitter();
  for await (const bytes of pieces) {
    const lines = [...parseAll(splitter.split(bytes), parse)];
    if (lines.length > 0) yield lines;
  }
  const last = [...parseAll(splitter.end(), parse)];
  if (last.length > 0) yield last;
}

type Parser = (raw: RawLine) => WorkloadLine;

/** Yields the lines that are not blank. */
export function* parseAll(raws: Iterable<RawLine>, parse: Parser): Generator<NumberedLine> {
  for (const raw of raws) {
    const line = parse(raw);
    if (line.type !== 'blank') yield { lineNumber: raw.lineNumber, line };
  }
}

/** Makes a parser for lines with numbers, each of which must be greater than the last valid one. */
export function checkingParser(): Parser {
  let previous = 0;
  return ({ text, damage }) => {
    const line = parseWorkloadLine(text, previous, damage);
    if (line.type !== 'blank') previous = line.number ?? previous;
    return line;
  };
}

/** Makes a parser that numbers the lines itself, from 1 and without blank lines. */
export function numberingParser(): Parser {
  let number = 1;
  return ({ text, damage }) => {
    const line = parseUnnumberedLine(text, number, damage);
    if (line.type !== 'blank') number += 1;
    return line;
  };
}
