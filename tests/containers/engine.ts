/** Runs podman, buildah and podman-compose with storage and settings of their own. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { plainEnvironment } from '../support/run-daytrade.ts';

/** Building an image installs packages over the network. */
const COMMAND_MAX_MS = 900_000;
const PROGRAMS = ['podman', 'buildah', 'runc', 'podman-compose', 'debootstrap', 'npm'];
/** A container has no more than this machine may give it, which can be less than an engine's default. */
const LIMITS = ['nofile=20000:20000', 'nproc=4000:4000'];

export type Engine = {
  /** Resolves to the output of a program of the engine; rejects if it fails. */
  readonly run: (program: string, ...args: readonly string[]) => Promise<string>;
  /** The folder of the images, which is kept. */
  readonly folder: string;
};

/** Returns what this machine lacks to run containers, in words; undefined if it has everything. */
export function whatIsLacking(): string | undefined {
  if (process.getuid?.() !== 0) return 'this user is not root';
  const path = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`.split(delimiter);
  const missing = PROGRAMS.filter((name) => !path.some((folder) => existsSync(join(folder, name))));
  return missing.length === 0 ? undefined : `there is no ${missing.join(', ')}`;
}

/**
 * Opens an engine whose images are kept in the folder. `settings` are variables that Compose files
 * ask for.
 */
export function openEngine(folder: string, settings: Readonly<Record<string, string>>): Engine {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const storage = `[storage]
driver = "overlay"
graphroot = "${join(folder, 'storage')}"
runroot = "${join(folder, 'run')}"
`;
  const containers = `[containers]
default_ulimits = ${JSON.stringify(LIMITS)}
log_driver = "k8s-file"
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
image_default_format = "docker"
[network]
network_config_dir = "${join(folder, 'networks')}"
`;
  // The authorities that this machine's npm trusts besides its own.
  const { NODE_EXTRA_CA_CERTS } = process.env;
  const env = {
    ...plainEnvironment(),
    NODE_EXTRA_CA_CERTS,
    ...settings,
    CONTAINERS_STORAGE_CONF: write('storage.conf', storage),
    CONTAINERS_CONF: write('containers.conf', containers),
    BUILDAH_FORMAT: 'docker',
  };
  return { folder, run: (program, ...args) => runProgram(program, args, env) };
}

async function runProgram(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const child = spawn(program, args, {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: COMMAND_MAX_MS,
  });
  let output = '';
  let said = '';
  child.stdout.on('data', (piece: Buffer) => void (output += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => void (said += piece.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code === 0) return output;
  throw new Error(`${program} ${args.join(' ')} (${code ?? 'killed'}): ${said}${output}`);
}
