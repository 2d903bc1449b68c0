/** Measures what the machine gives the system: CPU time and memory of private services, and disks. */
import { statfs } from 'node:fs/promises';
import { gaugeAtScrape, readAtScrape, type Metrics } from '../../shared/runtime/metrics.ts';
import type { Services } from '../services/open-services.ts';
import { readUsage, type PresentUsage } from './process-usage.ts';

/** Measures the private services, which serve no metrics of their own processes. */
export function measureUsage(metrics: Metrics, { processes }: Pick<Services, 'processes'>): void {
  let usage: readonly PresentUsage[] = [];
  readAtScrape(metrics, {
    name: 'daytrade_service_cpu_seconds_total',
    help: 'CPU time of a private service, in all its processes.',
    type: 'counter',
    labels: ['name'],
    read: () => {
      usage = readUsage(processes());
      return usage.map(({ name, cpuSeconds }) => ({ name, value: cpuSeconds }));
    },
  });
  readAtScrape(metrics, {
    name: 'daytrade_service_memory_bytes',
    help: 'Resident memory of a private service, with memory that its processes share once.',
    type: 'gauge',
    labels: ['name'],
    // The series above has just measured it: a scrape reads the series in the order of their registration.
    read: () => usage.map(({ name, rssBytes }) => ({ name, value: rssBytes })),
  });
}

/**
 * Measures the disks of the data folder and of the private database, which is outside the data
 * folder when root runs it.
 */
export function measureDisk(
  metrics: Metrics,
  home: string,
  databaseFolder: string | undefined,
): void {
  gaugeAtScrape(metrics, {
    name: 'daytrade_database_disk_free_bytes',
    help: 'Free space of the file system that holds the private database.',
    read: async () => {
      if (databaseFolder === undefined) return undefined;
      const { bavail, bsize } = await statfs(databaseFolder);
      return bavail * bsize;
    },
  });
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
