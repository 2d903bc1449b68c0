/** The one address an operator gives to Prometheus: how the system is, and where each process tells more. */
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../shared/runtime/config.ts';
import { openMetricsServer, type MetricsServer } from '../../shared/runtime/metrics-server.ts';
import {
  readAtScrape,
  gaugeAtScrape,
  openMetrics,
  type Metrics,
} from '../../shared/runtime/metrics.ts';
import type { ServiceProcess, Services } from '../services/open-services.ts';
import { choosePorts } from '../services/ports.ts';
import { readReplaceable, writeSettings } from '../services/settings.ts';
import type { Child } from './child.ts';

export type Watched = {
  readonly config: Config;
  readonly services: Pick<Services, 'processes' | 'brokerMetricsPort'>;
  readonly children: () => readonly Child[];
};

export type SystemMetrics = { readonly url: string; readonly close: () => void };

/** A target group, as Prometheus's HTTP service discovery takes it. */
export type TargetGroup = {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
};

export async function openSystemMetrics(watched: Watched): Promise<SystemMetrics> {
  const metrics = openMetrics('supervisor');
  const { config } = watched;
  measureProcesses(metrics, watched);
  measureDisk(metrics, config.home);
  const server: MetricsServer = await openMetricsServer({
    metrics,
    health: () => healthOf(watched.children()),
    bind: config.metricsBind,
    port: await portOf(config),
    pages: {
      '/targets': (host) => processTargets(host, [server.port, ...portsOf(watched.children())]),
      '/targets/rabbitmq': (host) => brokerTargets(host, watched.services.brokerMetricsPort),
    },
  });
  const { metricsBind } = config;
  const isAny = metricsBind === '0.0.0.0' || metricsBind === '::';
  const host = isAny ? '127.0.0.1' : metricsBind;
  return { url: `http://${inUrl(host)}:${server.port}`, close: server.close };
}

/** The same one each time, so that what was told to Prometheus stays true. */
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

function measureProcesses(metrics: Metrics, { children, services }: Watched): void {
  const all = (): readonly (Pick<ServiceProcess, 'restarts'> & {
    name: string;
    isUp: boolean;
  })[] => [
    ...children().map((child) => ({
      name: child.name,
      restarts: child.restarts(),
      isUp: child.isReady(),
    })),
    ...services.processes().map(({ name, pid, restarts }) => ({
      name,
      restarts,
      isUp: pid !== undefined,
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

/** Of the file system of the data folder: private services keep theirs there too. */
function measureDisk(metrics: Metrics, home: string): void {
  gaugeAtScrape(metrics, {
    name: 'daytrade_disk_free_bytes',
    help: 'Free space of the file system that holds the data folder.',
    read: async () => {
      const { bavail, bsize } = await statfs(home);
      return bavail * bsize;
    },
  });
  gaugeAtScrape(metrics, {
    name: 'daytrade_disk_size_bytes',
    help: 'Size of the file system that holds the data folder.',
    read: async () => {
      const { blocks, bsize } = await statfs(home);
      return blocks * bsize;
    },
  });
}

function healthOf(children: readonly Child[]): {
  readonly ok: boolean;
  readonly waiting: string[];
} {
  const waiting = children.filter((child) => !child.isReady()).map(({ name }) => name);
  return { ok: waiting.length === 0, waiting };
}

const portsOf = (children: readonly Child[]): readonly number[] =>
  children.map((child) => child.metricsPort()).filter((port) => port !== undefined);

/** Under the name by which the supervisor was asked: in a container that is not its loopback. */
export const processTargets = (host: string, ports: readonly number[]): readonly TargetGroup[] =>
  ports.map((port) => ({ targets: [`${host}:${port}`], labels: {} }));

/** The private broker's own plugin, which listens on loopback; a given broker is scraped by its owner. */
export const brokerTargets = (host: string, port: number | undefined): readonly TargetGroup[] =>
  port === undefined ? [] : [{ targets: [`${host}:${port}`], labels: {} }];

const inUrl = (host: string): string => (host.includes(':') ? `[${host}]` : host);
