/**
 * Restarts members of quorum queues that are down although their node runs. Otherwise a member that
 * ended with a fault of its own, or that found no leader after its node was cut off, would stay
 * down until the node is restarted. Its queue would then stop at the next loss, without any
 * warning.
 */
import type { Logger } from '../../../shared/runtime/logger.ts';
import { repeat } from '../../../shared/runtime/repeat.ts';
import { SYSTEM_TIMERS, type Timers } from '../../../shared/runtime/timers.ts';
import { evaluate, type BrokerNode } from '../../rabbitmq/evaluate.ts';

const POLL_MS = 5_000;
/** A node that returns has its members in sync well within this time. */
const PATIENCE_MS = 20_000;

type MendOptions = {
  /** The name of the machine, for the log. */
  readonly name: string;
  /** Resolves to the queues that lack a member on any node; rejects if the node does not answer. */
  readonly lacking: () => Promise<readonly string[]>;
  /** Restarts this node's members that are down; resolves to the result, for the log. */
  readonly mend: () => Promise<string>;
  readonly timers?: Timers;
  readonly log: Logger;
};

/**
 * Checks every 5 s, and calls `mend` once queues have lacked a member for 20 s. Returns the
 * function that ends this.
 */
export function mendQueues(options: MendOptions): () => void {
  const { name, lacking, mend, timers = SYSTEM_TIMERS, log } = options;
  let wholeAt = timers.now();
  const check = async (): Promise<void> => {
    const queues = await lacking().catch(() => []);
    if (queues.length === 0) wholeAt = timers.now();
    if (timers.now() - wholeAt < PATIENCE_MS) return;
    wholeAt = timers.now();
    const done = await mend();
    log.warn('queues lacked a member', { machine: name, queues: queues.join(' '), done });
  };
  return repeat(check, POLL_MS, { name: 'mending queues', timers, log });
}

/**
 * Runs in the broker: restarts each local member that is neither leader nor follower, and returns
 * the state in which it was. Both modules are internal to RabbitMQ 3.10. If another version has
 * changed them, the command fails, the fault is logged, and nothing is changed.
 */
const RESTART_MEMBERS = `
  {_, States} = rabbit_quorum_queue:all_replica_states(),
  [begin
     ra:stop_server(quorum_queues, {Name, node()}),
     {Name, maps:get(Name, States, ended), ra:restart_server(quorum_queues, {Name, node()})}
   end || Queue <- rabbit_amqqueue:list_local_quorum_queues(),
          {Name, _} <- [amqqueue:get_pid(Queue)],
          not lists:member(maps:get(Name, States, ended), [leader, follower])].`;

/** Resolves to the names and former states of the restarted members, in Erlang syntax. */
export const restartMembers = (node: BrokerNode): Promise<string> =>
  evaluate(node, RESTART_MEMBERS);
