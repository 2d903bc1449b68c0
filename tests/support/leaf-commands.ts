/** The commands of the command line that do something: those without subcommands. */
import type { Command } from 'commander';

/** Returns each with the names that are typed to call it. */
export const leafCommands = (
  command: Command,
  above: readonly string[] = [],
): readonly { readonly path: readonly string[]; readonly command: Command }[] =>
  command.commands.flatMap((each) => {
    const path = [...above, each.name()];
    return each.commands.length > 0 ? leafCommands(each, path) : [{ path, command: each }];
  });
