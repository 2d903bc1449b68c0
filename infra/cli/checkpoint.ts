/** `daytrade checkpoint`: copies a replicated database, as a base for `restore --to`. */
import type { Command } from 'commander';
import { databaseFoldersOf, makeCheckpoint } from '../services/replicated/checkpoints.ts';
import { readConfig } from '../../shared/runtime/config.ts';
import { wholeNumber } from './numbers.ts';
import { say } from './output.ts';
import { withRunningSystem } from './running-system.ts';

const KEEP = 3;
const KEEP_MAX = 1_000;

export function registerCheckpoint(program: Command): void {
  program
    .command('checkpoint')
    .description(
      'copy the running database of a replicated system, so that restore --to can use it',
    )
    .option(
      '--keep <n>',
      'how many copies to keep, with the log since the oldest',
      wholeNumber('--keep', { least: 1, most: KEEP_MAX }),
      KEEP,
    )
    .action(async ({ keep }: { readonly keep: number }) => {
      const config = readConfig(process.env);
      const folders = databaseFoldersOf(config.home);
      await withRunningSystem(config, async ({ info }) => {
        const { at, path } = await makeCheckpoint(folders, info.machines, keep);
        say(`Checkpoint of ${at.toISOString()}: ${path}`);
      });
    });
}
