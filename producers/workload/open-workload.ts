/** Opens a workload before it runs: finds its parts, counts its lines and computes its hash. */
import { createHash } from 'node:crypto';
import { CodedError } from '../../shared/runtime/errors.ts';
import { describeParts, findParts, type Part } from './find-parts.ts';
import { guessContent } from './guess-content.ts';
import { LineSplitter } from './line-splitter.ts';
import { readPart, readParts } from './merge-parts.ts';
import { checkingParser, numberingParser, parseAll, type NumberedLine } from './read-workload.ts';

export type Workload = {
  /** The name for messages and reports. */
  readonly name: string;
  /** 64 hexadecimal digits. The hash depends on the content, not on the names of the files. */
  readonly sha256: string;
  /** The number of lines, including blank ones and a last line without a line feed. */
  readonly lines: number;
  /** Whether the lines are numbered here instead of in the files. */
  readonly numbered: boolean;
  readonly read: () => AsyncGenerator<readonly NumberedLine[]>;
  readonly close: () => Promise<void>;
};

export type OpenOptions = {
  /** Number the lines here and ignore the numbers in the files. */
  readonly number: boolean;
  readonly signal?: AbortSignal;
};

type Measures = {
  readonly sha256: string;
  readonly lines: number;
  /** Whether any line is a command, or is audited as an invalid one. */
  readonly isReadable: boolean;
  /** The first bytes. */
  readonly head: Buffer;
};

const LINE_FEED = 0x0a;
const HEAD_BYTES = 4_096;

/**
 * Reads all parts once. Rejects with `file-unreadable` if a part cannot be read, and with
 * `workload-invalid` if a part is damaged or a duplicate, or if there is no command in a part that is not
 * empty, or in the whole workload.
 */
export async function openWorkload(
  paths: readonly string[],
  { number, signal }: OpenOptions = { number: false },
): Promise<Workload> {
  const { parts, close } = await findParts(paths, signal);
  try {
    const measured: (Measures & { readonly name: string })[] = [];
    for (const part of parts) {
      measured.push({ ...(await measurePart(part, number, signal)), name: part.name });
    }
    checkReadable(measured);
    if (!number) checkDifferent(measured);
    return {
      name: describeParts(parts),
      sha256: hashOf(measured, number),
      lines: measured.reduce((sum, { lines }) => sum + lines, 0),
      numbered: number,
      read: () => readParts(parts, { number }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function measurePart(
  part: Part,
  number: boolean,
  signal: AbortSignal | undefined,
): Promise<Measures> {
  const hash = createHash('sha256');
  const splitter = new LineSplitter();
  const parse = number ? numberingParser() : checkingParser();
  const hasCommand = (lines: Iterable<NumberedLine>): boolean => {
    for (const { line } of lines) if (line.type !== 'unreadable') return true;
    return false;
  };
  let lines = 0;
  let last = LINE_FEED;
  let isReadable = false;
  let head: Buffer = Buffer.alloc(0);
  for await (const bytes of readPart(part)) {
    signal?.throwIfAborted();
    hash.update(bytes);
    if (head.length < HEAD_BYTES) {
      head = Buffer.concat([head, bytes.subarray(0, HEAD_BYTES - head.length)]);
    }
    for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) {
      lines += 1;
    }
    last = bytes.at(-1) ?? last;
    isReadable ||= hasCommand(parseAll(splitter.split(bytes), parse));
  }
  isReadable ||= hasCommand(parseAll(splitter.end(), parse));
  if (last !== LINE_FEED) lines += 1;
  return { sha256: hash.digest('hex'), lines, isReadable, head };
}

type Named = Measures & { readonly name: string };

/** Allows empty parts, whose users did nothing, but not a workload without any command. */
function checkReadable(measured: readonly Named[]): void {
  const seemings = measured.map(({ name, isReadable, head }) => {
    return { name, isReadable, seems: isReadable ? '' : guessContent(head) };
  });
  const isAllEmpty = !seemings.some(({ isReadable }) => isReadable);
  const bad = seemings.filter(
    ({ isReadable, seems }) => !isReadable && (isAllEmpty || seems !== 'empty'),
  );
  if (bad.length === 0) return;
  const lines = bad.map(({ name, seems }) =>
    seems === 'empty'
      ? `${name} is empty.`
      : `${name} has no line that can be read. It seems to be ${seems}.`,
  );
  throw new CodedError(
    'workload-invalid',
    [...lines, 'A workload has lines such as [1] ADD,alice,100.00 (workloads/README.md).'].join(
      '\n',
    ),
  );
}

/** Refuses two parts with the same content, which would have each number twice. */
function checkDifferent(measured: readonly Named[]): void {
  const known = new Map<string, string>();
  for (const { name, sha256, lines } of measured) {
    const other = known.get(sha256);
    if (other !== undefined && lines > 0) {
      throw new CodedError(
        'workload-invalid',
        `${other} and ${name} have the same content: give each part once.`,
      );
    }
    known.set(sha256, name);
  }
}

/** Returns the hash of one part, or of all: their order matters only if the lines are numbered here. */
function hashOf(measured: readonly Named[], number: boolean): string {
  const hashes = measured.map(({ sha256 }) => sha256);
  const [first = ''] = hashes;
  if (hashes.length === 1) return first;
  const ordered = number ? hashes : hashes.toSorted();
  return createHash('sha256').update(ordered.join('\n')).digest('hex');
}
