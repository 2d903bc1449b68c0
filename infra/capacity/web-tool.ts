/** The clients of a measured run over the web, in a process of their own. */
import { openLatencies } from '../../producers/workload/latencies.ts';
import { openWorkload } from '../../producers/workload/open-workload.ts';
import { openRunTokens } from '../../producers/workload/run-tokens.ts';
import { runViaWeb } from '../../producers/workload/run-via-web.ts';
import type { WebTarget } from '../../producers/workload/user-client.ts';
import { openPool } from '../../shared/pg/pool.ts';
import { openFileLogger } from '../../shared/runtime/logger.ts';
import type { RunFigures, RunInput } from './run-tool.ts';
import { runAsTool } from './tool.ts';

type WebRunInput = Pick<RunInput, 'file' | 'warmUpFile' | 'run' | 'databaseUrl' | 'logFile'> & {
  readonly target: WebTarget;
};

runAsTool(async (given, pause): Promise<RunFigures> => {
  const input = given as WebRunInput;
  const { warmUpFile: file } = input;
  if (file !== undefined) await run({ ...input, file, run: `warm-up-${input.run}` });
  await pause();
  return await run(input);
});

/** Counts commands and seconds until the last answer. The hits of its quotes are not counted. */
async function run({
  file,
  run: name,
  databaseUrl,
  logFile,
  target,
}: WebRunInput): Promise<RunFigures> {
  const log = openFileLogger('bench-run', { level: 'info', file: logFile });
  const pool = openPool({ url: databaseUrl, name: 'bench-run', size: 1, log });
  const tokens = openRunTokens(pool, name);
  const latencies = openLatencies();
  let [commands, rejected] = [0, 0];
  const startedAt = performance.now();
  await runViaWeb({
    workload: await openWorkload([file]),
    ...{ run: name, target, tokenFor: tokens.make },
    signal: new AbortController().signal,
    onUnreadable: () => undefined,
    onAnswer: ({ outcome }, command, latencyMs) => {
      commands += 1;
      if (outcome === 'rejected') rejected += 1;
      latencies.record([command], latencyMs);
    },
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  await tokens.end();
  await pool.end();
  return {
    ...{ commands, rejected, quoteHits: 0, seconds, commandsPerSecond: commands / seconds },
    latency: latencies.ofMessages(),
    byCommand: [],
  };
}
