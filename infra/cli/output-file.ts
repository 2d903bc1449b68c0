/**
 * Where a command writes what programs read. A place is checked before the work begins, and written
 * afterwards: a file appears when it is complete; a device, a FIFO or the target of a symbolic link is
 * written into and never replaced; `-` is standard output.
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
  /** As in messages. */
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

/** Logs, accounts and backups are confidential. A file that is replaced keeps its mode. */
const NEW_FILE_MODE = 0o600;
const PERMISSIONS = 0o777;

/** Rejects with `file-unwritable` if the path, as the user gave it, cannot be written. */
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
  // A link that leads nowhere is made a file; opening a FIFO would wait for its reader.
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

/** Makes a folder if it is missing, and tries whether a file can be made in it. */
async function checkFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const trial = temporaryIn(folder);
  await (await open(trial, 'wx', NEW_FILE_MODE)).close();
  await rm(trial);
}

/** The same for a folder of outputs, as the user gave it; gives its path. */
export async function checkOutputFolder(given: string): Promise<string> {
  const folder = fromUser(given);
  await orUnwritable(folder, () => checkFolder(folder));
  return folder;
}

/** Rejects if two options name one file: the second would replace the first. */
export function refuseSameOutput(places: readonly OutputPlace[]): void {
  const names = places.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new UsageError(`two outputs go to ${twice}: give each its own`);
}

/** Hands a stream to `write`, which need not end it; resolves once everything is written. */
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
  // Heard of below, or by `write`.
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

/** Resolves when a stream has taken a text. */
export const writeText = (stream: Writable, text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      if (error === null || error === undefined) resolve();
      else reject(error);
    });
  });

/** An output that is written line by line while something else goes on; a fault is told at its end. */
export interface LineOutput {
  readonly write: (line: string) => void;
  readonly close: () => Promise<void>;
}

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

/** Ends without closing what is not ours alone. */
const openStandardOutput = (): Writable =>
  new Writable({
    decodeStrings: false,
    write: (text: string | Buffer, _encoding, done) => {
      writeOut(text).then(() => done(), done);
    },
  });

/** Its name is of its own, and short whatever the file is called. */
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

/** A fault of the file system names the file and the reason, in one line. */
async function orUnwritable<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    const reason = reasonOf(cause);
    if (reason === undefined) throw cause;
    throw new CodedError('file-unwritable', `Cannot write ${path}: ${reason}`, { cause });
  }
}

/** Undefined if the fault is not of the file system. */
function reasonOf(error: unknown): string | undefined {
  if (error instanceof FolderError) return error.message;
  const fault = asSystemError(error);
  if (fault === undefined || !FILE_CALLS.has(fault.syscall)) return undefined;
  // Node adds the call and the path.
  return fault.message.replace(/, \w+( '.*')?$/s, '');
}

/** Those of sockets, such as `connect` and `read`, are not among them. */
const FILE_CALLS: ReadonlySet<string> = new Set([
  ...['open', 'write', 'access', 'mkdir', 'rename', 'fsync', 'stat', 'lstat', 'unlink', 'rm'],
]);

class FolderError extends Error {
  override readonly name: string = 'FolderError';
}
