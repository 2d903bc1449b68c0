/** The real system with its web, as `npm start` runs it, on a data folder of its own. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runningSystem } from '../../infra/cli/running-system.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const DAYTRADE = 'infra/setup/daytrade.mjs';
const START_MS = 90_000;

export type Environment = Readonly<Record<string, string>>;

export type WebSystem = {
  /** Its data folder. */
  readonly home: string;
  /** `https://localhost:8443`. */
  readonly url: string;
  /** The block of addresses, with users and passwords. */
  readonly addresses: string;
  /** Runs another command of `daytrade` on the same system; gives its standard output. */
  readonly run: (args: readonly string[]) => Promise<string>;
  readonly databaseUrl: () => Promise<string>;
  /** Of one of its processes. */
  readonly pidOf: (name: string) => Promise<number | undefined>;
  readonly close: () => Promise<void>;
};

/** `root`: another copy of the program. */
export async function startWebSystem(
  settings: Environment,
  root: string = ROOT,
): Promise<WebSystem> {
  const home = mkdtempSync(join(tmpdir(), 'daytrade-browser-'));
  const env = { ...ownEnvironment(), DAYTRADE_HOME: home, ...settings };
  const child = spawn(process.execPath, [join(root, DAYTRADE), 'up'], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`${why}:\n${output}`));
    const timer = setTimeout(() => fail('the system did not come up in time'), START_MS);
    const look = (piece: Buffer): void => {
      output += piece.toString();
      const [, address] = /^ *web +(https:\S+?)\/?$/m.exec(output) ?? [];
      if (address === undefined || !output.includes('Ctrl-C')) return;
      clearTimeout(timer);
      resolve(address);
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    child.once('close', () => {
      clearTimeout(timer);
      fail('the system ended');
    });
  }).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  return {
    home,
    url,
    addresses: readFileSync(join(home, 'addresses'), 'utf8'),
    run: (args) => runDaytrade(args, { root, env }),
    databaseUrl: async () => (await runningSystem({ home })).info.databaseUrl,
    pidOf: async (name) => {
      const { info } = await runningSystem({ home });
      return info.processes.find((each) => each.name === name)?.pid;
    },
    close: async () => {
      child.kill('SIGTERM');
      await ended;
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function runDaytrade(
  args: readonly string[],
  { root, env }: { readonly root: string; readonly env: Environment },
): Promise<string> {
  const child = spawn(process.execPath, [join(root, DAYTRADE), ...args], {
    cwd: root,
    env: { ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let said = '';
  child.stdout.on('data', (piece: Buffer) => (output += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => (said += piece.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code === 0) return output;
  throw new Error(`daytrade ${args.join(' ')} ended with ${code ?? 'a signal'}:\n${said}`);
}

/** The tester's own services and settings have no part in this, nor has what jest sets for node. */
function ownEnvironment(): Environment {
  const kept = ['PATH', 'HOME', 'LANG', 'TMPDIR'];
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      kept.includes(name) && value !== undefined ? [[name, value]] : [],
    ),
  );
}
