/** A workload that runs beside the faults, as a user would publish it. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { generatedFile } from '../support/generated-file.ts';
import { DAYTRADE, plainEnvironment } from '../support/run-daytrade.ts';
import { unlikeModel } from '../support/unlike-model.ts';
import type { ReplicatedSystem } from './replicated-system.ts';

const USERS = 40;
export type Load = {
  /** Resolves when every command is answered; rejects where the run failed. */
  readonly finished: () => Promise<void>;
  /** Between an accounts file and what the contract gives; '' if none. */
  readonly differences: (accounts: readonly string[]) => Promise<string>;
  readonly stop: () => Promise<void>;
};

export type LoadOptions = {
  readonly commands: number;
  /** Commands per second: slow enough for three machines on one, which fail over meanwhile. */
  readonly rate: number;
};

/** Starts to publish. */
export function openLoad(system: ReplicatedSystem, { commands, rate }: LoadOptions): Load {
  const file = join(system.home, 'load.workload');
  generatedFile(file, { users: `${USERS}`, commands: `${commands}`, seed: '11' });
  const publish = ['publish', file, '--rate', `${rate}`, '--run', 'load', '--pack', '4'];
  const child = spawn(process.execPath, [DAYTRADE, ...publish], {
    env: { ...plainEnvironment(), ...system.environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (piece: Buffer) => void (said += piece.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    finished: async () => {
      const code = await ended;
      if (code !== 0) throw new Error(`the load ended with ${code ?? 'a signal'}: ${said}`);
    },
    differences: (accounts) => unlikeModel(system, file, accounts),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
