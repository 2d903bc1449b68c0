/** `daytrade completion`: prints a script with which a shell completes commands and options. */
import { Argument, type Command } from 'commander';
import { completedCommands } from './completed-commands.ts';
import { bashCompletion, fishCompletion, zshCompletion } from './completion-scripts.ts';
import { writeOut } from './output.ts';

const SCRIPTS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };

export function registerCompletion(program: Command): void {
  program
    .command('completion')
    .description('print a script that completes commands and options in a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(SCRIPTS)))
    .action(async (shell: keyof typeof SCRIPTS) => {
      await writeOut(SCRIPTS[shell](completedCommands(program)));
    });
}
