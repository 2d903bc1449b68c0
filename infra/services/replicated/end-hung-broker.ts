/**
 * A broker that hangs is ended, and so started again. One that was cut off pauses, and starts its
 * application again once it sees the others: with RabbitMQ before 3.10.9 on Erlang from 25.1 some of these
 * starts never come to an end (rabbitmq-server issue 6034), while the process lives and nothing looks after it.
 */
import type { Logger } from '../../../shared/runtime/logger.ts';
import { repeat } from '../../../shared/runtime/repeat.ts';
import { SYSTEM_TIMERS, type Timers } from '../../../shared/runtime/timers.ts';

const LOOK_MS = 5_000;
/** One that is joined again answers within half of that, on a machine that does much else. */
const PATIENCE_MS = 30_000;

export type HungBrokerOptions = {
  /** Of the machine, as in the log. */
  readonly name: string;
  /** Undefined while it is being started again. */
  readonly pid: () => number | undefined;
  /** Resolves where it serves clients. */
  readonly probe: () => Promise<unknown>;
  /** Resolves where its machine is in reach: a broker that is cut off is right to pause. */
  readonly reach: () => Promise<unknown>;
  readonly kill: (pid: number) => void;
  readonly timers?: Timers;
  readonly log: Logger;
};

/** Looks now and then, and ends a process that was there and in reach, but served nobody. Gives what ends it. */
export function endHungBroker(options: HungBrokerOptions): () => void {
  const { name, pid, probe, reach, kill, timers = SYSTEM_TIMERS, log } = options;
  let hungSince: { readonly pid: number; readonly at: number } | undefined;
  const look = async (): Promise<void> => {
    const now = pid();
    if (now === undefined || (await succeeds(probe)) || !(await succeeds(reach))) {
      hungSince = undefined;
      return;
    }
    if (hungSince?.pid !== now) hungSince = { pid: now, at: timers.now() };
    const silentMs = timers.now() - hungSince.at;
    if (silentMs < PATIENCE_MS) return;
    log.error('broker hung, ending it', { machine: name, pid: now, silentMs });
    hungSince = undefined;
    kill(now);
  };
  return repeat(look, LOOK_MS, { name: 'ending hung brokers', timers, log });
}

const succeeds = (check: () => Promise<unknown>): Promise<boolean> =>
  check().then(
    () => true,
    () => false,
  );
