/** Makes the synchronous standby the primary, for planned work on the primary's machine. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CodedError } from '../../../shared/runtime/errors.ts';
import type { MachineInfo } from '../../../shared/control/system-info.ts';
import { writeTags } from './patroni.ts';
import { readMembers } from './read-members.ts';
import { OWN_COMMAND } from '../../../shared/runtime/own-command.ts';

const FOLLOWS_MAX_MS = 15_000;
/** The longest wait for Patroni, which answers once the other member leads. */
const SWITCHED_MAX_MS = 60_000;
const POLL_MS = 50;

type Switchover = { readonly from: string; readonly to: string };

/**
 * Makes the third machine follow the next primary, then switches. Commits wait for the third
 * machine after the switch, and Patroni makes every member except the next primary sleep for two
 * seconds before it follows: it therefore has to follow already.
 *
 * Resolves when the new primary leads; the old one returns as a standby by itself. Rejects with a
 * `CodedError` if a member is missing.
 */
export async function switchOver(machines: readonly MachineInfo[]): Promise<Switchover> {
  const { databases } = await readMembers(machines);
  const machineOf = (wanted: string): MachineInfo => {
    const name = databases.find(({ role }) => role === wanted)?.machine;
    return machines.find((machine) => machine.name === name) ?? missing(wanted);
  };
  const [from, to] = [machineOf('primary'), machineOf('synchronous standby')];
  const third = machineOf('standby');
  await follow(third, to.name);
  try {
    await untilFollowed(to, third.name);
    await handOver(from, to);
  } finally {
    await follow(third, undefined);
  }
  return { from: from.name, to: to.name };
}

const missing = (role: string): never => {
  throw new CodedError(
    'not-finished',
    `There is no ${role} now (${OWN_COMMAND} status): nothing was switched. Try again when it is back.`,
  );
};

/**
 * Makes the machine copy from `upstream`, or from the current leader if that is undefined. Lasts
 * until Patroni's next start.
 */
async function follow(machine: MachineInfo, upstream: string | undefined): Promise<void> {
  writeTags(machine, upstream === undefined ? {} : { replicatefrom: upstream });
  await post(machine, 'reload');
}

type PatroniStatus = {
  readonly replication?: readonly { readonly application_name: string; readonly state: string }[];
};

async function untilFollowed({ patroniUrl }: MachineInfo, by: string): Promise<void> {
  const deadline = Date.now() + FOLLOWS_MAX_MS;
  while (Date.now() < deadline) {
    const signal = AbortSignal.timeout(FOLLOWS_MAX_MS);
    const { replication = [] } = (await (
      await fetch(`${patroniUrl}/patroni`, { signal })
    ).json()) as PatroniStatus;
    const isBy = (each: (typeof replication)[number]): boolean => each.application_name === by;
    if (replication.some((each) => isBy(each) && each.state === 'streaming')) return;
    await sleep(POLL_MS);
  }
  throw new CodedError(
    'not-finished',
    `The database of ${by} did not follow the next primary within ${FOLLOWS_MAX_MS / 1_000} s: nothing ` +
      `was switched. ${OWN_COMMAND} logs postgresql-${by} says why.`,
  );
}

const handOver = (from: MachineInfo, to: MachineInfo): Promise<void> =>
  post(from, 'switchover', { leader: from.name, candidate: to.name });

async function post({ patroniUrl }: MachineInfo, path: string, body?: object): Promise<void> {
  const response = await fetch(`${patroniUrl}/${path}`, {
    method: 'POST',
    signal: AbortSignal.timeout(SWITCHED_MAX_MS),
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (response.ok) return;
  throw new CodedError('not-finished', `Patroni refused: ${await response.text()}`);
}
