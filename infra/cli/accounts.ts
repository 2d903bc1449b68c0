/** `daytrade accounts`: every account, a JSON line each. */
import type { Command } from 'commander';
import { readConfig } from '../../shared/runtime/config.ts';
import { withDatabase } from './open-database.ts';
import { count, fromUser, openLineFile, say, writeOut } from './output.ts';
import { writeAccounts } from './write-accounts.ts';

export function registerAccounts(program: Command): void {
  program
    .command('accounts')
    .description('write every account as a JSON line, of a running or a stopped system')
    .argument('[out]', 'the file to write (default: standard output)')
    .action(async (out: string | undefined) => {
      const { orderLifetimeMs } = readConfig(process.env);
      const file = out === undefined ? STANDARD_OUTPUT : await openLineFile(fromUser(out));
      const accounts = await withDatabase('accounts', (pool) =>
        writeAccounts(pool, orderLifetimeMs, file.write),
      );
      await file.close();
      say(`${count(accounts)} accounts`);
    });
}

const STANDARD_OUTPUT = {
  write: (line: string): Promise<void> => writeOut(`${line}\n`),
  close: () => Promise.resolve(),
};
