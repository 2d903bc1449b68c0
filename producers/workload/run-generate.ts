/** Implements `daytrade generate`: parses its options and writes a workload. */
import { UsageError } from '../../shared/runtime/errors.ts';
import { generateWorkload, SYMBOLS, type WorkloadShape } from './generate.ts';

/** The options as text; a missing one has a default. */
export type GenerateOptions = {
  readonly users?: string | undefined;
  readonly commands?: string | undefined;
  readonly seed?: string | undefined;
  readonly symbols?: string | undefined;
};

/** Writes a piece of the workload; the next piece is made after it resolves. */
type Write = (text: string) => Promise<unknown>;

const PIECE_LENGTH = 64 * 1024;
const USERS_MAX = 1_000_000;
const COMMANDS_MAX = 1_000_000_000;
const SEED_MAX = 0xffff_ffff;
const SYMBOLS_MAX = 10_000;

/** Parses the options; throws a `UsageError` if one is out of its range. */
export function parseShape({ users, commands, seed, symbols }: GenerateOptions): WorkloadShape {
  return {
    users: parseCount('users', users ?? '10', { least: 1, most: USERS_MAX }),
    commands: parseCount('commands', commands ?? '10000', { least: 1, most: COMMANDS_MAX }),
    seed: parseCount('seed', seed ?? '1', { least: 0, most: SEED_MAX }),
    symbols: parseCount('symbols', symbols ?? `${SYMBOLS}`, { least: 1, most: SYMBOLS_MAX }),
  };
}

function parseCount(
  name: string,
  text: string,
  { least, most }: { readonly least: number; readonly most: number },
): number {
  const count = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
  if (count >= least && count <= most) return count;
  throw new UsageError(`--${name} must be a whole number from ${least} to ${most}, not "${text}"`);
}

/** Writes a workload in pieces of about `PIECE_LENGTH` characters. */
export async function writeWorkload(shape: WorkloadShape, write: Write): Promise<void> {
  let piece = '';
  for (const line of generateWorkload(shape)) {
    piece += `${line}\n`;
    if (piece.length < PIECE_LENGTH) continue;
    await write(piece);
    piece = '';
  }
  await write(piece);
}
