/** Finds the files of a workload that the user named on the command line. */
import { createWriteStream, type Stats } from 'node:fs';
import { mkdtemp, open, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CodedError, UsageError } from '../../shared/runtime/errors.ts';
import { orUnreadable, readChunks } from './read-chunks.ts';

export type Part = {
  /** The name that the user gave. */
  readonly name: string;
  readonly path: string;
  readonly isCompressed: boolean;
};

type FoundParts = {
  readonly parts: readonly Part[];
  /** Removes the temporary copies of pipes. */
  readonly close: () => Promise<void>;
};

/** Each part needs an open file, and about 50 KB if compressed; this fits the usual limit of 4,096 files. */
const PARTS_MAX = 2_000;

/** The name of standard input on the command line. */
export const STANDARD_INPUT = '-';
const STANDARD_INPUT_NAME = 'standard input';

type Found = Part & { readonly identity: string };

/**
 * Finds the parts: files, the files of folders, standard input and pipes. Copies a pipe to a temporary
 * file first, because a run reads its input twice: once for its hash and once to send it.
 */
export async function findParts(
  paths: readonly string[],
  signal?: AbortSignal,
): Promise<FoundParts> {
  let folder: string | undefined;
  const spoolFile = async (): Promise<string> => {
    folder ??= await mkdtemp(join(tmpdir(), 'daytrade-input-'));
    return join(folder, found.length.toString());
  };
  const close = async (): Promise<void> => {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  };
  const found: Found[] = [];
  try {
    const faults: CodedError[] = [];
    for (const path of paths) {
      await findOne(path, { spoolFile, signal }).then(
        (parts) => found.push(...parts),
        (error: unknown) => faults.push(asFault(error)),
      );
    }
    throwAll(faults);
    checkParts(found);
    return { parts: found, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function asFault(error: unknown): CodedError {
  if (error instanceof CodedError) return error;
  throw error;
}

/** Throws one error for all parts that cannot be read. */
function throwAll(faults: readonly CodedError[]): void {
  const [first] = faults;
  if (first === undefined) return;
  throw new CodedError(first.code, faults.map(({ message }) => message).join('\n'), {
    cause: first,
  });
}

type Spooling = {
  /** Returns the path of a new file for the content of a pipe; makes the folder for the first one. */
  readonly spoolFile: () => Promise<string>;
  readonly signal: AbortSignal | undefined;
};

async function findOne(path: string, spooling: Spooling): Promise<readonly Found[]> {
  if (path === STANDARD_INPUT) {
    return [await spool(STANDARD_INPUT_NAME, process.stdin as AsyncIterable<Buffer>, spooling)];
  }
  const status = await orUnreadable(path, stat(path));
  if (status.isDirectory()) return await filesIn(path);
  if (status.isFIFO() || status.isSocket()) return [await spool(path, readChunks(path), spooling)];
  if (!status.isFile()) throw unreadable(path, 'it is a device, give a file');
  return [partOf(path, status)];
}

/** Finds the files of a folder, sorted by name, without hidden files and subfolders. */
async function filesIn(folder: string): Promise<readonly Found[]> {
  const names = (await orUnreadable(folder, readdir(folder))).filter(
    (name) => !name.startsWith('.'),
  );
  const byName = new Intl.Collator('en', { numeric: true });
  const found: Found[] = [];
  for (const name of names.sort((one, other) => byName.compare(one, other))) {
    const path = join(folder, name);
    const status = await orUnreadable(path, stat(path));
    if (status.isFile()) found.push(partOf(path, status));
  }
  if (found.length === 0) throw unreadable(folder, 'the folder holds no files');
  return found;
}

const GZIP = Buffer.from([0x1f, 0x8b]);

/** Takes a file as compressed if its name ends in .gz; for a pipe, `spool` checks the first bytes. */
const partOf = (path: string, { dev, ino }: Stats): Found => ({
  name: path,
  path,
  isCompressed: path.toLowerCase().endsWith('.gz'),
  identity: `${dev}:${ino}`,
});

/** Copies a pipe to a temporary file. */
async function spool(
  name: string,
  source: AsyncIterable<Buffer>,
  { spoolFile, signal }: Spooling,
): Promise<Found> {
  let path: string;
  try {
    path = await spoolFile();
    await pipeline(source, createWriteStream(path, { mode: 0o600 }), { signal });
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof CodedError) throw cause;
    throw new CodedError(
      'not-finished',
      `Cannot keep ${name} in the temporary folder ${tmpdir()}: ${String(cause)}\n` +
        'Make room there, or set TMPDIR to a folder with more.',
      { cause },
    );
  }
  return { name, path, isCompressed: await isGzip(path), identity: name };
}

async function isGzip(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(GZIP.length), 0, GZIP.length, 0);
    return bytesRead === GZIP.length && buffer.equals(GZIP);
  } finally {
    await file.close();
  }
}

function checkParts(found: readonly Found[]): void {
  if (found.length > PARTS_MAX) {
    throw new UsageError(
      `a workload has at most ${PARTS_MAX} parts, not ${found.length}: join some of them by number`,
    );
  }
  const known = new Map<string, string>();
  for (const { name, identity } of found) {
    const other = known.get(identity);
    if (other === name) throw new UsageError(`${name} is given twice: give each part once`);
    if (other !== undefined) {
      throw new UsageError(`${other} and ${name} are the same file: give each part once`);
    }
    known.set(identity, name);
  }
}

const unreadable = (path: string, reason: string): CodedError =>
  new CodedError('file-unreadable', `Cannot read ${path}: ${reason}`);

/** Describes a workload in one line: its first parts and the number of others. */
export function describeParts(parts: readonly Pick<Part, 'name'>[]): string {
  const [first, second] = parts.map(({ name }) => name);
  if (first === undefined) return 'nothing';
  if (second === undefined) return first;
  if (parts.length === 2) return `${first} and ${basename(second)}`;
  return `${first}, ${basename(second)} and ${parts.length - 2} more`;
}
