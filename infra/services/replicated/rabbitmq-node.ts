/**
 * Runs a node of the RabbitMQ cluster: each quorum queue has a member on every node, and its leader
 * on one.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { probeBroker } from '../../../shared/amqp/probe.ts';
import { EPMD, SERVER } from '../private/rabbitmq.ts';
import { environmentOf, writeConfig } from '../private/rabbitmq-config.ts';
import { plainPathOf } from '../../host/plain-path.ts';
import { reachPort } from '../../host/ports.ts';
import type { ClusterOptions } from './cluster-options.ts';
import { endHungBroker } from './end-hung-broker.ts';
import type { Machine } from './machine.ts';
import { startMember, type Member } from './member.ts';
import { mendQueues, restartMembers } from './mend-queues.ts';
import { queuesLackingMembers } from './read-members.ts';

/**
 * The time, in seconds, after which the other nodes drop a node that hangs; Erlang's default is a
 * minute.
 */
const NET_TICK_S = 4;
/**
 * The time, in ms, after which the other nodes drop a node that is cut off. The kernels measure it,
 * so a busy node is not dropped, as it would be with a `net_ticktime` this short.
 */
const CUT_OFF_MS = 1_000;
/**
 * The time, in seconds, after which an attempt to connect to a node is given up. The default is
 * seven seconds, and a client of a queue whose leader was on that node waits as long.
 */
const NET_SETUP_S = 1;
/** How often, in ms, a queue's members check that their leader's node is up. */
const LEADER_POLL_MS = 200;

type Named = { readonly name: string };

export const rabbitName = ({ name }: Named): string => `rabbitmq-${name}`;
/** The node's home folder, with its settings, cookie and data. */
export const rabbitFolder = (machine: Named, home: string): string =>
  join(plainPathOf(home), rabbitName(machine));
export const epmdName = ({ name }: Pick<Machine, 'name'>): string => `epmd-${name}`;

export const brokerUrl = ({ address, ports }: Machine, password: string): string =>
  `amqp://daytrade:${password}@${address}:${ports.amqp}/daytrade`;
export const managementUrl = ({ address, ports }: Machine, password: string): string =>
  `http://daytrade:${password}@${address}:${ports.management}/`;

/** Returns the Erlang name of a node; `id` keeps the clusters of two data folders apart. */
export const nodeName = (
  { name, address }: { readonly name: string; readonly address: string },
  id: string,
): string => `daytrade-${id}-${name}@${address}`;

const environment = (machine: Machine, options: ClusterOptions): Record<string, string> => {
  const { home, id } = options;
  const { address, ports } = machine;
  const folder = rabbitFolder(machine, home);
  const usual = environmentOf(folder, ports, { node: nodeName(machine, id), address });
  return {
    ...usual,
    RABBITMQ_USE_LONGNAME: 'true',
    RABBITMQ_LOG_BASE: join(folder, 'logs'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: `${usual['RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS'] ?? ''} -kernel net_ticktime ${NET_TICK_S} net_setuptime ${NET_SETUP_S} ${distributionOptions()}`,
  };
};

/**
 * Returns Erlang's form of Linux's TCP_USER_TIMEOUT (option 18 of protocol 6); the value is a
 * native 32-bit integer.
 */
function distributionOptions(): string {
  const bytes = [...new Uint8Array(Uint32Array.of(CUT_OFF_MS).buffer)].join(',');
  const options = `[{raw,6,18,<<${bytes}>>}]`;
  return `-kernel inet_dist_connect_options ${options} inet_dist_listen_options ${options}`;
}

/** Starts a port mapper of Erlang; there is one for each address. */
export function startEpmd(machine: Machine, options: ClusterOptions): Promise<Member> {
  const { address, ports } = machine;
  const folder = rabbitFolder(machine, options.home);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return startMember({
    ...options,
    name: epmdName(machine),
    machine,
    program: { command: EPMD, args: ['-port', ports.epmd.toString(), '-address', address] },
    env: environment(machine, options),
    cwd: folder,
    probe: () => Promise.resolve(),
  });
}

/**
 * Starts the broker of a machine; resolves when it accepts clients. From then on, restarts missing
 * queue members, and kills a broker that hangs.
 */
export async function startRabbitNode(machine: Machine, options: ClusterOptions): Promise<Member> {
  const { home, id, password, log } = options;
  const { name, address, ports } = machine;
  const folder = rabbitFolder(machine, home);
  configureNode(folder, machine, options);
  const env = environment(machine, options);
  const probe = (): Promise<void> => probeBroker(brokerUrl(machine, password));
  const member = await startMember({
    ...options,
    name: rabbitName(machine),
    machine,
    program: { command: SERVER, args: [] },
    env,
    cwd: folder,
    probe,
  });
  const endMending = mendQueues({
    name,
    lacking: () => queuesLackingMembers(managementUrl(machine, password)),
    mend: () => restartMembers({ node: nodeName(machine, id), env, on: machine.on }),
    log,
  });
  const endLooking = endHungBroker({
    name,
    pid: () => member.pid(),
    probe,
    reach: () => reachPort(ports.epmd, address),
    kill: (pid) => void process.kill(pid, 'SIGKILL'),
    log,
  });
  return {
    ...member,
    close: () => {
      endMending();
      endLooking();
      return member.close();
    },
  };
}

/**
 * Returns the machines whose nodes a node without data looks for. Until the cluster has formed, the
 * first node looks for none and so forms it alone, and the others look for the first: RabbitMQ
 * from 3.13 on does not start while it looks for others and finds none. Exported for its test.
 */
export const peersOf = <Each>(
  machine: Each,
  { machines, formed }: { readonly machines: readonly Each[]; readonly formed: boolean },
): readonly Each[] =>
  formed ? machines : machines.filter((each, index) => index === 0 || each === machine);

/** Writes the node's configuration, which lists the nodes that it looks for. */
function configureNode(folder: string, machine: Machine, options: ClusterOptions): void {
  const { address, ports } = machine;
  const { id, password, cookie } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const nodes = peersOf(machine, options).map(
    (each, index) => `cluster_formation.classic_config.nodes.${index + 1} = ${nodeName(each, id)}`,
  );
  writeConfig(folder, ports, {
    password,
    cookie,
    address,
    more: [
      'cluster_name = daytrade',
      'cluster_formation.peer_discovery_backend = classic_config',
      ...nodes,
      // A node without a majority pauses: it could not store the messages that it accepts.
      'cluster_partition_handling = pause_minority',
      'queue_leader_locator = balanced',
    ],
  });
  const elections = `[{aten, [{poll_interval, ${LEADER_POLL_MS}}]}].\n`;
  writeFileSync(join(folder, 'advanced.config'), elections);
}
