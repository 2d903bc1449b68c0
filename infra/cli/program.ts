/** The command line: every command, a file each. */
import { Command } from 'commander';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../shared/runtime/package-root.ts';
import { readConfig } from '../../shared/runtime/config.ts';
import { requireDataFolder } from '../operations/data-folder.ts';
import { registerAccounts } from './accounts.ts';
import { registerArchive } from './archive.ts';
import { registerBackup } from './backup.ts';
import { registerCapacity } from './capacity.ts';
import { registerChaos } from './chaos.ts';
import { registerDefinitions } from './definitions.ts';
import { registerAdmin } from './admin.ts';
import { registerDoctor } from './doctor.ts';
import { registerDown } from './down.ts';
import { registerDump } from './dump.ts';
import { registerCheckpoint } from './checkpoint.ts';
import { registerSwitchover } from './switchover.ts';
import { registerReshard } from './reshard.ts';
import { registerRestore } from './restore.ts';
import { registerGenerate } from './generate.ts';
import { registerParked } from './parked.ts';
import { registerPublish } from './publish.ts';
import { registerQuoteServer } from './quote-server.ts';
import { registerSend } from './send.ts';
import { registerStatus } from './status.ts';
import { registerLogs } from './logs.ts';
import { registerLogLevel } from './log-level.ts';
import { registerScale } from './scale.ts';
import { registerRollingRestart } from './rolling-restart.ts';
import { registerReset } from './reset.ts';
import { registerUninstall } from './uninstall.ts';
import { registerUp } from './up.ts';
import { registerVerify } from './verify.ts';
import { registerWorkload } from './workload.ts';

const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
  version: string;
};

export const program: Command = new Command('daytrade')
  .description('A day trading system on RabbitMQ and PostgreSQL')
  .version(version)
  .exitOverride()
  .configureHelp({ showGlobalOptions: false })
  .addHelpText(
    'after',
    `
Exit codes: 0 done, also where commands were rejected · 1 something was not done · 64 bad usage ·
65 no workload · 66 no such file or data folder · 69 a given service cannot be reached ·
77 the system is another user's · 78 configuration or set-up · 130 interrupted.
The environment that it reads is listed in docs/CONFIGURATION.md.`,
  );

registerWorkload(program);
registerUp(program);
registerDown(program);
registerDoctor(program);
registerBackup(program);
registerRestore(program);
registerReset(program);
registerUninstall(program);
registerPublish(program);
registerSend(program);
registerDump(program);
registerAccounts(program);
registerVerify(program);
registerParked(program);
registerChaos(program);
registerAdmin(program);
registerDefinitions(program);
registerCapacity(program);
registerRollingRestart(program);
registerScale(program);
registerCheckpoint(program);
registerSwitchover(program);
registerReshard(program);
registerArchive(program);
registerLogLevel(program);
registerLogs(program);
registerStatus(program);
registerGenerate(program);
registerQuoteServer(program);

/**
 * They start a system, or need none; `restore` looks for itself, because a backup may fill a new data folder.
 * Every other command works on a data folder that is there.
 */
const NEED_NO_DATA_FOLDER: ReadonlySet<string> = new Set([
  ...['up', 'workload', 'chaos', 'restore'],
  ...['doctor', 'capacity', 'definitions', 'generate', 'quote-server'],
]);

program.hook('preAction', (_program, action) => {
  const command = action.parent === program ? action : (action.parent ?? action);
  if (!NEED_NO_DATA_FOLDER.has(command.name())) requireDataFolder(readConfig(process.env).home);
});
