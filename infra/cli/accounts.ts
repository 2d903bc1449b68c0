/** `daytrade accounts`: writes every account as a JSON line. */
import type { Command } from 'commander';
import { readConfig } from '../../shared/runtime/config.ts';
import { withDatabase } from './open-database.ts';
import { checkOutput, writeOutput } from './output-file.ts';
import { count, say } from './output.ts';
import { pastTime, requireLedgerAt } from './past-time.ts';
import { streamAccounts, streamPastAccounts } from './write-accounts.ts';

type Options = { readonly at?: Date };

export function registerAccounts(program: Command): void {
  program
    .command('accounts')
    .description('write the accounts of a running or stopped system as JSON lines')
    .argument('[out]', 'the file to write; - is standard output', '-')
    .option(
      '--at <time>',
      'as they were at this time, such as 2026-11-25T14:03:00Z: money, shares and reserves',
      pastTime('--at'),
    )
    .action(async (out: string, { at }: Options) => {
      const { orderLifetimeMs } = readConfig(process.env);
      const place = await checkOutput(out);
      const accounts = await withDatabase('accounts', async (pool) => {
        if (at !== undefined) await requireLedgerAt(pool, at);
        return await writeOutput(place, (into) =>
          at === undefined
            ? streamAccounts(pool, orderLifetimeMs, into)
            : streamPastAccounts(pool, at.getTime(), into),
        );
      });
      say(`${place.name}: ${count(accounts)} accounts`);
    });
}
