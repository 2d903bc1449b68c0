// Runs a tool quietly: its output is shown only if it fails.
import { spawn } from 'node:child_process';

const TAIL_LINES = 40;

/** Resolves to the tool's exit code and its output; the code is 127 if it cannot be started. */
export function runQuietly(command, args, options) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const collect = (chunk) => (output += chunk);
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) => resolve({ code: 127, output: `${output}${error.message}\n` }));
    child.on('close', (code, signal) => resolve({ code: code ?? 128, signal, output }));
  });
}

/**
 * Ends the process after printing the last lines of the tool's output and the lines for the user.
 */
export function fail(exitCode, output, lines) {
  const tail = output.trimEnd().split('\n').slice(-TAIL_LINES);
  console.error([...tail, '', ...lines].join('\n'));
  process.exit(exitCode);
}
