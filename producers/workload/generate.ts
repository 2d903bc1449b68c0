/** Workloads with the mix of the real files, of any size, the same for the same seed. */
import { SYSTEM_USER } from '../../shared/domain/identity.ts';
import { renderWorkloadLine } from '../../shared/messages/workload-line.ts';
import { drawSymbols, drawUsers } from './draw-values.ts';
import { seededRandom, type Random } from './random.ts';
import { NEW_USER, nextCommand, remember, type SimulatedUser } from './simulated-user.ts';

export type WorkloadShape = {
  readonly users: number;
  /** Lines in all, the closing `DUMPLOG` included. */
  readonly commands: number;
  readonly seed: number;
  /** How many stocks there are; the real file has `SYMBOLS`. */
  readonly symbols?: number;
};

export const SYMBOLS = 50;

const DUMP = { type: 'DUMPLOG', scope: 'all', file: './testLOG' } as const;

/**
 * Yields the lines, without line feeds; all but the last end in a space, as they do in the real
 * files. Everybody's first command is an `ADD`, and everybody has one if there are lines enough.
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
    states[index] = remember(command);
    yield `${renderWorkloadLine({ number, user: names[index] ?? SYSTEM_USER, command })} `;
  }
  yield renderWorkloadLine({ number: shape.commands, user: SYSTEM_USER, command: DUMP });
}

/** Picks any user, until only just enough lines are left for those who have not yet had one. */
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
