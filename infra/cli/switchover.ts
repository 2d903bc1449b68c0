/**
 * `daytrade switchover`: makes another machine's database the primary, for example before work on
 * the current one's machine.
 */
import type { Command } from 'commander';
import { readConfig } from '../../shared/runtime/config.ts';
import { UsageError } from '../../shared/runtime/errors.ts';
import { switchOver } from '../services/replicated/switchover.ts';
import { say } from './output.ts';
import { withRunningSystem } from './running-system.ts';
import { OWN_COMMAND } from '../../shared/runtime/own-command.ts';

export function registerSwitchover(program: Command): void {
  program
    .command('switchover')
    .description('make the synchronous standby of a replicated system the primary')
    .action(async () => {
      await withRunningSystem(readConfig(process.env), async ({ info: { machines } }) => {
        if (machines.length === 0) {
          throw new UsageError(
            'the system that runs is not replicated: it has one database, which nothing can take over from',
          );
        }
        const { from, to } = await switchOver(machines);
        say(`The database of ${to} leads; that of ${from} comes back as a standby.`);
        say(`Wait for it before work on ${from}: ${OWN_COMMAND} status`);
      });
    });
}
