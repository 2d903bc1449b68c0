/** `daytrade uninstall`: removes the data, and says what else can be removed. */
import type { Command } from 'commander';
import { packageRoot } from '../../shared/runtime/package-root.ts';
import { readConfig } from '../../shared/runtime/config.ts';
import { addedPackages, foldersOf, removeDataFolder } from '../operations/remove-data.ts';
import { confirm } from './confirm.ts';
import { say } from './output.ts';

type Options = { readonly yes?: true };

export function registerUninstall(program: Command): void {
  program
    .command('uninstall')
    .description(
      'remove the data folder, after a question, and name the packages that apt installed',
    )
    .option('--yes', 'do not ask')
    .action(async ({ yes }: Options) => {
      const { home } = readConfig(process.env);
      const folders = foldersOf(home);
      await confirm(`Remove ${folders.join(' and ')} with all data?`, yes);
      const packages = addedPackages(home);
      const left = await removeDataFolder(home);
      const gone = folders.filter((folder) => folder !== home || left.length === 0);
      if (gone.length > 0) say(`Removed: ${gone.join(' and ')}`);
      if (left.length > 0) say(`${home} stays: it holds ${left.join(', ')}.`);
      say(`The program itself is in ${packageRoot}: delete that folder.`);
      say(
        packages.length === 0
          ? 'apt added no packages.'
          : `apt added these; if nothing else uses them: sudo apt-get remove ${packages.join(' ')}`,
      );
    });
}
