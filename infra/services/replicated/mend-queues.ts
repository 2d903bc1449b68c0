/**
 * Members of quorum queues that are not there though their node runs are started again. A member that
 * ended for a fault of its own, or that found no leader after its node was cut off, stays away otherwise
 * until somebody restarts the node: its queue is one more loss from standing still, and nobody is told.
 */
import type { Logger } from '../../../shared/runtime/logger.ts';
import { repeat } from '../../../shared/runtime/repeat.ts';
import { SYSTEM_TIMERS, type Timers } from '../../../shared/runtime/timers.ts';
import { evaluate, type BrokerNode } from '../../rabbitmq/evaluate.ts';

const LOOK_MS = 5_000;
/** A node that comes back has its members in step well before. */
const PATIENCE_MS = 20_000;

export type MendOptions = {
  /** Of the machine, as in the log. */
  readonly name: string;
  /** Queues that lack a member, on whichever node; rejects where the node does not tell. */
  readonly lacking: () => Promise<readonly string[]>;
  /** Starts this node's members that are away again; resolves to what was done, as it is logged. */
  readonly mend: () => Promise<string>;
  readonly timers?: Timers;
  readonly log: Logger;
};

/** Looks now and then, and mends where a queue has lacked a member for a while. Gives what ends it. */
export function keepQueuesMended(options: MendOptions): () => void {
  const { name, lacking, mend, timers = SYSTEM_TIMERS, log } = options;
  let wholeAt = timers.now();
  const look = async (): Promise<void> => {
    const queues = await lacking().catch(() => []);
    if (queues.length === 0) wholeAt = timers.now();
    if (timers.now() - wholeAt < PATIENCE_MS) return;
    wholeAt = timers.now();
    const done = await mend();
    log.warn('queues lacked a member', { machine: name, queues: queues.join(' '), done });
  };
  return repeat(look, LOOK_MS, { name: 'mending queues', timers, log });
}

/**
 * Run by the broker: those of the node's members that neither lead nor follow, each with what it was
 * instead. Both modules are the broker's own (RabbitMQ 3.10); where another has changed them the command
 * fails, which is logged, and nothing is done.
 */
const RESTART_MEMBERS = `
  {_, States} = rabbit_quorum_queue:all_replica_states(),
  [begin
     ra:stop_server(quorum_queues, {Name, node()}),
     {Name, maps:get(Name, States, ended), ra:restart_server(quorum_queues, {Name, node()})}
   end || Queue <- rabbit_amqqueue:list_local_quorum_queues(),
          {Name, _} <- [amqqueue:get_pid(Queue)],
          not lists:member(maps:get(Name, States, ended), [leader, follower])].`;

export const restartMembers = (node: BrokerNode): Promise<string> =>
  evaluate(node, RESTART_MEMBERS);
