/**
 * Serves the metrics of the system at one address for Prometheus, and lists the endpoint of each
 * process.
 */
import { join } from 'node:path';
import type { Config } from '../../shared/runtime/config.ts';
import {
  openMetricsServer,
  type Health,
  type MetricsServer,
} from '../../shared/runtime/metrics-server.ts';
import { readAtScrape, openMetrics, type Metrics } from '../../shared/runtime/metrics.ts';
import type { ServiceName, Trouble } from '../../shared/runtime/trouble.ts';
import type { ServiceProcess, Services } from '../services/open-services.ts';
import { choosePorts } from '../host/ports.ts';
import { readReplaceable, writeSettings } from '../host/settings.ts';
import type { ScrapeTarget } from '../figures/scrape.ts';
import type { Child } from './child.ts';
import { measureDisk, measureUsage } from './machine-metrics.ts';

export type Watched = {
  readonly config: Config;
  readonly services: Pick<Services, 'processes' | 'brokerMetricsPort' | 'databaseFolder'>;
  readonly children: () => readonly Child[];
  readonly troubles: () => readonly Trouble[];
};

type SystemMetrics = {
  readonly url: string;
  /** The metrics endpoint of each process, as this process reaches it. */
  readonly targets: () => readonly ScrapeTarget[];
  readonly close: () => void;
};

/** A target group in the format of Prometheus's HTTP service discovery. */
export type TargetGroup = {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
};

/** Starts the metrics server of the supervisor; resolves to its URL. */
export async function openSystemMetrics(watched: Watched): Promise<SystemMetrics> {
  const metrics = openMetrics('supervisor');
  const { config } = watched;
  measureProcesses(metrics, watched);
  measureServices(metrics, watched);
  measureUsage(metrics, watched.services);
  measureDisk(metrics, config.home, watched.services.databaseFolder);
  const server: MetricsServer = await openMetricsServer({
    metrics,
    health: () => healthOf(watched),
    bind: config.metricsBind,
    port: await portOf(config),
    pages: {
      '/targets': (host) => processTargets({ host, port: server.port }, watched.children()),
      '/targets/rabbitmq': (host) => brokerTargets(host, watched.services.brokerMetricsPort),
    },
  });
  const { metricsBind } = config;
  const isAny = metricsBind === '0.0.0.0' || metricsBind === '::';
  const host = inUrl(isAny ? '127.0.0.1' : metricsBind);
  return {
    url: `http://${host}:${server.port}`,
    targets: () =>
      processTargets({ host, port: server.port }, watched.children()).flatMap(
        ({ targets, labels: { process = '' } }) => targets.map((address) => ({ process, address })),
      ),
    close: server.close,
  };
}

/**
 * Returns the configured port, or the one of the last start, so that Prometheus's configuration
 * stays valid.
 */
async function portOf({ home, metricsPort }: Config): Promise<number> {
  if (metricsPort !== undefined) return metricsPort;
  const file = join(home, 'metrics.json');
  const { port } = await choosePorts(
    ['port'],
    readReplaceable(file, () => ({ port: 0 })),
  );
  writeSettings(file, { port });
  return port;
}

/** The stand-in for the legacy quote server needs neither database nor broker. */
const QUOTE_SERVER = 'quote-server';
const PROGRAMS: Readonly<Record<ServiceName, string>> = {
  database: 'postgresql',
  broker: 'rabbitmq',
};

function measureServices(metrics: Metrics, { troubles }: Watched): void {
  readAtScrape(metrics, {
    name: 'daytrade_service_up',
    help: '1 while the service does its work for the system, 0 else.',
    type: 'gauge',
    labels: ['service'],
    read: () =>
      (Object.keys(PROGRAMS) as ServiceName[]).map((service) => ({
        service,
        value: Number(troubles().every((trouble) => trouble.service !== service)),
      })),
  });
  readAtScrape(metrics, {
    name: 'daytrade_service_trouble',
    help: '1 for each trouble that there is now: away, blocked or full.',
    type: 'gauge',
    labels: ['service', 'kind'],
    read: () => troubles().map(({ service, kind }) => ({ service, kind, value: 1 })),
  });
}

function measureProcesses(metrics: Metrics, { children, services, troubles }: Watched): void {
  const all = (): readonly (Pick<ServiceProcess, 'restarts'> & {
    name: string;
    isUp: boolean;
  })[] => [
    ...children().map((child) => ({
      name: child.name,
      restarts: child.restarts(),
      // Without its services a process takes no work.
      isUp: child.isReady() && (child.name === QUOTE_SERVER || troubles().length === 0),
    })),
    ...services.processes().map(({ name, pid, restarts }) => ({
      name,
      restarts,
      isUp: pid !== undefined && !troubles().some(({ service }) => PROGRAMS[service] === name),
    })),
  ];
  readAtScrape(metrics, {
    name: 'daytrade_process_restarts_total',
    help: 'How often a process ended and was started again.',
    type: 'counter',
    labels: ['name'],
    read: () => all().map(({ name, restarts }) => ({ name, value: restarts })),
  });
  readAtScrape(metrics, {
    name: 'daytrade_watchdog_breaches_total',
    help: 'How often a process was replaced because it, or something in it, hung.',
    type: 'counter',
    labels: ['name', 'operation'],
    read: () =>
      children().flatMap((child) =>
        [...child.breaches()].map(([operation, value]) => ({ name: child.name, operation, value })),
      ),
  });
  readAtScrape(metrics, {
    name: 'daytrade_process_up',
    help: '1 while the process takes work, 0 else.',
    type: 'gauge',
    labels: ['name'],
    read: () => all().map(({ name, isUp }) => ({ name, value: Number(isUp) })),
  });
}

/** A system is healthy while every process takes work and no service has a fault. */
function healthOf({ children, troubles }: Watched): Health {
  const waiting = children()
    .filter((child) => !child.isReady())
    .map(({ name }) => name);
  const found = troubles().map(({ service, kind, since, what }) => ({
    service,
    kind,
    since,
    what,
  }));
  return { ok: waiting.length === 0 && found.length === 0, waiting, troubles: found };
}

/**
 * Lists the endpoints under the host by which the supervisor was asked: in a container this is not
 * loopback. A process takes another port at each start, so its instance label is its name at the
 * supervisor's address.
 */
export function processTargets(
  { host, port }: { readonly host: string; readonly port: number },
  children: readonly Pick<Child, 'name' | 'metricsPort'>[],
): readonly TargetGroup[] {
  const all = [
    { name: 'supervisor', at: port as number | undefined },
    ...children.map((child) => ({ name: child.name, at: child.metricsPort() })),
  ];
  return all.flatMap(({ name, at }) =>
    at === undefined
      ? []
      : [
          {
            targets: [`${host}:${at}`],
            labels: { process: name, instance: `${host}:${port}/${name}` },
          },
        ],
  );
}

/**
 * Lists the endpoint of the private broker's own plugin, which listens on loopback. The owner of a
 * given broker scrapes that broker.
 */
const brokerTargets = (host: string, port: number | undefined): readonly TargetGroup[] =>
  port === undefined ? [] : [{ targets: [`${host}:${port}`], labels: {} }];

const inUrl = (host: string): string => (host.includes(':') ? `[${host}]` : host);
