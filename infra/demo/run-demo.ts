/** Lets the twenty people trade on a running system until the signal is aborted. */
import { setMaxListeners } from 'node:events';
import { openUserClient, type WebTarget } from '../../producers/workload/user-client.ts';
import { openPool } from '../../shared/pg/pool.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { newId } from '../../shared/runtime/new-id.ts';
import type { CommandAnswer, CommandRequest } from '../../shared/web-api/command.ts';
import { invitePeople } from './invite-people.ts';
import { PEOPLE, type Person } from './people.ts';
import { playPerson } from './play-person.ts';

type DemoOptions = {
  readonly databaseUrl: string;
  readonly target: WebTarget;
  readonly seed: number;
  /** With it, people sign in to the web client. */
  readonly password: string;
  readonly signal: AbortSignal;
  /** Called when everybody can sign in, before the first command. */
  readonly onInvited: () => Promise<void>;
  readonly log: Logger;
};

/** Counts of the people's commands, by what became of them. */
export type Played = {
  readonly commands: number;
  readonly refused: number;
  /** Orders that were placed, and neither confirmed nor cancelled: each expires after its lifetime. */
  readonly leftOrders: number;
};

const CONNECTIONS = 2;

export async function runDemo(options: DemoOptions): Promise<Played> {
  const { databaseUrl: url, password, onInvited, log } = options;
  const pool = openPool({ url, name: 'demo', size: CONNECTIONS, log });
  try {
    // Everybody's pause listens to the signal.
    setMaxListeners(2 * PEOPLE.length, options.signal);
    const tokens = await invitePeople(pool, PEOPLE, password);
    await onInvited();
    const counts = { commands: 0, refused: 0, leftOrders: 0 };
    const play = async (person: Person): Promise<void> => {
      const client = openUserClient(options.target, tokens.get(person.name) ?? '');
      const playing = { ...options, client, newKey: newId };
      try {
        await playPerson(person, {
          ...playing,
          onAnswer: (...answered) => count(counts, answered),
        });
      } catch (error) {
        // A guest who changed the person's password has ended the token; the others go on.
        log.warn('person left the demo', { name: person.name, error });
      } finally {
        client.close();
      }
    };
    await Promise.all(PEOPLE.map(play));
    return counts;
  } finally {
    await pool.end();
  }
}

function count(
  counts: { -readonly [Name in keyof Played]: number },
  [{ command }, answer]: readonly [CommandRequest, CommandAnswer],
): void {
  counts.commands += 1;
  if (answer.outcome === 'rejected') counts.refused += 1;
  else if (command === 'BUY' || command === 'SELL') counts.leftOrders += 1;
  else if (/^(COMMIT|CANCEL)_(BUY|SELL)$/.test(command)) counts.leftOrders -= 1;
}
