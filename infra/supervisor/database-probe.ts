/** Probes whether the database answers and has room to write. */
import { DISK_FULL, probeDisk } from '../../shared/pg/probe.ts';
import { freeBytesOf, renderBytes } from '../host/free-bytes.ts';
import type { ServiceProbe } from './service-watch.ts';

/**
 * PostgreSQL ends when its write-ahead log finds no room, so below this much free space a full disk
 * is the likely cause.
 */
const FULL_BYTES = 16 * 1_024 * 1_024;

type DatabaseProbeOptions = {
  readonly url: string;
  /** The data directory of a private database; undefined for a given one. */
  readonly folder: string | undefined;
};

/**
 * Returns a probe that makes the server write a temporary file. It reports a full disk as such, and
 * any other fault as a server that is away.
 */
export const makeDatabaseProbe =
  ({ url, folder }: DatabaseProbeOptions): ServiceProbe =>
  async () => {
    try {
      await probeDisk(url);
      return undefined;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const free = folder === undefined ? undefined : freeBytesOf(folder);
      const isFull = isRoomMissing(error) || (free !== undefined && free < FULL_BYTES);
      if (isFull) return full(folder, free);
      return {
        kind: 'away',
        what: 'PostgreSQL does not answer: no command is decided until it does.',
        remedy: `It says: ${reason}. ${
          folder === undefined
            ? 'See that the server of DATABASE_URL runs and can be reached. docs/RUNBOOK.md#serviceaway'
            : 'If it ended, it is started again by itself, and the log postgresql says why. docs/RUNBOOK.md#serviceaway'
        }`,
      };
    }
  };

const full = (
  folder: string | undefined,
  free: number | undefined,
): Awaited<ReturnType<ServiceProbe>> => ({
  kind: 'full',
  what: 'The disk of the database is full: no command is decided until there is room.',
  remedy:
    `Make room ${folder === undefined ? 'on the disk of the database’s server' : `on the disk of ${folder}`}` +
    `${free === undefined ? '' : ` (${renderBytes(free)} free)`}; it goes on by itself. ` +
    'docs/RUNBOOK.md#databasefull',
});

const isRoomMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === DISK_FULL;
