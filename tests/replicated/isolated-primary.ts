/** Writing to a primary that is cut off, as a client beside it would. */
import { spawn } from 'node:child_process';
import { openPool } from '../../shared/pg/pool.ts';
import { recordingLogger } from '../support/recording-logger.ts';
import { until } from '../support/until.ts';
import { cut } from './faults.ts';
import type { ReplicatedSystem } from './replicated-system.ts';
import { rolesOf } from './roles.ts';

const TRY_MS = 2_000;
const TRIES = 6;
const FAILOVER_MAX_MS = 60_000;

/** Users that were told to be stored on the isolated primary, or are found after it joined again. */
export async function writesCountOn(system: ReplicatedSystem): Promise<readonly string[]> {
  const { primary } = await rolesOf(system);
  const machine = await system.machine(primary);
  const namespace = machine.network?.namespace;
  if (namespace === undefined) throw new Error('machines share a network: none can be cut off');
  const heal = await cut(system, primary);
  const told: string[] = [];
  for (let index = 0; index < TRIES; index += 1) {
    const user = `isolated-${index}`;
    if (await isTold(namespace, machine.databaseUrl, user)) told.push(user);
  }
  // By now another leads, and the isolated one knows that it does not.
  const leads = async (): Promise<boolean> =>
    (await system.members()).databases.some(
      ({ machine: name, role }) => role === 'primary' && name !== primary,
    );
  await until(leads, { what: 'another machine is the primary', timeoutMs: FAILOVER_MAX_MS });
  heal();
  await system.whole();
  return [...told, ...(await storedUsers((await system.info()).databaseUrl))];
}

/** Whether the write was answered as done in time. */
async function isTold(namespace: string, url: string, user: string): Promise<boolean> {
  const sql = `INSERT INTO daytrade.users (user_id) VALUES ('${user}')`;
  const child = spawn('ip', ['netns', 'exec', namespace, 'psql', url, '-qXc', sql], {
    stdio: 'ignore',
    timeout: TRY_MS,
    killSignal: 'SIGKILL',
  });
  return (await new Promise<number | null>((resolve) => child.once('close', resolve))) === 0;
}

async function storedUsers(url: string): Promise<readonly string[]> {
  const pool = openPool({ url, name: 'isolated', size: 1, log: recordingLogger() });
  try {
    const { rows } = await pool.query<{ user_id: string }>(
      `SELECT user_id FROM users WHERE user_id LIKE 'isolated-%'`,
    );
    return rows.map(({ user_id }) => user_id);
  } finally {
    await pool.end();
  }
}
