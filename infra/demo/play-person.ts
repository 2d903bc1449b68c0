/** Lets one person of the demo trade through the web API until the signal is aborted. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { UserClient } from '../../producers/workload/user-client.ts';
import type { CommandAnswer, CommandRequest } from '../../shared/web-api/command.ts';
import { learn, NOTHING_KNOWN } from './memory.ts';
import { randomOf, type Person } from './people.ts';
import { LEAST_PAUSE_MS } from './steps.ts';
import { planOf } from './tempers.ts';

type Playing = {
  readonly seed: number;
  readonly client: UserClient;
  readonly signal: AbortSignal;
  readonly newKey: () => string;
  readonly onAnswer: (request: CommandRequest, answer: CommandAnswer) => void;
};

/** Resolves once the last command is answered. Rejects if the server refuses a request. */
export async function playPerson(person: Person, playing: Playing): Promise<void> {
  const { seed, client, signal, newKey, onAnswer } = playing;
  const random = randomOf(person, seed);
  let memory = NOTHING_KNOWN;
  const pauseFor = (ms: number): Promise<unknown> =>
    sleep(ms, undefined, { signal }).catch(() => undefined);
  const isOver = (): boolean => signal.aborted;
  while (!isOver()) {
    for (const { afterMs, request } of planOf(person.temper, memory, random)) {
      await pauseFor(memory === NOTHING_KNOWN ? afterMs : Math.max(LEAST_PAUSE_MS, afterMs));
      if (isOver()) return;
      const answer = await client.send(request, newKey());
      memory = learn(memory, request, answer);
      onAnswer(request, answer);
    }
  }
}
