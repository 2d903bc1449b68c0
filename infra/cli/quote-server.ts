/** `daytrade quote-server`: runs the stand-in for the legacy quote server alone. */
import type { Command } from 'commander';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildRoot } from '../../shared/runtime/package-root.ts';

export function registerQuoteServer(program: Command): void {
  program
    .command('quote-server')
    .description('run a stand-in for the legacy quote server until Ctrl-C')
    .helpOption(false)
    .argument('[flags...]', 'see daytrade quote-server --help')
    .allowUnknownOption()
    .action(async () => {
      // The program parses its own flags, as it does under the supervisor.
      const main = join(buildRoot, 'infra/quote-server/main.js');
      process.argv = [process.execPath, main, ...process.argv.slice(3)];
      await import(pathToFileURL(main).href);
    });
}
