/** `daytrade backup` and `restore`: what is stored, into a file and back. */
import type { Command } from 'commander';
import { accessSync, constants, statSync } from 'node:fs';
import { readConfig } from '../../shared/runtime/config.ts';
import { CodedError } from '../../shared/runtime/errors.ts';
import { backUp, restore } from '../operations/backup.ts';
import { bytes } from '../operations/render-status.ts';
import { findSystem } from '../supervisor/control-client.ts';
import { isConfirmed } from './confirm.ts';
import { withDatabase } from './open-database.ts';
import { fromUser, say } from './output.ts';

type Options = { readonly yes?: true };

export function registerBackup(program: Command): void {
  program
    .command('backup')
    .description('write everything stored to a file, of a running or a stopped system')
    .argument('<file>', 'the file to write')
    .action(async (name: string) => {
      const file = fromUser(name);
      await withDatabase('backup', (_pool, url) => backUp(url, file));
      say(`${file}: ${bytes(statSync(file).size)}`);
    });
  program
    .command('restore')
    .description('replace everything stored by what a backup holds; asks first')
    .argument('<file>', 'as backup wrote it')
    .option('--yes', 'do not ask')
    .action(async (name: string, { yes }: Options) => {
      const file = readable(fromUser(name));
      await refuseRunning();
      if (!(await isConfirmed(`Replace everything stored by what ${file} holds?`, yes))) {
        say('Nothing was changed.');
        return;
      }
      await withDatabase('restore', (_pool, url) => restore(url, file));
      say('Restored. To start it: npm start');
    });
}

function readable(file: string): string {
  try {
    accessSync(file, constants.R_OK);
    return file;
  } catch (cause) {
    throw new CodedError('file-unreadable', `${file} cannot be read.`, { cause });
  }
}

async function refuseRunning(): Promise<void> {
  const { home } = readConfig(process.env);
  if ((await findSystem(home)) === undefined) return;
  throw new CodedError(
    'not-finished',
    `A system runs on ${home}.\nStop it first: npx daytrade down`,
  );
}
