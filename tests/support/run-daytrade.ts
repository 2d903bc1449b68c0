/** Runs the command line as a user does. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
export const DAYTRADE: string = join(ROOT, 'infra/setup/daytrade.mjs');

/** A command that takes longer is stopped, so that a failing test shows its output. */
const RUN_MS = 120_000;

export type Ran = {
  readonly exitCode: number | null;
  /** Standard output. */
  readonly output: string;
  /** Standard error. */
  readonly said: string;
};

/** Runs a command with only these settings, without those of the tester's environment. */
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

/** Resolves to the result of a command that succeeds. Rejects with its output if it fails. */
export async function succeeded(args: readonly string[], running: Promise<Ran>): Promise<Ran> {
  const ran = await running;
  if (ran.exitCode === 0) return ran;
  throw new Error(`daytrade ${args.join(' ')}: ${ran.said}${ran.output}`);
}

export function plainEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, LANG, TMPDIR } = process.env;
  return { PATH, HOME, LANG, TMPDIR };
}
