/**
 * One turn of a comparison: measures cases on the system of the build that this program is in, with
 * services of its own. It imports little, because it also runs in the build of another commit.
 */
import { openBed, type Bed } from '../../infra/capacity/bed.ts';
import { runCase, type RunCase } from '../../infra/capacity/run-case.ts';
import { runAsTool } from '../../infra/capacity/tool.ts';
import { brokenInvariants } from './broken-invariants.ts';
import { openMachineMeter } from './machine-usage.ts';

export type TurnInput = {
  /** The folder of the services' data and of the workload files. */
  readonly folder: string;
  readonly cases: readonly RunCase[];
};

export type TurnFigures = {
  readonly name: string;
  readonly commandsPerSecond: number;
  /** The CPU time of a command in all processes, in microseconds. */
  readonly cpuUs: number;
  /** Latencies in milliseconds. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** The share of the CPU time used that went to others, 0 to 1. */
  readonly others: number;
  /** The invariants that `daytrade verify` finds broken afterwards. */
  readonly broken: readonly string[];
};

async function measureTurn(bed: Bed, one: RunCase): Promise<TurnFigures> {
  const { figures, processes, observed } = await runCase(bed, one, () => {
    const machine = openMachineMeter();
    return Promise.resolve({
      read: async () => ({ machineMs: machine(), broken: await brokenInvariants(bed) }),
      end: () => undefined,
    });
  });
  const { machineMs, broken } = observed;
  const ownMs = processes.reduce((sum, each) => sum + each.cpuUserMs + each.cpuSystemMs, 0);
  return {
    name: one.name,
    commandsPerSecond: figures.commandsPerSecond,
    cpuUs: (ownMs * 1_000) / figures.commands,
    p50Ms: figures.latency.p50Ms,
    p99Ms: figures.latency.p99Ms,
    others: machineMs === 0 ? 0 : Math.max(0, 1 - ownMs / machineMs),
    broken,
  };
}

runAsTool(async (given): Promise<readonly TurnFigures[]> => {
  const { folder, cases } = given as TurnInput;
  const bed = await openBed(folder, () => undefined);
  try {
    const figures: TurnFigures[] = [];
    for (const one of cases) figures.push(await measureTurn(bed, one));
    return figures;
  } finally {
    await bed.close();
  }
});
