/** `daytrade upgrade`: moves data of older services to the installed versions. */
import type { Command } from 'commander';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { findSystem } from '../../shared/control/control-client.ts';
import { readConfig } from '../../shared/runtime/config.ts';
import { CodedError, UsageError } from '../../shared/runtime/errors.ts';
import { OWN_COMMAND, startCommand } from '../../shared/runtime/own-command.ts';
import { backUp, restore } from '../operations/backup.ts';
import {
  findOlder,
  keptFolder,
  moveDatabase,
  refuseKept,
  setAside,
  undoInterrupted,
} from '../operations/upgrade.ts';
import { stopLeftProcesses } from '../services/private/left-behind.ts';
import { isReplicated } from '../services/replicated/settings-file.ts';
import { requireDataFolder } from '../supervisor/data-folder.ts';
import { tryLockDataFolder } from '../supervisor/data-folder-lock.ts';
import { confirm } from './confirm.ts';
import { withDatabase } from './open-database.ts';
import { say } from './output.ts';

export function registerUpgrade(program: Command): void {
  program
    .command('upgrade')
    .description('move data that older PostgreSQL or RabbitMQ made to the installed versions')
    .option('--yes', 'do not ask')
    .action(upgrade);
}

async function upgrade({ yes }: { readonly yes?: true }): Promise<void> {
  const { home } = readConfig(process.env);
  requireDataFolder(home);
  if (isReplicated(home)) {
    throw new UsageError(`${home} holds a replicated system: restore a backup into another folder`);
  }
  if ((await findSystem(home)) !== undefined) {
    throw new CodedError(
      'not-finished',
      `A system runs on ${home}.\nDrain and stop it first: ${OWN_COMMAND} verify --drained; ${OWN_COMMAND} down`,
    );
  }
  await undoKilled(home);
  const older = findOlder(home);
  const { database, broker } = older;
  if (database === undefined && broker === undefined) {
    say(`The data in ${home} is of the installed versions: there is nothing to upgrade.`);
    return;
  }
  refuseKept(older);
  if (broker !== undefined) {
    await confirm(
      `RabbitMQ ${broker.installed} cannot read the messages in ${broker.folder}. Were its queues drained when the system stopped?`,
      yes,
    );
  }
  if (database !== undefined) {
    say(`Moving the database to PostgreSQL ${database.installed} …`);
    await moveDatabase(home, database, { save, load });
    say(`The old database is kept in ${keptFolder(database)}; remove it when nothing is missed.`);
  }
  if (broker !== undefined) {
    setAside(broker);
    say(`The old broker is kept in ${keptFolder(broker)}; remove it when nothing is missed.`);
  }
  say(`Upgraded. To start it: ${startCommand(home)}. To reconcile it: ${OWN_COMMAND} verify`);
}

/** Stops the database of an upgrade that was killed, then puts the old one back. */
async function undoKilled(home: string): Promise<void> {
  const release = tryLockDataFolder(home);
  if (release === undefined) {
    throw new CodedError('not-finished', `Another command works on ${home}: try again later.`);
  }
  try {
    await stopLeftProcesses(home);
    undoInterrupted(home);
  } finally {
    release();
  }
}

const save = (file: string): Promise<void> =>
  withDatabase('upgrade', async (_pool, url) => {
    const stream = createWriteStream(file, { mode: 0o600 });
    await backUp(url, stream);
    stream.end();
    await finished(stream);
  });

const load = (file: string): Promise<void> =>
  withDatabase('upgrade', (_pool, url) => restore(url, file), { mayBeNew: true });
