/** Runs the command; every error in it ends here. */
// Must be first: the modules below read the environment.
import '../../shared/runtime/foreign-environment.ts';
import { endsAtOnce, exitCodeOf, renderFault } from './exit-code.ts';
import { CLOSED_OUTPUT, say, unwritten } from './output.ts';
import { openProgram } from './program.ts';

// A reader may close our output early. The command still ends in order: an immediate exit would
// leave its broker and database running.
for (const [name, stream] of [
  ['standard output', process.stdout],
  ['standard error', process.stderr],
] as const) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (!CLOSED_OUTPUT.has(error.code ?? '')) end(unwritten(error, name));
  });
}

// All files are private to their user: dumps, logs and backups contain data about people and money.
process.umask(0o077);

let hasFailed = false;

/** Reports the first fault only: it is the reason of those that follow. */
function end(error: unknown): void {
  if (hasFailed) return;
  hasFailed = true;
  renderFault(error).forEach(say);
  process.exitCode = exitCodeOf(error);
  // A pending request to a service that is gone would keep the process alive.
  if (endsAtOnce(error)) process.exit();
}

// Ends the command after a fault outside its promise, such as in a timer.
process.on('uncaughtException', (error) => {
  end(error);
  process.exit();
});

// Node exits with this code, without a message, when nothing is left that could settle the pending
// promise.
const UNSETTLED = 13;
process.on('exit', () => {
  if (process.exitCode === UNSETTLED) end(new Error('it waited for something that cannot come'));
});

await openProgram(process.argv[2])
  .then((program) => program.parseAsync())
  .catch(end);
