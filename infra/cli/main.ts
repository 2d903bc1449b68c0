/** Runs the command that was typed; whatever fails in it ends here. */
// First: what follows reads the environment.
import '../../shared/runtime/foreign-environment.ts';
import { endsAtOnce, exitCodeOf, linesOf } from './exit-code.ts';
import { CLOSED_OUTPUT, say, unwritten } from './output.ts';
import { openProgram } from './program.ts';

// Whoever reads our output may have enough of it. What is begun is ended in order all the same: a
// process that ended at once would leave its broker and database behind.
for (const [name, stream] of [
  ['standard output', process.stdout],
  ['standard error', process.stderr],
] as const) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (!CLOSED_OUTPUT.has(error.code ?? '')) end(unwritten(error, name));
  });
}

// Everything that is written belongs to its user alone: dumps, logs and backups tell about people and money.
process.umask(0o077);

let hasFailed = false;

/** Says once what failed; the first fault is the reason of those that follow it. */
function end(error: unknown): void {
  if (hasFailed) return;
  hasFailed = true;
  linesOf(error).forEach(say);
  process.exitCode = exitCodeOf(error);
  // What still waits for a service that is gone would keep the process.
  if (endsAtOnce(error)) process.exit();
}

// A fault outside of what the command waits for, such as a timer's: nothing would end the command.
process.on('uncaughtException', (error) => {
  end(error);
  process.exit();
});

// Node ends so, and silently, where nothing is left that the command could wait for.
const UNSETTLED = 13;
process.on('exit', () => {
  if (process.exitCode === UNSETTLED) end(new Error('it waited for something that cannot come'));
});

await openProgram(process.argv[2])
  .then((program) => program.parseAsync())
  .catch(end);
