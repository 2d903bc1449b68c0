/** Splits bytes into lines, and checks length and encoding before decoding, which would hide faults. */
import { isAscii, isUtf8 } from 'node:buffer';
import { LINE_BYTES_MAX, type LineDamage } from '../../shared/messages/line-size.ts';

export type RawLine = {
  readonly lineNumber: number;
  readonly text: string;
  readonly damage: LineDamage | undefined;
};

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * The bytes kept of an over-long line: a byte order mark, the longest line, its carriage return, and one
 * byte more, which shows that the line is too long.
 */
const KEPT_BYTES_MAX = BYTE_ORDER_MARK.length + LINE_BYTES_MAX + 2;

/** Splits a stream of bytes at its line feeds; keeps at most `KEPT_BYTES_MAX` of an unfinished line. */
export class LineSplitter {
  #lineNumber = 0;
  #unfinished: Buffer = Buffer.alloc(0);

  /** Yields the lines that end in these bytes. The caller may reuse the buffer afterwards. */
  *split(bytes: Buffer): Generator<RawLine> {
    let start = 0;
    for (;;) {
      const end = bytes.indexOf(LINE_FEED, start);
      if (end === -1) break;
      yield this.#finish(bytes.subarray(start, end));
      start = end + 1;
    }
    this.#unfinished = this.#joined(bytes.subarray(start));
  }

  /** Yields the last line if the file does not end in a line feed. */
  *end(): Generator<RawLine> {
    if (this.#unfinished.length > 0) yield this.#finish(Buffer.alloc(0));
  }

  #finish(bytes: Buffer): RawLine {
    const line = this.#unfinished.length === 0 ? bytes : this.#joined(bytes);
    this.#unfinished = Buffer.alloc(0);
    this.#lineNumber += 1;
    return decode(this.#lineNumber, line);
  }

  #joined(bytes: Buffer): Buffer {
    const room = KEPT_BYTES_MAX - this.#unfinished.length;
    return Buffer.concat([this.#unfinished, bytes.subarray(0, room)]);
  }
}

function decode(lineNumber: number, line: Buffer): RawLine {
  const bytes = lineNumber === 1 ? withoutMark(line) : line;
  const size = bytes.at(-1) === CARRIAGE_RETURN ? bytes.length - 1 : bytes.length;
  if (size > LINE_BYTES_MAX) {
    const text = bytes.toString('utf8', 0, LINE_BYTES_MAX);
    return { lineNumber, text, damage: 'over-long' };
  }
  if (isAscii(bytes)) return { lineNumber, text: bytes.toString('latin1'), damage: undefined };
  const damage = isUtf8(bytes) ? undefined : 'not-utf-8';
  return { lineNumber, text: bytes.toString('utf8'), damage };
}

function withoutMark(line: Buffer): Buffer {
  const head = line.subarray(0, BYTE_ORDER_MARK.length);
  return head.equals(BYTE_ORDER_MARK) ? line.subarray(BYTE_ORDER_MARK.length) : line;
}
