/**
 * Writes the outputs of commands for programs. A path is checked before the work begins and written
 * afterwards. A file appears only when it is complete; a device, a FIFO or the target of a symbolic
 * link is written in place; `-` is standard output.
 */
import { createWriteStream, fstatSync } from 'node:fs';
import { access, constants, lstat, mkdir, open, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { deferred } from '../../shared/runtime/deferred.ts';
import { CodedError, UsageError } from '../../shared/runtime/errors.ts';
import { newId } from '../../shared/runtime/new-id.ts';
import { asSystemError } from '../../shared/runtime/system-error.ts';
import { writeWholeFile } from '../../shared/runtime/whole-file.ts';
import { fromUser, writeOut } from './output.ts';

export type OutputPlace = {
  /** The name in messages. */
  readonly name: string;
  readonly way:
    | { readonly is: 'standard-output' }
    | { readonly is: 'in-place'; readonly path: string }
    | { readonly is: 'whole'; readonly path: string; readonly mode: number };
};

export const STANDARD_OUTPUT: OutputPlace = {
  name: 'standard output',
  way: { is: 'standard-output' },
};

/**
 * The mode of a new file: logs, accounts and backups are confidential. A replaced file keeps its
 * mode.
 */
const NEW_FILE_MODE = 0o600;
const PERMISSIONS = 0o777;

/**
 * Checks an output path given by the user. Rejects with `file-unwritable` if it cannot be written.
 */
export async function checkOutput(
  given: string,
  newFileMode: number = NEW_FILE_MODE,
): Promise<OutputPlace> {
  if (given === '-') return STANDARD_OUTPUT;
  const path = fromUser(given);
  return await orUnwritable(path, async () => {
    const target = await orAbsent(stat(path));
    if (target?.isDirectory() === true) throw new FolderError('it is a folder');
    if (target !== undefined && isStandardOutput(target)) return STANDARD_OUTPUT;
    const isLink = (await orAbsent(lstat(path)))?.isSymbolicLink() === true;
    if (isLink || target?.isFile() === false) return await checkInPlace(path, target !== undefined);
    const mode = target === undefined ? newFileMode : target.mode & PERMISSIONS;
    return await checkWhole(path, { mode, exists: target !== undefined });
  });
}

async function checkInPlace(path: string, exists: boolean): Promise<OutputPlace> {
  // Creates the target of a dangling link. Does not open an existing target, because opening a FIFO
  // waits for its reader.
  if (exists) await access(path, constants.W_OK);
  else await (await open(path, 'a', NEW_FILE_MODE)).close();
  return { name: path, way: { is: 'in-place', path } };
}

async function checkWhole(
  path: string,
  { mode, exists }: { readonly mode: number; readonly exists: boolean },
): Promise<OutputPlace> {
  if (exists) await access(path, constants.W_OK);
  await checkFolder(dirname(path));
  return { name: path, way: { is: 'whole', path, mode } };
}

/** Makes a folder if it is missing, and tests that a file can be created in it. */
async function checkFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const trial = temporaryIn(folder);
  await (await open(trial, 'wx', NEW_FILE_MODE)).close();
  await rm(trial);
}

/** Checks a folder for outputs given by the user; resolves to its absolute path. */
export async function checkOutputFolder(given: string): Promise<string> {
  const folder = fromUser(given);
  await orUnwritable(folder, () => checkFolder(folder));
  return folder;
}

/** Throws a `UsageError` if two options name one file: the second would replace the first. */
export function refuseSameOutput(places: readonly OutputPlace[]): void {
  const names = places.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new UsageError(`two outputs go to ${twice}: give each its own`);
}

/** Passes a stream to `write`, which need not end it; resolves when everything is written. */
export async function writeOutput<Result>(
  { name, way }: OutputPlace,
  write: (stream: Writable) => Promise<Result>,
): Promise<Result> {
  if (way.is === 'standard-output') return await untilWritten(openStandardOutput(), write);
  const { path } = way;
  return await orUnwritable(name, async () => {
    if (way.is === 'in-place') return await untilWritten(createWriteStream(path), write);
    const options = { temporary: temporaryIn(dirname(path)), mode: way.mode };
    return await writeWholeFile(path, options, (stream) => untilWritten(stream, write));
  });
}

async function untilWritten<Result>(
  stream: Writable,
  write: (stream: Writable) => Promise<Result>,
): Promise<Result> {
  const written = finished(stream);
  // The error is handled below, or by `write`.
  written.catch(() => undefined);
  try {
    const result = await write(stream);
    stream.end();
    await written;
    return result;
  } catch (error) {
    stream.destroy();
    throw error;
  }
}

/** Resolves when the stream has accepted the text. */
export const writeText = (stream: Writable, text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      if (error === null || error === undefined) resolve();
      else reject(error);
    });
  });

/** An output that is written line by line during other work; `close` rejects if writing failed. */
export interface LineOutput {
  readonly write: (line: string) => void;
  readonly close: () => Promise<void>;
}

/** Opens the output; rejects if it cannot be opened. */
export async function openLineOutput(place: OutputPlace): Promise<LineOutput> {
  const opened = deferred<Writable>();
  const closing = deferred();
  const written = writeOutput(place, async (stream) => {
    opened.resolve(stream);
    await closing.promise;
  });
  written.catch(opened.reject);
  const stream = await opened.promise;
  return {
    write: (line) => {
      if (stream.writable) stream.write(`${line}\n`);
    },
    close: async () => {
      closing.resolve();
      await written;
    },
  };
}

/** A stream that writes to standard output, and does not close it at its end. */
const openStandardOutput = (): Writable =>
  new Writable({
    decodeStrings: false,
    write: (text: string | Buffer, _encoding, done) => {
      writeOut(text).then(() => done(), done);
    },
  });

/** Returns a temporary path with a unique name, which is short even if the file's name is long. */
const temporaryIn = (folder: string): string => join(folder, `.${newId()}.part`);

function isStandardOutput({ dev, ino }: { readonly dev: number; readonly ino: number }): boolean {
  const own = fstatSync(1);
  return own.dev === dev && own.ino === ino;
}

async function orAbsent<Found>(found: Promise<Found>): Promise<Found | undefined> {
  try {
    return await found;
  } catch (error) {
    if (asSystemError(error)?.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Turns an error of the file system into one line that names the file and the reason. */
async function orUnwritable<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    const reason = reasonOf(cause);
    if (reason === undefined) throw cause;
    throw new CodedError('file-unwritable', `Cannot write ${path}: ${reason}`, { cause });
  }
}

/** Returns undefined if the error is not one of the file system. */
function reasonOf(error: unknown): string | undefined {
  if (error instanceof FolderError) return error.message;
  const fault = asSystemError(error);
  if (fault === undefined || !FILE_CALLS.has(fault.syscall)) return undefined;
  // Removes the call and the path, which Node appends.
  return fault.message.replace(/, \w+( '.*')?$/s, '');
}

/**
 * The system calls on files; calls on sockets, such as `connect` and `read`, are not among them.
 */
const FILE_CALLS: ReadonlySet<string> = new Set([
  ...['open', 'write', 'access', 'mkdir', 'rename', 'fsync', 'stat', 'lstat', 'unlink', 'rm'],
]);

class FolderError extends Error {
  override readonly name: string = 'FolderError';
}
