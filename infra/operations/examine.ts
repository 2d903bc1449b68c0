/** Examines before a start whether the machine has what a system needs. */
import { constants, existsSync } from 'node:fs';
import { access } from 'node:fs/promises';
import type { Config } from '../../shared/runtime/config.ts';
import { roomsOf } from '../services/check-room.ts';
import { isFree } from '../host/ports.ts';
import { newestBinaries } from '../services/private/postgres-binaries.ts';
import { DISK_FREE_LIMIT_BYTES } from '../services/private/rabbitmq-config.ts';
import { isRabbitInstalled } from '../services/private/rabbitmq.ts';
import type { Examined } from './examined.ts';
import { examineGiven } from './examine-given.ts';
import { freeBytesOf, nearestFolder } from '../host/free-bytes.ts';

const NODE_OLDEST: readonly [number, number] = [20, 11];
/**
 * Leaves room for a day's audit log above the limit at which the broker stops accepting messages.
 */
const DISK_GOOD_BYTES = 5e9;

type ExamineOptions = {
  readonly config: Config;
  /** Skips the ports, which the running system itself uses. */
  readonly isRunning: boolean;
};

/** Returns all findings, good ones included. Changes nothing, and starts nothing. */
export async function examine({ config, isRunning }: ExamineOptions): Promise<readonly Examined[]> {
  return [
    judgeNode(process.versions.node),
    await examineFolder(config.home),
    ...examineDisks(config),
    ...(await examineBind(config)),
    ...(isRunning ? [] : await examinePorts(config)),
    ...examineInstalled(config),
    ...(await examineGiven(config)),
  ];
}

export function judgeNode(version: string): Examined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldest, oldestMinor] = NODE_OLDEST;
  const isGood = major > oldest || (major === oldest && minor >= oldestMinor);
  const found = `Node ${version}`;
  if (isGood) return { what: 'node', is: 'good', found };
  return {
    what: 'node',
    is: 'bad',
    found,
    advice: `Install Node ${NODE_OLDEST.join('.')} or later.`,
  };
}

export function judgeDisk(freeBytes: number, leastBytes: number = DISK_FREE_LIMIT_BYTES): Examined {
  const found = `${(freeBytes / 1e9).toFixed(1)} GB free`;
  if (freeBytes >= DISK_GOOD_BYTES) return { what: 'disk', is: 'good', found };
  const is = freeBytes < leastBytes ? 'bad' : 'doubtful';
  const advice = `Make room: below ${leastBytes / 1e6} MB nothing can be stored. docs/RUNBOOK.md#disklow`;
  return { what: 'disk', is, found, advice };
}

/**
 * Examines the disk of the data folder, and that of the private database if it lies elsewhere, as
 * for root.
 */
function examineDisks(config: Config): readonly Examined[] {
  const { home } = config;
  const database = roomsOf(config).find(({ what }) => what === 'database');
  return [
    judgeDisk(freeBytesOf(home)),
    ...(database === undefined || database.folder.startsWith(home)
      ? []
      : [
          {
            ...judgeDisk(database.freeBytes, database.leastBytes),
            what: 'disk of the database',
            found: `${(database.freeBytes / 1e9).toFixed(1)} GB free, ${database.folder}`,
          },
        ]),
  ];
}

async function examineBind({ bind }: Config): Promise<readonly Examined[]> {
  if (await isFree(0, bind)) return [];
  const advice = 'Set BIND to an address of this machine (ip address), or leave it out.';
  return [{ what: 'BIND', is: 'bad', found: `${bind} is no address of this machine`, advice }];
}

async function examineFolder(home: string): Promise<Examined> {
  const what = 'data folder';
  try {
    await access(nearestFolder(home), constants.W_OK | constants.X_OK);
    const found = existsSync(home) ? home : `${home} (made by the first start)`;
    return { what, is: 'good', found };
  } catch {
    const advice = 'Give another by DAYTRADE_HOME, or see that you may write there.';
    return { what, is: 'bad', found: `${home} cannot be written`, advice };
  }
}

/** Examines the configured ports, which must be free; the others are chosen at each start. */
async function examinePorts(config: Config): Promise<readonly Examined[]> {
  const wished = {
    WEB_PORT: config.webPort,
    MANAGEMENT_PORT: config.managementPort,
    METRICS_PORT: config.metricsPort,
  };
  return await Promise.all(
    Object.entries(wished).flatMap(([variable, port]) =>
      port === undefined ? [] : [examinePort(variable, port)],
    ),
  );
}

async function examinePort(variable: string, port: number): Promise<Examined> {
  const what = variable;
  if (await isFree(port)) return { what, is: 'good', found: `${port} is free` };
  const advice = `See who listens there (ss -ltnp sport = :${port}), or set another ${variable}.`;
  return { what, is: 'bad', found: `${port} is taken or may not be used`, advice };
}

function examineInstalled({ amqpUrl, databaseUrl }: Config): readonly Examined[] {
  const named = (what: string, isThere: boolean, variable: string): Examined => {
    if (isThere) return { what, is: 'good', found: 'installed' };
    const advice = `The first start installs it on Debian; or set ${variable} to a server that runs.`;
    return { what, is: 'doubtful', found: 'not installed', advice };
  };
  return [
    ...(databaseUrl === undefined
      ? [named('PostgreSQL', newestBinaries() !== undefined, 'DATABASE_URL')]
      : []),
    ...(amqpUrl === undefined ? [named('RabbitMQ', isRabbitInstalled(), 'AMQP_URL')] : []),
  ];
}
