/** `daytrade backup`: writes everything stored to a file. */
import type { Command } from 'commander';
import { backUp } from '../operations/backup.ts';
import { renderBytes } from '../host/free-bytes.ts';
import { withDatabase } from './open-database.ts';
import { checkOutput, writeOutput } from './output-file.ts';
import { say } from './output.ts';

export function registerBackup(program: Command): void {
  program
    .command('backup')
    .description('write all stored data of a running or stopped system to a file')
    .argument('<file>', 'the file to write; - is standard output')
    .action(async (name: string) => {
      const place = await checkOutput(name);
      const written = await withDatabase('backup', (_pool, url) =>
        writeOutput(place, (into) => backUp(url, into)),
      );
      say(`${place.name}: ${renderBytes(written)}`);
    });
}
