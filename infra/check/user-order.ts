/** Checks that each user's events are in order: by time, and commands by their numbers too. Source: SPEC §5.4. */
import { FIRST_LIVE_NUMBER, type LogEvent } from './log-event.ts';
import type { ReplayDeps } from './replay-deps.ts';

type Place = {
  at: number;
  /** The numbers of the user's first and latest command in this run of a workload; 0 if there is none. */
  first: number;
  latest: number;
  line: number;
};

/** `again`: the command has the number of the one before it, so it is a repeat and no command of its own. */
type OrderVerdict = 'in-order' | 'again';

export interface UserOrder {
  take(event: LogEvent): OrderVerdict;
  /** The number of runs: a run of the same file starts with the same number again. */
  readonly runs: number;
}

type OrderOptions = Pick<ReplayDeps, 'report'> & {
  /** The log is of several runs, in each of which the numbers start again. */
  readonly severalRuns: boolean;
};

export function openUserOrder({ report, severalRuns }: OrderOptions): UserOrder {
  const places = new Map<string, Place & { runs: number }>();
  let runs = 1;

  const checkTime = (event: LogEvent, place: Place): void => {
    if (event.at < place.at) {
      const expected = `${place.at} or later, the time of the event before it (line ${place.line})`;
      report('time-backwards', event, { expected, found: `${event.at}` });
    }
    place.at = event.at;
    place.line = event.line;
  };
  const checkNumber = (event: LogEvent, place: Place & { runs: number }): OrderVerdict => {
    const { number } = event;
    if (number >= FIRST_LIVE_NUMBER) return 'in-order';
    if (place.first === 0) place.first = number;
    const startsAgain = number === place.first || severalRuns;
    // With one command a run, only other users show that another run has begun.
    const isAgain = number === place.latest && !(startsAgain && runs > place.runs) && !severalRuns;
    if (isAgain) return 'again';
    if (number <= place.latest && startsAgain) {
      place.runs += 1;
      runs = Math.max(runs, place.runs);
    } else if (number < place.latest) {
      const expected = `a number above ${place.latest}, that of the user’s command before it`;
      report('number-backwards', event, { expected, found: `${number}` });
      return 'in-order';
    }
    place.latest = number;
    return 'in-order';
  };

  return {
    take: (event) => {
      const known = places.get(event.user);
      const place = known ?? { at: 0, first: 0, latest: 0, line: 0, runs: 1 };
      if (known === undefined) places.set(event.user, place);
      checkTime(event, place);
      return event.kind === 'userCommand' ? checkNumber(event, place) : 'in-order';
    },
    get runs() {
      return runs;
    },
  };
}
