/** `daytrade accounts`: writes every account as a JSON line. */
import type { Command } from 'commander';
import { readConfig } from '../../shared/runtime/config.ts';
import { withDatabase } from './open-database.ts';
import { checkOutput, writeOutput } from './output-file.ts';
import { count, say } from './output.ts';
import { streamAccounts } from './write-accounts.ts';

export function registerAccounts(program: Command): void {
  program
    .command('accounts')
    .description('write the accounts of a running or stopped system as JSON lines')
    .argument('[out]', 'the file to write; - is standard output', '-')
    .action(async (out: string) => {
      const { orderLifetimeMs } = readConfig(process.env);
      const place = await checkOutput(out);
      const accounts = await withDatabase('accounts', (pool) =>
        writeOutput(place, (into) => streamAccounts(pool, orderLifetimeMs, into)),
      );
      say(`${place.name}: ${count(accounts)} accounts`);
    });
}
