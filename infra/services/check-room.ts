/** Checks that the disks have room for the private services, before they are started. */
import type { Config } from '../../shared/runtime/config.ts';
import { SetUpError } from '../../shared/runtime/errors.ts';
import { freeBytesOf } from '../host/free-bytes.ts';
import { databaseFolderOf } from './private/postgres-data.ts';
import { DISK_FREE_LIMIT_BYTES } from './private/rabbitmq-config.ts';

/** Enough for a few segments of the write-ahead log, 16 MB each, and a checkpoint. */
const DATABASE_LEAST_BYTES = 100_000_000;

export type Room = {
  readonly what: 'broker' | 'database';
  readonly folder: string;
  readonly freeBytes: number;
  /** The least free space, in bytes, with which the service works. */
  readonly leastBytes: number;
};

/** Returns the free space for each private service. */
export function roomsOf({ home, amqpUrl, databaseUrl }: Config): readonly Room[] {
  const room = (what: Room['what'], folder: string, leastBytes: number): Room => {
    return { what, folder, leastBytes, freeBytes: freeBytesOf(folder) };
  };
  return [
    ...(databaseUrl === undefined
      ? [room('database', databaseFolderOf(home), DATABASE_LEAST_BYTES)]
      : []),
    ...(amqpUrl === undefined ? [room('broker', home, DISK_FREE_LIMIT_BYTES)] : []),
  ];
}

/** Throws a `SetUpError` for the first service without enough room. */
export function checkRoom(rooms: readonly Room[]): void {
  const short = rooms.find(({ freeBytes, leastBytes }) => freeBytes < leastBytes);
  if (short === undefined) return;
  const { what, folder, freeBytes, leastBytes } = short;
  throw new SetUpError([
    `The disk of ${folder} has ${megabytes(freeBytes)} free. ${REASONS[what]} ${megabytes(leastBytes)}.`,
    'Make room there (df -h, docs/RUNBOOK.md#disklow), or name a folder on another disk in DAYTRADE_HOME.',
    `Or set ${what === 'broker' ? 'AMQP_URL' : 'DATABASE_URL'} to a server that runs.`,
  ]);
}

const REASONS = {
  broker: 'RabbitMQ takes no messages below',
  database: 'PostgreSQL cannot work below',
} as const;

const megabytes = (bytes: number): string => `${Math.floor(bytes / 1e6)} MB`;
