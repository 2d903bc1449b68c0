/** The command line, as a user calls it. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
export const DAYTRADE: string = join(ROOT, 'infra/setup/daytrade.mjs');

/** A command that takes longer is stopped, so that what it printed is seen. */
const RUN_MS = 120_000;

export type Ran = {
  readonly exitCode: number | null;
  /** What programs read. */
  readonly output: string;
  /** What people read. */
  readonly said: string;
};

/** Runs it with that environment alone: the tester's own settings have no part in it. */
export async function runDaytrade(
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
  input = '',
): Promise<Ran> {
  const child = spawn(process.execPath, [DAYTRADE, ...args], {
    cwd: ROOT,
    env: { ...plainEnvironment(), ...settings },
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: RUN_MS,
    killSignal: 'SIGTERM',
  });
  let output = '';
  let said = '';
  child.stdout.on('data', (piece: Buffer) => void (output += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => void (said += piece.toString()));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { exitCode, output, said };
}

/** What it ran to. Rejects with what it printed where it did not end well. */
export async function succeeded(args: readonly string[], running: Promise<Ran>): Promise<Ran> {
  const ran = await running;
  if (ran.exitCode === 0) return ran;
  throw new Error(`daytrade ${args.join(' ')}: ${ran.said}${ran.output}`);
}

export function plainEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, LANG, TMPDIR } = process.env;
  return { PATH, HOME, LANG, TMPDIR };
}
