/** `daytrade dump`: writes the audit log as XML. */
import type { Command } from 'commander';
import { parseUserId } from '../../shared/domain/identity.ts';
import { UsageError } from '../../shared/runtime/errors.ts';
import { dumpLog } from './dump-log.ts';
import { withDatabase } from './open-database.ts';
import { checkOutput, writeOutput } from './output-file.ts';
import { count, say } from './output.ts';

export function registerDump(program: Command): void {
  program
    .command('dump')
    .description('write the audit log of a running or stopped system as XML')
    .argument('<out>', 'the file to write; - is standard output')
    .option('--user <name>', 'only the log of this user')
    .action(async (out: string, { user }: { readonly user?: string }) => {
      if (user !== undefined && parseUserId(user) === undefined) {
        throw new UsageError(`--user ${user}: expected 1 to 64 of A-Z a-z 0-9 _ . -`);
      }
      const place = await checkOutput(out);
      const events = await withDatabase('dump', (pool) =>
        writeOutput(place, (into) => dumpLog(pool, { into, user })),
      );
      say(`${place.name}: ${count(events)} events`);
    });
}
