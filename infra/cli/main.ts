/** The command line: a file a command. */
// First: what follows reads the environment.
import '../../shared/runtime/foreign-environment.ts';
import { Command } from 'commander';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../shared/runtime/package-root.ts';
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
import { endsAtOnce, exitCodeOf, linesOf } from './exit-code.ts';
import { registerGenerate } from './generate.ts';
import { say } from './output.ts';
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

const program = new Command('daytrade')
  .description('A day trading system on RabbitMQ and PostgreSQL')
  .version(version)
  .exitOverride()
  .configureHelp({ showGlobalOptions: false })
  .addHelpText(
    'after',
    `
Exit codes: 0 done, also where commands were rejected · 1 something was not done · 64 bad usage ·
65 no workload · 66 file not readable · 69 a given service cannot be reached ·
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

/** What Node says of output that nobody reads, the first time and after. */
const CLOSED: ReadonlySet<string> = new Set(['EPIPE', 'ERR_STREAM_DESTROYED']);

// Whoever reads our output may have enough of it. What is begun is ended in order all the same: a
// process that ended at once would leave its broker and database behind.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (!CLOSED.has(error.code ?? '')) throw error;
  });
}

// Everything that is written belongs to its user alone: dumps, logs and backups tell about people and money.
process.umask(0o077);

try {
  await program.parseAsync();
} catch (error) {
  linesOf(error).forEach(say);
  process.exitCode = exitCodeOf(error);
  // What still waits for a service that is gone would keep the process.
  if (endsAtOnce(error)) process.exit();
}
