/** A replicated system that runs for a suite or a measurement, as a user would start it. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readMembers, type Members } from '../../infra/services/replicated/read-members.ts';
import { findSystem } from '../../infra/supervisor/control-client.ts';
import type { MachineInfo, SystemInfo } from '../../infra/supervisor/control-server.ts';
import { DAYTRADE, plainEnvironment, runDaytrade, type Ran } from '../support/run-daytrade.ts';
import { until } from '../support/until.ts';

const START_MAX_MS = 240_000;
const WHOLE_MAX_MS = 120_000;

export type ReplicatedSystem = {
  readonly home: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly info: () => Promise<SystemInfo>;
  readonly machine: (name: string) => Promise<MachineInfo>;
  readonly members: () => Promise<Members>;
  /** The process id of one of the system's processes. */
  readonly pid: (name: string) => Promise<number>;
  /** Resolves when every member is there again: a primary, two standbys, three brokers. */
  readonly whole: () => Promise<Members>;
  readonly daytrade: (args: readonly string[]) => Promise<Ran>;
  readonly close: () => Promise<void>;
};

/** Nothing expires, and prices stand still, so that the model can say what comes out. */
const SETTINGS = {
  REPLICATED: '1',
  ORDER_LIFETIME_S: '3600',
  QUOTE_LIFETIME_S: '3600',
  QUOTE_SERVER_FLAGS: '--fixed-prices --delay-ms 0',
};

export async function openReplicatedSystem(): Promise<ReplicatedSystem> {
  const home = mkdtempSync(join(tmpdir(), 'daytrade-replicated-'));
  const environment = { ...SETTINGS, DAYTRADE_HOME: home };
  const child = spawn(process.execPath, [DAYTRADE, 'up'], {
    env: { ...plainEnvironment(), ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (piece: Buffer) => void (said += piece.toString()));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const isUp = until(() => findSystem(home), {
    what: 'the replicated system is up',
    timeoutMs: START_MAX_MS,
  });
  const isOver = ended.then(() => {
    throw new Error(`the system did not start: ${said}`);
  });
  isOver.catch(() => undefined);
  await Promise.race([isUp, isOver]);
  const info = async (): Promise<SystemInfo> => {
    const system = await findSystem(home);
    if (system === undefined) throw new Error(`the system does not run: ${said}`);
    return system.info;
  };
  const members = async (): Promise<Members> => readMembers((await info()).machines);
  return {
    home,
    environment,
    info,
    members,
    machine: async (name) => {
      const machine = (await info()).machines.find((each) => each.name === name);
      if (machine === undefined) throw new Error(`there is no machine ${name}`);
      return machine;
    },
    pid: async (name) => {
      const pid = (await info()).processes.find((each) => each.name === name)?.pid;
      if (pid === undefined) throw new Error(`${name} does not run`);
      return pid;
    },
    whole: () =>
      until(
        async () => {
          const { processes } = await info();
          if (processes.some(({ pid }) => pid === undefined)) return undefined;
          const now = await members();
          return isWhole(now) && now;
        },
        { what: 'every member is there', timeoutMs: WHOLE_MAX_MS },
      ),
    daytrade: (args) => runDaytrade(args, environment),
    close: async () => {
      await runDaytrade(['down'], environment);
      await ended;
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function isWhole({ databases, brokers }: Members): boolean {
  const standbys = databases.filter(({ role }) => role !== 'primary');
  const isStreaming = standbys.every(({ state }) => ['running', 'streaming'].includes(state));
  return (
    databases.length === 3 &&
    isStreaming &&
    standbys.length === 2 &&
    standbys.some(({ role }) => role === 'synchronous standby') &&
    brokers.length === 3 &&
    brokers.every(({ isRunning }) => isRunning)
  );
}
