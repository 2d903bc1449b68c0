/** The command line of a tool that `npm run` starts. It shows help, and refuses unknown arguments. */
import { Command } from 'commander';
import { exitCodeOf, renderFault } from '../../infra/cli/exit-code.ts';
import { say } from '../../infra/cli/output.ts';

export const openTool = (name: string, description: string): Command =>
  new Command(`npm run ${name} --`).description(description).allowExcessArguments(false);

/** Parses the arguments. Ends the process after help or an error. */
export function parseTool(command: Command): Command {
  try {
    return command.exitOverride().parse();
  } catch (error) {
    return endTool(error);
  }
}

export function endTool(error: unknown): never {
  renderFault(error).forEach(say);
  process.exit(exitCodeOf(error));
}
