/** Merges the parts of a workload by transaction number, in bounded memory. */
import type { Part } from './find-parts.ts';
import { LineSplitter } from './line-splitter.ts';
import { readChunks, readCompressed } from './read-chunks.ts';
import {
  checkingParser,
  numberingParser,
  parseAll,
  readLines,
  type NumberedLine,
  type ReadOptions,
} from './read-workload.ts';

/** The most bytes of all files in memory at a time. */
const PIECES_BYTES = 16 * 1024 * 1024;
const PIECE_LEAST_BYTES = 4 * 1024;
const PIECE_MOST_BYTES = 64 * 1024;

/** The size of a batch of lines: one line at a time would cost more in promises than in parsing. */
const BATCH_LINES = 1_000;

/**
 * Yields the lines that are not blank, merged by number. With `number` it reads the parts one after the
 * other in the given order, and numbers their lines consecutively.
 */
export async function* readParts(
  parts: readonly Part[],
  { number }: ReadOptions,
): AsyncGenerator<readonly NumberedLine[]> {
  const [first, second] = parts;
  if (first !== undefined && second === undefined) {
    yield* readLines(readPart(first), number ? numberingParser() : checkingParser());
  } else if (number) yield* readInTurn(parts);
  else yield* merge(parts);
}

/** Yields the bytes of a part, decompressed; each piece is valid only until the next is asked for. */
export const readPart = (
  { path, isCompressed }: Part,
  pieceBytes: number = PIECE_MOST_BYTES,
): AsyncGenerator<Buffer> =>
  isCompressed ? readCompressed(path, pieceBytes) : readChunks(path, pieceBytes);

async function* readInTurn(parts: readonly Part[]): AsyncGenerator<readonly NumberedLine[]> {
  const parse = numberingParser();
  for (const part of parts) {
    for await (const lines of readLines(readPart(part), parse)) {
      yield lines.map((line) => ({ ...line, file: part.name }));
    }
  }
}

async function* merge(parts: readonly Part[]): AsyncGenerator<readonly NumberedLine[]> {
  const share = Math.floor(PIECES_BYTES / parts.length);
  const pieceBytes = Math.min(PIECE_MOST_BYTES, Math.max(PIECE_LEAST_BYTES, share));
  const readers = parts.map((part) => new PartReader(part, pieceBytes));
  const check = duplicateCheck();
  /** Sorted by the number of their heads, the smallest last. */
  const queue: PartReader[] = [];
  let lines: NumberedLine[] = [];
  try {
    for (const reader of readers) {
      await reader.advance(lines);
      enqueue(queue, reader);
    }
    for (let reader = queue.pop(); reader !== undefined; reader = queue.pop()) {
      if (reader.head !== undefined) lines.push(check(reader.head));
      if (!reader.advanceInPiece(lines)) {
        if (lines.length >= BATCH_LINES) {
          yield lines;
          lines = [];
        }
        await reader.advance(lines);
      }
      enqueue(queue, reader);
      if (lines.length < BATCH_LINES) continue;
      yield lines;
      lines = [];
    }
    if (lines.length > 0) yield lines;
  } finally {
    await Promise.all(readers.map((reader) => reader.close()));
  }
}

function enqueue(queue: PartReader[], reader: PartReader): void {
  if (reader.head === undefined) return;
  let low = 0;
  let high = queue.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((queue[middle]?.number ?? 0) > reader.number) low = middle + 1;
    else high = middle;
  }
  queue.splice(low, 0, reader);
}

/** Makes a check for numbers that two parts share: numbers grow within a part, so equal ones are adjacent. */
function duplicateCheck(): (line: NumberedLine) => NumberedLine {
  let last: NumberedLine | undefined;
  return (next) => {
    const { number } = next.line;
    if (number === undefined || last?.line.number !== number) {
      last = next;
      return next;
    }
    const where = `line ${last.lineNumber} of ${last.file ?? 'another part'}`;
    const reason = `number ${number} is that of ${where} too; expected: a number that no other part has`;
    return { ...next, line: { type: 'unreadable', reason, fault: 'number-taken' } };
  };
}

/** Reads one part; `head` is its next line with a number. */
class PartReader {
  /** Undefined once the part is read to its end. */
  head: NumberedLine | undefined;
  readonly #name: string;
  readonly #pieces: AsyncGenerator<Buffer>;
  readonly #splitter = new LineSplitter();
  readonly #parse = checkingParser();
  #lines: Iterator<NumberedLine> = [][Symbol.iterator]();

  constructor(part: Part, pieceBytes: number) {
    this.#name = part.name;
    this.#pieces = readPart(part, pieceBytes);
  }

  get number(): number {
    return this.head?.line.number ?? 0;
  }

  /** Moves to the next line with a number. Adds lines without one, which cannot be merged, to `others`. */
  async advance(others: NumberedLine[]): Promise<void> {
    while (!this.advanceInPiece(others)) {
      const next = await this.#pieces.next();
      if (next.done === true) {
        this.#lines = parseAll(this.#splitter.end(), this.#parse);
        this.advanceInPiece(others);
        return;
      }
      this.#lines = parseAll(this.#splitter.split(next.value), this.#parse);
    }
  }

  /** Does the same within the piece that is read; returns false if it has no such line left. */
  advanceInPiece(others: NumberedLine[]): boolean {
    this.head = undefined;
    for (let next = this.#lines.next(); next.done !== true; next = this.#lines.next()) {
      const line = { ...next.value, file: this.#name };
      if (line.line.number === undefined) {
        others.push(line);
        continue;
      }
      this.head = line;
      return true;
    }
    return false;
  }

  async close(): Promise<void> {
    await this.#pieces.return(undefined);
  }
}
