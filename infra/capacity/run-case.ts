/** Runs one workload on a system with empty data, and measures its time and CPU. */
import { join } from 'node:path';
import type { Environment } from '../../shared/runtime/environment.ts';
import type { System } from '../supervisor/supervisor.ts';
import {
  openUsageMeter,
  type NamedProcess,
  type ProcessUsage,
} from '../supervisor/process-usage.ts';
import { withSystem, type Bed } from './bed.ts';
import type { RunFigures, RunInput, RunSending } from './run-tool.ts';
import { startTool } from './tool.ts';
import { workloadFile, type Shape } from './workload-file.ts';

/** How the stand-in of the legacy quote server answers. */
type QuoteAnswers = 'at once' | 'legacy';

export type RunCase = Shape & {
  readonly name: string;
  /** The largest number of commands in one message. */
  readonly pack: number;
  readonly quotes: QuoteAnswers;
  readonly sending: RunSending;
  readonly environment?: Environment;
  /** A workload that runs first, unmeasured, because processes are slower just after their start. */
  readonly warmUp?: Shape;
};

type MeasuredRun<Observed> = {
  readonly figures: RunFigures;
  readonly processes: readonly ProcessUsage[];
  readonly observed: Observed;
};

/** Lets a caller measure more of a run. */
type Observer<Observed> = {
  /** Reads the result when the run is over, while the system still runs. */
  readonly read: (system: System, figures: RunFigures) => Promise<Observed>;
  /** Ends the observation, also of a run that failed. */
  readonly end: () => void;
};

const FLAGS: Readonly<Record<QuoteAnswers, readonly string[]>> = {
  'at once': ['--delay-ms', '0', '--prices', 'fixed'],
  legacy: ['--prices', 'fixed'],
};

/** Nothing expires during a run, however slow the machine: each symbol costs one hit. */
const LIFETIME = { QUOTE_LIFETIME_S: '3600', ORDER_LIFETIME_S: '3600' };

/** Runs the case. `observe` is called when the measured run begins, with its processes. */
export async function runCase<Observed>(
  bed: Bed,
  each: RunCase,
  observe: (list: () => readonly NamedProcess[]) => Promise<Observer<Observed>>,
): Promise<MeasuredRun<Observed>> {
  const file = workloadFile(bed.folder, each);
  const environment = { ...LIFETIME, ...each.environment };
  return await withSystem(
    bed,
    { quoteServerFlags: FLAGS[each.quotes], environment },
    async (system) => {
      if (each.warmUp !== undefined) await warmUp(bed, each, each.warmUp);
      const workload: { name: string; pid: number | undefined } = {
        name: 'workload',
        pid: undefined,
      };
      const list = (): readonly NamedProcess[] => [
        workload,
        ...system.info().processes.filter(({ pid }) => pid !== process.pid),
        ...bed.services.processes(),
      ];
      const observer = await observe(list);
      const tool = startTool<RunFigures>(RUN_TOOL, runInputOf(bed, each, file));
      workload.pid = tool.pid;
      const meter = openUsageMeter(list);
      try {
        const figures = await tool.result;
        const processes = meter.stop();
        return { figures, processes, observed: await observer.read(system, figures) };
      } finally {
        meter.stop();
        observer.end();
        await tool.end();
      }
    },
  );
}

const RUN_TOOL = 'infra/capacity/run-tool';

async function warmUp(bed: Bed, each: RunCase, shape: Shape): Promise<void> {
  const before: RunCase = { ...each, name: `before ${each.name}`, sending: 'fast' };
  const file = workloadFile(bed.folder, shape);
  const tool = startTool<RunFigures>(RUN_TOOL, runInputOf(bed, before, file));
  await tool.result;
  await tool.end();
}

/** Returns the input of a tool that sends the file to the bed's services. */
export const runInputOf = (bed: Bed, { name, pack, sending }: RunCase, file: string): RunInput => ({
  file,
  run: name.replaceAll(/[^A-Za-z0-9]+/g, '-'),
  pack,
  sending,
  amqpUrl: bed.services.amqpUrl,
  databaseUrl: bed.services.databaseUrl,
  shardCount: bed.config.shards,
  logFile: join(bed.folder, 'bench.log'),
});
