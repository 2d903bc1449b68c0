/** Lists what a shell can complete: the commands, their options and the choices of these. Pure. */
import type { Command } from 'commander';

type Word = { readonly text: string; readonly description: string };

/** An option; `takesValue` if a value follows it, which is a file name where there are no choices. */
export type CompletedOption = Word & {
  readonly takesValue: boolean;
  readonly choices: readonly string[];
};

export type CompletedCommand = {
  /** The names that are typed to call it; empty for `daytrade` itself. */
  readonly path: readonly string[];
  /** Subcommands, or the choices of the first argument. */
  readonly words: readonly Word[];
  readonly options: readonly CompletedOption[];
};

/** Returns a command and all below it. */
export function completedCommands(
  command: Command,
  path: readonly string[] = [],
): readonly CompletedCommand[] {
  const below = command.commands.flatMap((each) => completedCommands(each, [...path, each.name()]));
  return [{ path, words: wordsOf(command), options: optionsOf(command) }, ...below];
}

function wordsOf(command: Command): readonly Word[] {
  const [first] = command.registeredArguments;
  const choices = (first?.argChoices ?? []).map((text) => ({ text, description: '' }));
  const subcommands = command.commands.map((each) => ({
    text: each.name(),
    description: each.description(),
  }));
  return [...subcommands, ...choices];
}

function optionsOf(command: Command): readonly CompletedOption[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long, description, required, optional, argChoices: choices = [] }) =>
      long === undefined
        ? []
        : [{ text: long, description, takesValue: required || optional, choices }],
    );
}
