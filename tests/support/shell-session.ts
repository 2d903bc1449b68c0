/** A shell that runs one command after the other, so that variables stay set. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { until } from './until.ts';

export type ShellResult = {
  readonly exitCode: number;
  /** The text of both outputs. */
  readonly output: string;
};

export type ShellSession = {
  /** Runs a command with an empty standard input. */
  readonly run: (command: string) => Promise<ShellResult>;
  readonly close: () => Promise<void>;
};

/** The longest time of a command. */
const COMMAND_MAX_MS = 240_000;

export function openShell(options: {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}): ShellSession {
  const shell = spawn('bash', ['--noprofile', '--norc'], {
    ...options,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let printed = '';
  shell.stdout.on('data', (piece: Buffer) => void (printed += piece.toString()));
  const ended = new Promise<void>((resolve) => shell.once('close', () => resolve()));
  return {
    run: async (command) => {
      const mark = randomUUID();
      const end = new RegExp(`${mark} (\\d+)\n`);
      printed = '';
      // A comment at the end of the command ends with its line.
      shell.stdin.write(`{ ${command}\n} < /dev/null 2>&1; echo "${mark} $?"\n`);
      const [shown, exitCode = ''] = await until(() => end.exec(printed) ?? undefined, {
        what: `${command} ends`,
        timeoutMs: COMMAND_MAX_MS,
      }).catch((cause: unknown) => {
        throw new Error(`${command} did not end and printed: ${printed}`, { cause });
      });
      return { exitCode: Number(exitCode), output: printed.replace(shown, '') };
    },
    close: async () => {
      shell.stdin.end();
      await ended;
    },
  };
}
