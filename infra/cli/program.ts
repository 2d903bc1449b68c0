/** The command line; each command has its own file. */
import { Command } from 'commander';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../shared/runtime/package-root.ts';
import { readConfig } from '../../shared/runtime/config.ts';
import { addExamples } from './examples.ts';
import { requireDataFolder } from '../supervisor/data-folder.ts';

const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
  version: string;
};

const HELP_END = `
Exit codes: 0 done, also where commands were rejected · 1 something was not done · 64 bad usage ·
65 no workload · 66 no such file or data folder · 69 a given service cannot be reached ·
73 an output cannot be written · 77 the system is another user's · 78 configuration or set-up ·
130 interrupted.
The environment that it reads is listed in docs/CONFIGURATION.md.`;

type Register = (program: Command) => void;

/** The commands in the order of the help; `archive` registers `unarchive` too. */
const COMMANDS: ReadonlyMap<string, () => Promise<Register>> = new Map([
  ['workload', async () => (await import('./workload.ts')).registerWorkload],
  ['up', async () => (await import('./up.ts')).registerUp],
  ['demo', async () => (await import('./demo.ts')).registerDemo],
  ['down', async () => (await import('./down.ts')).registerDown],
  ['doctor', async () => (await import('./doctor.ts')).registerDoctor],
  ['backup', async () => (await import('./backup.ts')).registerBackup],
  ['restore', async () => (await import('./restore.ts')).registerRestore],
  ['upgrade', async () => (await import('./upgrade.ts')).registerUpgrade],
  ['reset', async () => (await import('./reset.ts')).registerReset],
  ['uninstall', async () => (await import('./uninstall.ts')).registerUninstall],
  ['publish', async () => (await import('./publish.ts')).registerPublish],
  ['send', async () => (await import('./send.ts')).registerSend],
  ['dump', async () => (await import('./dump.ts')).registerDump],
  ['accounts', async () => (await import('./accounts.ts')).registerAccounts],
  ['check', async () => (await import('./check.ts')).registerCheck],
  ['verify', async () => (await import('./verify.ts')).registerVerify],
  ['parked', async () => (await import('./parked.ts')).registerParked],
  ['chaos', async () => (await import('./chaos.ts')).registerChaos],
  ['feed', async () => (await import('./feed.ts')).registerFeed],
  ['admin', async () => (await import('./admin.ts')).registerAdmin],
  ['definitions', async () => (await import('./definitions.ts')).registerDefinitions],
  ['capacity', async () => (await import('./capacity.ts')).registerCapacity],
  ['rolling-restart', async () => (await import('./rolling-restart.ts')).registerRollingRestart],
  ['scale', async () => (await import('./scale.ts')).registerScale],
  ['checkpoint', async () => (await import('./checkpoint.ts')).registerCheckpoint],
  ['switchover', async () => (await import('./switchover.ts')).registerSwitchover],
  ['reshard', async () => (await import('./reshard.ts')).registerReshard],
  ['archive', async () => (await import('./archive.ts')).registerArchive],
  ['log-level', async () => (await import('./log-level.ts')).registerLogLevel],
  ['logs', async () => (await import('./logs.ts')).registerLogs],
  ['status', async () => (await import('./status.ts')).registerStatus],
  ['generate', async () => (await import('./generate.ts')).registerGenerate],
  ['completion', async () => (await import('./completion.ts')).registerCompletion],
  ['quote-server', async () => (await import('./quote-server.ts')).registerQuoteServer],
]);

/**
 * The commands that start a system, or need none. `restore` checks the folder itself, because a
 * backup may fill a new one. Every other command requires an existing data folder.
 */
const NEED_NO_DATA_FOLDER: ReadonlySet<string> = new Set([
  ...['up', 'demo', 'workload', 'chaos', 'restore'],
  ...['check', 'doctor', 'capacity', 'definitions', 'generate', 'completion', 'quote-server'],
]);

/** The command that prints the names of all others. */
const COMPLETION = 'completion';

/**
 * Returns the program. Loads only the modules of the typed command, or all if it is missing or
 * unknown.
 */
export async function openProgram(typed?: string): Promise<Command> {
  const program = new Command('daytrade')
    .description('A day trading system on RabbitMQ and PostgreSQL')
    .version(version)
    .exitOverride()
    .configureHelp({ showGlobalOptions: false })
    .addHelpText('after', HELP_END);
  const known = typed === COMPLETION ? undefined : COMMANDS.get(typed ?? '');
  for (const load of known === undefined ? COMMANDS.values() : [known]) (await load())(program);
  addExamples(program);
  program.hook('preAction', (_program, action) => {
    const command = action.parent === program ? action : (action.parent ?? action);
    if (!NEED_NO_DATA_FOLDER.has(command.name())) requireDataFolder(readConfig(process.env).home);
  });
  return program;
}
