/** Writing to a primary that is cut off, as a client beside it would. */
import { spawn } from 'node:child_process';
import { probePrimary } from '../../shared/pg/probe.ts';
import { inNamespace } from '../../infra/services/replicated/namespaces.ts';
import { rowsWhenUp } from '../support/rows-when-up.ts';
import { until } from '../support/until.ts';
import { cut } from './faults.ts';
import type { ReplicatedSystem } from './replicated-system.ts';
import { rolesOf } from './roles.ts';

const TRY_MS = 2_000;
const LATE_TRIES = 3;
const FAILOVER_MAX_MS = 60_000;

export type Writes = {
  /** Users that the isolated primary told to be stored. */
  readonly told: readonly string[];
  /**
   * Those written to it once another took writes, and found in the end. What it wrote before is in
   * doubt: never told, it may have reached the others by the archive, which all of them share here.
   */
  readonly storedLate: readonly string[];
};

/** What becomes of users that are written to the primary while it is cut off. */
export async function writeIsolated(system: ReplicatedSystem): Promise<Writes> {
  const { primary } = await rolesOf(system);
  const machine = await system.machine(primary);
  const namespace = machine.network?.namespace;
  if (namespace === undefined) throw new Error('machines share a network: none can be cut off');
  const told: string[] = [];
  const write = async (user: string): Promise<void> => {
    if (await isTold(namespace, machine.databaseUrl, user)) told.push(user);
  };
  const heal = await cut(system, primary);
  let tries = 0;
  const goOnUntilReplaced = async (): Promise<boolean> => {
    await write(`early-${(tries += 1)}`);
    return await takesWrites(system, primary);
  };
  await until(goOnUntilReplaced, {
    what: 'another machine takes writes',
    timeoutMs: FAILOVER_MAX_MS,
  });
  const late = [...Array(LATE_TRIES).keys()].map((index) => `late-${index}`);
  for (const user of late) await write(user);
  heal();
  await system.whole();
  const { databaseUrl } = await system.info();
  const stored = await rowsWhenUp<{ user_id: string }>(
    databaseUrl,
    'SELECT user_id FROM users WHERE user_id = ANY ($1::text[])',
    [late],
  );
  return { told, storedLate: stored.map(({ user_id }) => user_id) };
}

/** Whether another machine than `isolated` is the primary by now, and not only to be it. */
async function takesWrites(system: ReplicatedSystem, isolated: string): Promise<boolean> {
  const { databases } = await system.members();
  const leader = databases.find(({ role }) => role === 'primary')?.machine ?? isolated;
  if (leader === isolated) return false;
  await probePrimary((await system.machine(leader)).databaseUrl);
  return true;
}

/** Whether the write was answered as done in time. */
async function isTold(namespace: string, url: string, user: string): Promise<boolean> {
  const sql = `INSERT INTO daytrade.users (user_id) VALUES ('${user}')`;
  const { command, args } = inNamespace(namespace, { command: 'psql', args: [url, '-qXc', sql] });
  const child = spawn(command, args, {
    stdio: 'ignore',
    timeout: TRY_MS,
    killSignal: 'SIGKILL',
  });
  return (await new Promise<number | null>((resolve) => child.once('close', resolve))) === 0;
}
