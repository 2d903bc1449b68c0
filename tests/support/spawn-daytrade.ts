/** Starts a command of the command line that a test watches while it runs. */
import { spawn } from 'node:child_process';
import { DAYTRADE, plainEnvironment } from './run-daytrade.ts';
import { until } from './until.ts';

export type Spawned = {
  readonly pid: number;
  readonly said: () => string;
  /** Resolves when the command has printed the text. */
  readonly until: (text: string) => Promise<void>;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Resolves to the exit code. */
  readonly ended: Promise<number | null>;
};

/** The longest wait for a text; a busy machine needs long for the first line. */
const SAY_MAX_MS = 240_000;

export function spawnDaytrade(
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
  program: readonly string[] = [process.execPath, DAYTRADE],
): Spawned {
  const [command = '', ...before] = program;
  const child = spawn(command, [...before, ...args], {
    env: { ...plainEnvironment(), ...settings },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (piece: Buffer) => void (said += piece.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  let isOver = false;
  void ended.then(() => (isOver = true));
  return {
    pid: child.pid ?? 0,
    said: () => said,
    until: async (text) => {
      await until(
        () => {
          if (said.includes(text)) return true;
          if (isOver) throw new Error(`it has ended, and said: ${said}`);
          return false;
        },
        { what: `it says ${text}`, timeoutMs: SAY_MAX_MS },
      );
    },
    kill: (signal) => void child.kill(signal),
    ended,
  };
}
