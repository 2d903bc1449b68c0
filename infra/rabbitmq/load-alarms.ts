/** Loads the alarms of the broker's nodes, with their free and used bytes. */
import type { Management } from '../../shared/amqp/management.ts';

export type NodeAlarms = {
  readonly disk: boolean;
  readonly memory: boolean;
  readonly diskFree: number;
  readonly diskLimit: number;
  readonly memoryUsed: number;
  readonly memoryLimit: number;
};

type Node = {
  readonly running: boolean;
  readonly disk_free_alarm?: boolean;
  readonly mem_alarm?: boolean;
  readonly disk_free?: number;
  readonly disk_free_limit?: number;
  readonly mem_used?: number;
  readonly mem_limit?: number;
};

/** Rejects if the management API does not answer. */
export async function loadAlarms(management: Management): Promise<readonly NodeAlarms[]> {
  const nodes = (await management.ask('GET', ['nodes'])) as readonly Node[];
  return nodes
    .filter(({ running }) => running)
    .map((node) => ({
      disk: node.disk_free_alarm ?? false,
      memory: node.mem_alarm ?? false,
      diskFree: node.disk_free ?? 0,
      diskLimit: node.disk_free_limit ?? 0,
      memoryUsed: node.mem_used ?? 0,
      memoryLimit: node.mem_limit ?? 0,
    }));
}
