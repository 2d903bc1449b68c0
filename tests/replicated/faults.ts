/** What may happen to a replicated system, each with what makes it whole again. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { ClusterSettings } from '../../infra/services/replicated/cluster-options.ts';
import { evaluate } from '../../infra/rabbitmq/evaluate.ts';
import { inNamespace } from '../../infra/services/replicated/namespaces.ts';
import { nodeName, rabbitFolder } from '../../infra/services/replicated/rabbitmq-node.ts';
import { settingsFile } from '../../infra/services/replicated/settings-file.ts';
import type { MachineInfo } from '../../shared/control/system-info.ts';
import type { Fault } from '../gap/drill.ts';
import { succeeded } from '../support/run-daytrade.ts';
import { until } from '../support/until.ts';
import type { ReplicatedSystem } from './replicated-system.ts';
import { postmasterOf, rolesOf } from './roles.ts';

export type ReplicatedFault = Fault<ReplicatedSystem> & {
  /** Needs machines that can be cut off. */
  readonly parts?: true;
};

const kill = async (system: ReplicatedSystem, name: string): Promise<undefined> => {
  process.kill(await system.pid(name), 'SIGKILL');
  return undefined;
};

/** Resolves to what joins it again. */
export async function cut(system: ReplicatedSystem, name: string): Promise<() => void> {
  const { link } = networkOf(await system.machine(name));
  execFileSync('ip', ['link', 'set', link, 'down']);
  return () => void execFileSync('ip', ['link', 'set', link, 'up']);
}

function networkOf({ network }: MachineInfo): NonNullable<MachineInfo['network']> {
  if (network === undefined) throw new Error('machines share a network: none can be cut off');
  return network;
}

/** With its Patroni, which would start it again at once. */
async function killDatabase(system: ReplicatedSystem, machine: string): Promise<undefined> {
  const postmaster = await postmasterOf(system, machine);
  await kill(system, `postgresql-${machine}`);
  process.kill(postmaster, 'SIGKILL');
  return undefined;
}

/** On the node, one of the followers of the first shard's queue; it stays away by itself. */
const END_FOLLOWER = `
  Name = 'daytrade_commands.shard.00',
  case rabbit_quorum_queue:all_replica_states() of
    {_, #{Name := follower}} -> ra:stop_server(quorum_queues, {Name, node()});
    _ -> leads
  end.`;

async function endFollower(system: ReplicatedSystem): Promise<undefined> {
  for (const machine of (await system.info()).machines) {
    if ((await evaluateOn(system, machine, END_FOLLOWER)) === 'ok') return undefined;
  }
  throw new Error('no node follows in the first shard');
}

/** What an expression of Erlang gives on a machine's broker. */
async function evaluateOn(
  system: ReplicatedSystem,
  machine: MachineInfo,
  expression: string,
): Promise<string> {
  const settings = readFileSync(settingsFile(system.home), 'utf8');
  const { id } = JSON.parse(settings) as ClusterSettings;
  const { namespace } = networkOf(machine);
  return evaluate(
    {
      node: nodeName(machine, id),
      env: {
        PATH: '/usr/sbin:/usr/bin:/bin',
        HOME: rabbitFolder(machine, system.home),
        LANG: 'C.UTF-8',
      },
      on: (program) => inNamespace(namespace, program),
    },
    expression,
  );
}

/** Of those beside the primary's, whose loss is a fault of its own: the one that leads more queues. */
async function cutBroker(system: ReplicatedSystem): Promise<() => void> {
  const { primary, busiestFirst } = await rolesOf(system);
  return cut(system, busiestFirst.find((name) => name !== primary) ?? primary);
}

/** Leaders gather on a node or two after failures: a node that leads nothing is not missed. */
async function spreadLeaders(system: ReplicatedSystem): Promise<void> {
  const [busiest] = (await rolesOf(system)).busiestFirst;
  const machine = await system.machine(busiest);
  await evaluateOn(system, machine, 'rabbit_amqqueue:rebalance(quorum, <<".*">>, <<".*">>).');
}

async function switchOver(system: ReplicatedSystem): Promise<undefined> {
  await succeeded(['switchover'], system.daytrade(['switchover']));
  return undefined;
}

/** The primary's machine last, after a switchover: as an operator would. */
async function restartEverything(system: ReplicatedSystem): Promise<undefined> {
  await succeeded(['rolling-restart'], system.daytrade(['rolling-restart']));
  const { primary, brokers } = await rolesOf(system);
  for (const machine of [...brokers.filter((name) => name !== primary), primary]) {
    if (machine === (await rolesOf(system)).primary) await switchOver(system);
    for (const service of ['etcd', 'rabbitmq', 'postgresql']) {
      await system.whole();
      await restart(system, `${service}-${machine}`);
    }
  }
  await restart(system, 'haproxy');
  return undefined;
}

async function restart(system: ReplicatedSystem, name: string): Promise<void> {
  const pid = await system.pid(name);
  process.kill(pid, 'SIGTERM');
  const isBack = async (): Promise<boolean> => {
    const { processes } = await system.info();
    const now = processes.find((each) => each.name === name)?.pid;
    return now !== undefined && now !== pid;
  };
  await until(isBack, { what: `${name} is back`, timeoutMs: 60_000 });
}

export const REPLICATED_FAULTS: readonly ReplicatedFault[] = [
  // What is measured when nothing happens is in every other figure, too.
  { name: 'nothing', strike: () => Promise.resolve(undefined) },
  {
    name: 'kill -9 of the broker node that leads most shards',
    strike: async (system) => kill(system, `rabbitmq-${(await rolesOf(system)).busiestFirst[0]}`),
  },
  {
    name: 'kill -9 of two broker nodes, the second after the first is back',
    strike: async (system) => {
      const [busiest] = (await rolesOf(system)).busiestFirst;
      await kill(system, `rabbitmq-${busiest}`);
      const { brokers } = await rolesOf(system);
      return kill(system, `rabbitmq-${brokers.find((name) => name !== busiest) ?? 'a'}`);
    },
  },
  {
    name: 'a broker node cut off that leads its share',
    parts: true,
    prepare: spreadLeaders,
    strike: cutBroker,
  },
  { name: 'a follower of a queue ended alone', parts: true, strike: endFollower },
  {
    name: 'kill -9 of the database primary',
    strike: async (system) => killDatabase(system, (await rolesOf(system)).primary),
  },
  {
    name: 'kill -9 of the primary PostgreSQL alone',
    strike: async (system) => {
      process.kill(await postmasterOf(system, (await rolesOf(system)).primary), 'SIGKILL');
      return undefined;
    },
  },
  {
    name: 'the primary cut off but alive',
    parts: true,
    strike: async (system) => cut(system, (await rolesOf(system)).primary),
  },
  {
    name: 'the synchronous standby lost',
    strike: async (system) => killDatabase(system, (await rolesOf(system)).standby),
  },
  {
    name: 'an etcd member lost',
    strike: async (system) => kill(system, `etcd-${(await rolesOf(system)).primary}`),
  },
  { name: 'HAProxy killed', strike: (system) => kill(system, 'haproxy') },
  { name: 'a planned switchover', strike: switchOver },
  { name: 'a rolling restart of everything', strike: restartEverything },
];
