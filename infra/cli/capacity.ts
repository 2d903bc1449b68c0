/**
 * `daytrade capacity`: measures what a command costs on this machine, and predicts what users need.
 */
import { join } from 'node:path';
import type { Command } from 'commander';
import { readConfig } from '../../shared/runtime/config.ts';
import { say } from './output.ts';

export function registerCapacity(program: Command): void {
  program
    .command('capacity')
    .description('measure what commands cost on this machine, and predict what users need')
    .option('--json', 'print the measured points and the model as JSON')
    .action(async ({ json = false }: { readonly json?: boolean }) => {
      // Loads the measurements only here, so that other commands start without them.
      const { runCapacity } = await import('../capacity/capacity.ts');
      const folder = join(readConfig(process.env).home, 'bench');
      if (!(await runCapacity(folder, { json, say }))) process.exitCode = 1;
    });
}
