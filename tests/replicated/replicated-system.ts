/** A replicated system that runs for a suite or a measurement, as a user would start it. */
import { readMembers, type Members } from '../../infra/services/replicated/read-members.ts';
import type { MachineInfo } from '../../infra/supervisor/control-server.ts';
import { until } from '../support/until.ts';
import { openUpSystem, type UpSystem } from '../support/up-system.ts';

const WHOLE_MAX_MS = 120_000;

export type ReplicatedSystem = UpSystem & {
  readonly machine: (name: string) => Promise<MachineInfo>;
  readonly members: () => Promise<Members>;
  /** Resolves when every member is there again: a primary, two standbys, three brokers. */
  readonly whole: () => Promise<Members>;
};

export async function openReplicatedSystem(): Promise<ReplicatedSystem> {
  const system = await openUpSystem({ REPLICATED: '1' });
  const { info } = system;
  const members = async (): Promise<Members> => readMembers((await info()).machines);
  return {
    ...system,
    members,
    machine: async (name) => {
      const machine = (await info()).machines.find((each) => each.name === name);
      if (machine === undefined) throw new Error(`there is no machine ${name}`);
      return machine;
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
