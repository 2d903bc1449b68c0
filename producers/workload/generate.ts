/** Generates workloads of any size with the mix of the real files, the same for the same seed. */
import { SYSTEM_USER } from '../../shared/domain/identity.ts';
import { renderWorkloadLine } from '../../shared/messages/workload-line.ts';
import { drawSymbols, drawUsers } from './draw-values.ts';
import { seededRandom, type Random } from './random.ts';
import { NEW_USER, nextCommand, stateAfter, type SimulatedUser } from './simulated-user.ts';

export type WorkloadShape = {
  readonly users: number;
  /** The number of lines, including the closing `DUMPLOG`. */
  readonly commands: number;
  readonly seed: number;
  /** How many stocks there are; the real file has `SYMBOLS`. */
  readonly symbols?: number;
};

export const SYMBOLS = 50;

const DUMP = { type: 'DUMPLOG', scope: 'all', file: './testLOG' } as const;

/**
 * Yields the lines without line feeds. All but the last end in a space, as in the real files. The first
 * command of each user is an `ADD`, and each user has a command if there are enough lines.
 */
export function* generateWorkload(shape: WorkloadShape): Generator<string> {
  const random = seededRandom(shape.seed);
  const market = { random, symbols: drawSymbols(random, shape.symbols ?? SYMBOLS) };
  const names = drawUsers(random, shape.users);
  const states: SimulatedUser[] = names.map(() => NEW_USER);
  const nextUser = userChooser(random, shape);
  for (let number = 1; number < shape.commands; number += 1) {
    const index = nextUser(number);
    const command = nextCommand(states[index] ?? NEW_USER, market);
    states[index] = stateAfter(command);
    yield `${renderWorkloadLine({ number, user: names[index] ?? SYSTEM_USER, command })} `;
  }
  yield renderWorkloadLine({ number: shape.commands, user: SYSTEM_USER, command: DUMP });
}

/** Picks any user, until only enough lines are left for the users who have no command yet. */
function userChooser(random: Random, { users, commands }: WorkloadShape): (line: number) => number {
  const seen = new Uint8Array(users);
  let unseen = users;
  let newcomer = 0;
  return (line) => {
    while (seen[newcomer] === 1) newcomer += 1;
    const index = unseen >= commands - line ? newcomer : random.below(users);
    if (seen[index] !== 1) unseen -= 1;
    seen[index] = 1;
    return index;
  };
}
