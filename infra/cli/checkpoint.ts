/** `daytrade checkpoint`: a copy of a replicated database that `rewind --to` begins from. */
import type { Command } from 'commander';
import { readMembers } from '../services/replicated/read-members.ts';
import { databaseFoldersOf, makeCheckpoint } from '../services/replicated/checkpoints.ts';
import { readConfig } from '../../shared/runtime/config.ts';
import { CodedError } from '../../shared/runtime/errors.ts';
import { say } from './output.ts';
import { withRunningSystem } from './running-system.ts';

export function registerCheckpoint(program: Command): void {
  program
    .command('checkpoint')
    .description('copy the running database of a replicated system, for rewind --to')
    .action(async () => {
      const config = readConfig(process.env);
      const folders = databaseFoldersOf(config.home);
      await withRunningSystem(config, async ({ info }) => {
        const { databases } = await readMembers(info.machines);
        const primary = databases.find(({ role }) => role === 'primary')?.machine;
        const machine = info.machines.find(({ name }) => name === primary);
        if (machine === undefined) {
          throw new CodedError('not-finished', 'No machine is the primary now; try again.');
        }
        const { at, path } = makeCheckpoint(folders, machine.databaseUrl);
        say(`Checkpoint of ${at.toISOString()}: ${path}`);
      });
    });
}
