/**
 * Renders the completion scripts of bash, zsh and fish. Each script first finds which command is typed, and then
 * offers that command's words and options. Where it has nothing to offer, the shell completes file names. Pure.
 */
import type { CompletedCommand } from './completed-commands.ts';

/** Quotes a text as one word of every shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", '’')}'`;

/** How the scripts name a command: `/parked/list`, and an empty text for `daytrade` itself. */
const placeOf = ({ path }: CompletedCommand): string => path.map((name) => `/${name}`).join('');

/** The names of all commands below `daytrade`, as the pattern of a `case`. */
const patternOf = (commands: readonly CompletedCommand[], separator: string): string =>
  commands
    .map(placeOf)
    .filter((place) => place !== '')
    .join(separator);

/** Returns each option with choices, as `/workload --via`, and its choices. */
const choicesOf = (
  commands: readonly CompletedCommand[],
): readonly (readonly [place: string, choices: readonly string[]])[] =>
  commands.flatMap((command) =>
    command.options
      .filter(({ choices }) => choices.length > 0)
      .map(({ text, choices }) => [`${placeOf(command)} ${text}`, choices] as const),
  );

const textsOf = (words: readonly { readonly text: string }[]): string =>
  quoted(words.map(({ text }) => text).join(' '));

export function bashCompletion(commands: readonly CompletedCommand[]): string {
  const ofCommands = commands.map(
    (command) => `    ${quoted(placeOf(command))})
      words=${textsOf(command.words)}
      options=${textsOf(command.options)} ;;`,
  );
  const ofOptions = choicesOf(commands).map(
    ([place, choices]) => `    ${quoted(place)}) words=${quoted(choices.join(' '))} ;;`,
  );
  return `# Completion of daytrade for bash: source <(daytrade completion bash)
_daytrade() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD - 1]}"
  local place='' word words='' options=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$place/$word" in
    ${patternOf(commands, ' | ')}) place="$place/$word" ;;
    esac
  done
  case "$place" in
${ofCommands.join('\n')}
  esac
  case "$place $previous" in
${ofOptions.join('\n')}
  esac
  [[ "$current" != -* ]] || words="$options"
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -o default -F _daytrade daytrade
`;
}

export function zshCompletion(commands: readonly CompletedCommand[]): string {
  const entry = ({ text, description }: { text: string; description: string }): string =>
    quoted(`${text}:${description}`);
  const branch = (command: CompletedCommand): string => {
    return `    ${quoted(placeOf(command))})
      words_=(${command.words.map(entry).join(' ')})
      options_=(${command.options.map(entry).join(' ')}) ;;`;
  };
  const choices = choicesOf(commands).map(
    ([place, texts]) => `    ${quoted(place)}) compadd -- ${texts.join(' ')}; return ;;`,
  );
  return `#compdef daytrade
# Completion of daytrade for zsh: source <(daytrade completion zsh)
_daytrade() {
  local place='' word
  local -a words_ options_
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$place/$word" in
    ${patternOf(commands, ' | ')}) place="$place/$word" ;;
    esac
  done
  case "$place \${words[CURRENT-1]}" in
${choices.join('\n')}
  esac
  case "$place" in
${commands.map(branch).join('\n')}
  esac
  if [[ "$PREFIX" == -* ]]; then
    _describe -o option options_
  elif ((\${#words_})); then
    _describe command words_
  else
    _files
  fi
}
compdef _daytrade daytrade
[[ "$funcstack[1]" != _daytrade ]] || _daytrade "$@"
`;
}

export function fishCompletion(commands: readonly CompletedCommand[]): string {
  const lines = commands.flatMap((command) => {
    const place = placeOf(command);
    const at = `complete -c daytrade -n ${quoted(`test (__daytrade_place) = "${place}"`)}`;
    const words = command.words.map(
      ({ text, description }) => `${at} -f -a ${text} -d ${quoted(description)}`,
    );
    const options = command.options.map(({ text, description, takesValue, choices }) => {
      const value = !takesValue
        ? ''
        : choices.length > 0
          ? ` -x -a ${quoted(choices.join(' '))}`
          : ' -r';
      return `${at} -l ${text.slice(2)}${value} -d ${quoted(description)}`;
    });
    return [...words, ...options];
  });
  return `# Completion of daytrade for fish: daytrade completion fish | source
function __daytrade_place
  set -l place ''
  for word in (commandline -opc)[2..-1]
    switch "$place/$word"
      case ${patternOf(commands, ' ')}
        set place "$place/$word"
    end
  end
  echo $place
end
${lines.join('\n')}
`;
}
