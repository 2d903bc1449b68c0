/** A replicated system that runs for a suite or a measurement, as a user would start it. */
import { readMembers, type Members } from '../../infra/services/replicated/read-members.ts';
import type { MachineInfo, SystemInfo } from '../../shared/control/system-info.ts';
import { until } from '../support/until.ts';
import { openUpSystem, type UpSystem } from '../support/up-system.ts';

const WHOLE_MAX_MS = 120_000;
/** Each look asks every broker and every database for all that it knows. */
const LOOK_MS = 500;

/** A path that shells, Erlang and archive commands would take apart. */
const HOME_PREFIX = 'daytrade replicated ü-';

export type ReplicatedSystem = UpSystem & {
  readonly machine: (name: string) => Promise<MachineInfo>;
  readonly members: () => Promise<Members>;
  /** Resolves when every member is there again: a primary, two standbys, three brokers. */
  readonly whole: () => Promise<Members>;
};

export async function openReplicatedSystem(): Promise<ReplicatedSystem> {
  const system = await openUpSystem({ REPLICATED: '1' }, HOME_PREFIX);
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
          const now = await members();
          const missing = [...missingOf(now), ...missingProcesses(processes)];
          if (missing.length > 0) throw new Error(missing.join(', '));
          return now;
        },
        { what: 'every member is there', timeoutMs: WHOLE_MAX_MS, lookMs: LOOK_MS },
      ),
  };
}

function missingProcesses(processes: SystemInfo['processes']): readonly string[] {
  return processes.filter(({ pid }) => pid === undefined).map(({ name }) => `${name} does not run`);
}

/** What keeps the members from being whole, as told by them. */
function missingOf({ databases, brokers }: Members): readonly string[] {
  const standbys = databases.filter(({ role }) => role !== 'primary');
  const late = standbys.filter(({ state }) => !['running', 'streaming'].includes(state));
  const down = brokers.filter(({ isRunning }) => !isRunning);
  const needed = brokers.filter(({ isRunning, neededBy }) => isRunning && neededBy?.length !== 0);
  return [
    ...(databases.length === 3 && standbys.length === 2
      ? []
      : [`${databases.length} databases, ${standbys.length} of them standbys`]),
    ...(standbys.some(({ role }) => role === 'synchronous standby')
      ? []
      : ['no synchronous standby']),
    ...late.map(({ machine, state }) => `the database of ${machine} is ${state}`),
    ...(brokers.length === 3 ? [] : [`${brokers.length} brokers`]),
    ...down.map(({ machine }) => `the broker of ${machine} is down`),
    ...needed.map(
      ({ machine, neededBy = ['it does not tell which'] }) =>
        `queues cannot do without the broker of ${machine}: ${neededBy.join(' ')}`,
    ),
  ];
}
