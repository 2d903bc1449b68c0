/**
 * Kills a broker that hangs, so that it is started again. A broker that was cut off pauses, and
 * starts its application again once it sees the other nodes. With RabbitMQ before 3.10.9 on Erlang
 * from 25.1, some of these starts never end (rabbitmq-server issue 6034): the process stays alive,
 * and nothing else would notice.
 */
import type { Logger } from '../../../shared/runtime/logger.ts';
import { repeat } from '../../../shared/runtime/repeat.ts';
import { SYSTEM_TIMERS, type Timers } from '../../../shared/runtime/timers.ts';

const POLL_MS = 5_000;
/**
 * A node that has rejoined the cluster answers within half of this time, even on a busy machine.
 */
const PATIENCE_MS = 30_000;

type HungBrokerOptions = {
  /** The name of the machine, for the log. */
  readonly name: string;
  /** Undefined while the process is being restarted. */
  readonly pid: () => number | undefined;
  /** Resolves if the broker serves clients. */
  readonly probe: () => Promise<unknown>;
  /** Resolves if the machine is reachable: a broker that is cut off pauses on purpose. */
  readonly reach: () => Promise<unknown>;
  readonly kill: (pid: number) => void;
  readonly timers?: Timers;
  readonly log: Logger;
};

/**
 * Probes the broker every 5 s, and kills a process that was reachable but served no client for 30
 * s. Returns the function that ends this.
 */
export function endHungBroker(options: HungBrokerOptions): () => void {
  const { name, pid, probe, reach, kill, timers = SYSTEM_TIMERS, log } = options;
  let hungSince: { readonly pid: number; readonly at: number } | undefined;
  const check = async (): Promise<void> => {
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
  return repeat(check, POLL_MS, { name: 'ending hung brokers', timers, log });
}

const succeeds = (check: () => Promise<unknown>): Promise<boolean> =>
  check().then(
    () => true,
    () => false,
  );
