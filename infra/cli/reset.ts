/** `daytrade reset`: resets the data folder to its state before the first start. */
import type { Command } from 'commander';
import { readConfig } from '../../shared/runtime/config.ts';
import { foldersOf, removeData } from '../operations/remove-data.ts';
import { confirm } from './confirm.ts';
import { say } from './output.ts';
import { OWN_COMMAND } from '../../shared/runtime/own-command.ts';

type Options = { readonly yes?: true };

export function registerReset(program: Command): void {
  program
    .command('reset')
    .description(
      'remove all accounts, messages, logs and dumps of the data folder, after a question',
    )
    .option('--yes', 'do not ask')
    .action(async ({ yes }: Options) => {
      const { home, databaseUrl, amqpUrl } = readConfig(process.env);
      const folders = foldersOf(home).join(' and ');
      await confirm(`Remove all accounts, messages, logs and dumps in ${folders}?`, yes);
      await removeData(home);
      say(`Removed what was in ${folders}.`);
      if (databaseUrl !== undefined || amqpUrl !== undefined) {
        say('The servers that DATABASE_URL and AMQP_URL name keep what they have.');
        say(`To drop that, too: ${OWN_COMMAND} up --fresh --yes`);
      }
    });
}
