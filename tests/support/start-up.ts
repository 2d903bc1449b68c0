/** Runs `daytrade up` in a process of its own. */
import { spawn } from 'node:child_process';
import { findSystem } from '../../shared/control/control-client.ts';
import { DAYTRADE, plainEnvironment } from './run-daytrade.ts';
import { until } from './until.ts';

export type Running = {
  /** Standard output. */
  readonly printed: () => string;
  /** Standard error. */
  readonly said: () => string;
  /** Resolves to the exit code when the process ends, for any reason. */
  readonly ended: Promise<number | null>;
  readonly stop: () => Promise<void>;
};

export type StartUpOptions = {
  readonly home: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
};

/** Resolves when the system takes work. If it ends or is late, stops it and rejects with its output. */
export async function startUp({ home, environment, timeoutMs }: StartUpOptions): Promise<Running> {
  const child = spawn(process.execPath, [DAYTRADE, 'up'], {
    env: { ...plainEnvironment(), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  let said = '';
  child.stdout.on('data', (piece: Buffer) => void (printed += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => void (said += piece.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  try {
    await until(async () => hasEnded() || (await findSystem(home)), {
      what: 'the system is up',
      timeoutMs,
    });
    if (hasEnded()) throw new Error('it ended');
  } catch (cause) {
    child.kill('SIGTERM');
    await ended;
    throw new Error(`the system did not start: ${said}`, { cause });
  }
  return {
    printed: () => printed,
    said: () => said,
    ended,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
