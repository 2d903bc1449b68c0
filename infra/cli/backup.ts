/** `daytrade backup`: what is stored, into a file. */
import type { Command } from 'commander';
import { statSync } from 'node:fs';
import { backUp } from '../operations/backup.ts';
import { bytes } from '../operations/render-status.ts';
import { withDatabase } from './open-database.ts';
import { fromUser, say } from './output.ts';

export function registerBackup(program: Command): void {
  program
    .command('backup')
    .description('write everything stored to a file, of a running or a stopped system')
    .argument('<file>', 'the file to write')
    .action(async (name: string) => {
      const file = fromUser(name);
      await withDatabase('backup', (_pool, url) => backUp(url, file));
      say(`${file}: ${bytes(statSync(file).size)}`);
    });
}
