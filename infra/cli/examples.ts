/** The examples in the help of the commands. */
import type { Command } from 'commander';
import { OWN_COMMAND } from '../../shared/runtime/own-command.ts';

/**
 * The examples: a sentence and a command line for each. An example is shown in the help of the last command of
 * its line.
 */
const EXAMPLES: readonly (readonly [does: string, line: string])[] = [
  [
    'Run a file on empty data, and write the log:',
    'daytrade workload w.txt --fresh --dump log.xml',
  ],
  [
    'Run a folder of files; type it again to continue after Ctrl-C:',
    'daytrade workload parts/ --run friday',
  ],
  ['Print the figures as JSON:', 'daytrade workload w.txt --json'],
  ['Write a page about the run, with charts:', 'daytrade workload w.txt --html report.html'],
  ['Run the system and its web client until Ctrl-C:', 'daytrade up'],
  ['Watch twenty people trade for ten minutes:', 'daytrade demo --minutes 10'],
  ['Stop the system, and keep its data:', 'daytrade down'],
  ['Check this machine, for a program that reads the result:', 'daytrade doctor --json'],
  ['Save all data:', 'daytrade backup friday.backup'],
  ['Replace all data by those of a backup:', 'daytrade restore friday.backup'],
  ['Go back to a time since the last checkpoint:', 'daytrade restore --to 2026-11-25T14:03:00Z'],
  ['Move the data to the installed versions of the services:', 'daytrade upgrade'],
  ['Remove all data without a question:', 'daytrade reset --yes'],
  ['Remove the data folder after a question:', 'daytrade uninstall'],
  ['Send 500 commands per second:', 'daytrade publish w.txt --rate 500'],
  [
    'Keep a system busy until Ctrl-C:',
    'daytrade generate --commands 1000 | daytrade publish - --loop',
  ],
  ['Add $1,000.00 to the account of alice:', "daytrade send 'ADD,alice,1000.00'"],
  ['Place an order, and print the answer as JSON:', "daytrade send 'BUY,alice,ABC,100.00' --json"],
  ['Write the whole audit log:', 'daytrade dump log.xml'],
  ['Print the log of one user:', 'daytrade dump - --user alice'],
  ['Write every account to a file:', 'daytrade accounts accounts.ndjson'],
  ['Print the accounts of a past time:', 'daytrade accounts --at 2026-11-25T14:03:00Z'],
  [
    'Check a log, and that it has every command of a file:',
    'daytrade check log.xml --workload w.txt',
  ],
  [
    'Write the accounts that a log gives, and a report:',
    'daytrade check log.xml --accounts accounts.ndjson --html report.html',
  ],
  ['Check a system that has nothing left to do:', 'daytrade verify --drained'],
  ['List what could not be read:', 'daytrade parked list'],
  ['Show a message by its id from the list:', 'daytrade parked show 0199f0c2'],
  ['Send a message to its queue again:', 'daytrade parked replay 0199f0c2'],
  ['Delete a message for good:', 'daytrade parked drop 0199f0c2'],
  ['Repeat the faults of seed 7 for one minute:', 'daytrade chaos --seed 7 --minutes 1'],
  ['Let a program read every event, and keep its URL:', 'daytrade feed grant board > url'],
  ['Let a program read what alice does:', "daytrade feed grant alice-app --keys 'feed.alice.*'"],
  ['End a reader:', 'daytrade feed revoke board'],
  ['List the readers as JSON:', 'daytrade feed list --json'],
  ['Create an administrator named maria:', 'daytrade admin create maria'],
  ['Give maria a new password:', 'daytrade admin reset-password maria'],
  ['Write the definitions for the virtual host trade:', 'daytrade definitions --vhost trade'],
  ['Measure, and print the figures as JSON:', 'daytrade capacity --json'],
  ['Restart one pool, process by process:', 'daytrade rolling-restart transaction'],
  ['Run three transaction processes:', 'daytrade scale transaction=3'],
  ['Run one to four, as the load demands:', 'daytrade scale transaction=auto:1-4'],
  ['Make a copy, and keep the last five:', 'daytrade checkpoint --keep 5'],
  ['Make the standby the primary before work on the machine:', 'daytrade switchover'],
  ['Spread the users over 16 shards:', 'daytrade reshard 16'],
  ['Move all months before September 2026 into files:', 'daytrade archive --before 2026-09'],
  ['Bring August 2026 back:', 'daytrade unarchive audit-2026-08.csv.gz'],
  ['Let one process log more:', 'daytrade log-level debug transaction-1'],
  ['Follow the logs of all processes:', 'daytrade logs -f'],
  ['Show what a pool logged about a user:', 'daytrade logs transaction --of alice'],
  ['Watch the running system until Ctrl-C:', 'daytrade status --watch'],
  ['Write a workload of 1,000 users:', 'daytrade generate --users 1000 --out w1000.txt'],
  ['Complete commands and options in this bash:', 'source <(daytrade completion bash)'],
  [
    'Install the completion for fish:',
    'daytrade completion fish > ~/.config/fish/completions/daytrade.fish',
  ],
];

/** Returns the arguments of the last `daytrade` in a command line, without quotes and redirection. */
export function argumentsOf(line: string): readonly string[] {
  const [typed = ''] =
    line
      .split(/\bdaytrade /)
      .at(-1)
      ?.split(' >') ?? [];
  const words = typed.match(/'[^']*'|[^\s)]+/g) ?? [];
  return words.map((word) => word.replaceAll("'", ''));
}

/** Adds its examples to the help of each command. */
export function addExamples(program: Command): void {
  const added = new Map<Command, string[]>();
  for (const [does, line] of EXAMPLES) {
    const command = calledBy(argumentsOf(line), program);
    if (command === program) continue;
    const own = added.get(command) ?? [];
    added.set(command, [
      ...own,
      `  ${does}\n    ${line.replaceAll('daytrade ', `${OWN_COMMAND} `)}`,
    ]);
  }
  for (const [command, texts] of added) {
    command.addHelpText('after', `\nExample${texts.length > 1 ? 's' : ''}:\n${texts.join('\n')}`);
  }
}

/** Returns the command that the words name, or the program if it is not loaded. */
function calledBy([word, ...others]: readonly string[], from: Command): Command {
  const below = from.commands.find((each) => each.name() === word);
  return below === undefined ? from : calledBy(others, below);
}
