/** Runs one workload on a system with empty data, and measures its time and CPU. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { UserClientProtocol, WebTarget } from '../../producers/workload/user-client.ts';
import { InvariantError } from '../../shared/domain/invariant-error.ts';
import type { Environment } from '../../shared/runtime/environment.ts';
import type { System } from '../supervisor/supervisor.ts';
import {
  openUsageMeter,
  type NamedProcess,
  type ProcessUsage,
} from '../supervisor/process-usage.ts';
import { withSystem, type Bed } from './bed.ts';
import type { RunFigures, RunInput, RunSending } from './run-tool.ts';
import { startTool, type RunningTool } from './tool.ts';
import { workloadFile, type Shape } from './workload-file.ts';

/** How the stand-in of the legacy quote server answers. */
type QuoteAnswers = 'at once' | 'legacy';

export type RunCase = Shape & {
  readonly name: string;
  /** The largest number of commands in one message. */
  readonly pack: number;
  readonly quotes: QuoteAnswers;
  readonly sending: RunSending;
  /** Sends over HTTPS, each user over a connection of its own, one command at a time. Absent: by the broker. */
  readonly web?: UserClientProtocol | undefined;
  readonly environment?: Environment;
  /**
   * A workload that runs first, unmeasured, because processes are slower just after their start. Its
   * users and stocks should be others, so that it leaves no quotes behind for the measured run.
   */
  readonly warmUp?: Shape | undefined;
};

type MeasuredRun<Observed> = {
  readonly figures: RunFigures;
  readonly processes: readonly ProcessUsage[];
  readonly observed: Observed;
};

/** Lets a caller measure more of a run. */
type Observer<Observed> = {
  /** Reads the result when the run is over, while the system still runs. */
  readonly read: (figures: RunFigures) => Promise<Observed>;
  /** Ends the observation, also of a run that failed. */
  readonly end: () => void;
};

const FLAGS: Readonly<Record<QuoteAnswers, readonly string[]>> = {
  'at once': ['--delay-ms', '0', '--prices', 'fixed'],
  legacy: ['--prices', 'fixed'],
};

/** Nothing expires during a run, however slow the machine: each symbol costs one hit. */
const LIFETIME = { QUOTE_LIFETIME_S: '3600', ORDER_LIFETIME_S: '3600' };

/** Called when the measured run begins, after the warm-up, with its processes. */
type Observe<Observed> = (
  list: () => readonly NamedProcess[],
  system: System,
) => Promise<Observer<Observed>>;

/** Runs the case on a system of its own, after its warm-up. */
export async function runCase<Observed>(
  bed: Bed,
  each: RunCase,
  observe: Observe<Observed>,
): Promise<MeasuredRun<Observed>> {
  const file = workloadFile(bed.folder, each);
  const environment = { ...LIFETIME, ...each.environment };
  return await withSystem(
    bed,
    { quoteServerFlags: FLAGS[each.quotes], environment, web: each.web === undefined ? 0 : 2 },
    async (system) => {
      const input = runInputOf(bed, each, file);
      const tool =
        each.web === undefined
          ? startTool<RunFigures>('infra/capacity/run-tool', input)
          : startTool<RunFigures>('infra/capacity/web-tool', {
              ...input,
              target: targetOf(system, each.web),
            });
      const list = (): readonly NamedProcess[] => [
        { name: 'workload', pid: tool.pid },
        ...system.info().processes.filter(({ pid }) => pid !== process.pid),
        ...bed.services.processes(),
      ];
      try {
        await tool.paused;
        return await measureTool(tool, list, system, observe);
      } finally {
        await tool.end();
      }
    },
  );
}

/** Returns where a run over the web sends to. Throws if the system has no web process. */
function targetOf(system: System, protocol: UserClientProtocol): WebTarget {
  const address = system.info().web;
  if (address === undefined) throw new InvariantError('the system of a run over the web has none');
  const { url, authority } = address;
  return { url, authority: authority && readFileSync(authority.file), protocol };
}

/** Measures from the end of the warm-up to the result. */
async function measureTool<Observed>(
  tool: RunningTool<RunFigures>,
  list: () => readonly NamedProcess[],
  system: System,
  observe: Observe<Observed>,
): Promise<MeasuredRun<Observed>> {
  const observer = await observe(list, system);
  const meter = openUsageMeter(list);
  try {
    tool.resume();
    const figures = await tool.result;
    const processes = meter.stop();
    return { figures, processes, observed: await observer.read(figures) };
  } finally {
    meter.stop();
    observer.end();
  }
}

/** Returns the input of a tool that sends the file to the bed's services. */
export const runInputOf = (
  bed: Bed,
  { name, pack, sending, warmUp }: RunCase,
  file: string,
): RunInput => ({
  file,
  warmUpFile: warmUp && workloadFile(bed.folder, warmUp),
  run: name.replaceAll(/[^A-Za-z0-9]+/g, '-'),
  pack,
  sending,
  amqpUrl: bed.services.amqpUrl,
  databaseUrl: bed.services.databaseUrl,
  shardCount: bed.config.shards,
  logFile: join(bed.folder, 'bench.log'),
});
