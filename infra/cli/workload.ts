/** `daytrade workload`: runs a workload from start to end. */
import { join } from 'node:path';
import { Option, type Command } from 'commander';
import { asFastAsAnswered } from '../../producers/workload/pace.ts';
import { openWorkload, type Workload } from '../../producers/workload/open-workload.ts';
import { totalCash } from '../../shared/pg/accounts-scan.ts';
import { openPool, type Pool } from '../../shared/pg/pool.ts';
import { countRuns } from '../../shared/pg/runs.ts';
import { readConfig, type Config } from '../../shared/runtime/config.ts';
import { InterruptedError, UsageError } from '../../shared/runtime/errors.ts';
import type { OpenedLogger } from '../../shared/runtime/logger.ts';
import { packageRoot } from '../../shared/runtime/package-root.ts';
import { useSystem, type UsedSystem } from '../supervisor/use-system.ts';
import { managementRow } from './addresses.ts';
import { confirmFresh, freshOption } from './fresh.ts';
import { onInterrupt } from './interrupt.ts';
import { openCliLogger } from './log.ts';
import { dollars, say, table, writeSummary } from './output.ts';
import { runFile } from './run-file.ts';
import { systemGone } from './running-system.ts';
import { replicatedOption, withReplicated } from './replicated.ts';
import {
  addRunOptions,
  PARTS_ARGUMENT,
  partPaths,
  resumeCommand,
  runName,
  type RunArguments,
} from './run-options.ts';
import { renderReport } from './run-report.ts';
import {
  checkOutputs,
  writeFigures,
  writeStored,
  type OutputPaths,
  type Outputs,
} from './run-outputs.ts';
import { renderSummary } from './run-summary.ts';
import { printTroubles } from './print-troubles.ts';
import { workloadViaWeb } from './via-web.ts';
import { OWN_COMMAND, START_COMMAND } from '../../shared/runtime/own-command.ts';

type Options = RunArguments &
  OutputPaths & {
    readonly via?: 'web';
    readonly fresh?: true;
    readonly replicated?: true;
    readonly yes?: true;
    readonly keep?: true;
  };

const SAMPLE = join(packageRoot, 'workloads/sample.workload');
const DEFAULT_PACK = 16;
/** One process of each pool and no standby, for throughput. */
const POOLS = { transaction: 1, quote: 1, trigger: 1, audit: 1, intake: 0, web: 0 };
const WEB_PROCESSES = 2;
const CONNECTIONS = 3;

/** Throws for options that a run through the web does not support. */
function refuseWithVia({ via, answers, report, html, json }: Options): void {
  if (via === undefined || (answers ?? report ?? html ?? json) === undefined) return;
  throw new UsageError('--via web supports neither --answers, --report, --html nor --json');
}

export function registerWorkload(program: Command): void {
  const command = program
    .command('workload')
    .description('run a workload and show what happened')
    .argument('[parts...]', `${PARTS_ARGUMENT} (default: a sample that comes with daytrade)`);
  addRunOptions(command, DEFAULT_PACK)
    .option('--dump <out.xml>', 'write the whole audit log afterwards')
    .option('--accounts <out.ndjson>', 'write every account afterwards, as JSON lines')
    .option('--report <out.json>', 'write the figures of the run')
    .option('--html <out.html>', 'write a page about the run, with charts, that opens anywhere')
    .option('--answers <out.ndjson>', 'write the answer to every command, as JSON lines')
    .addOption(
      new Option('--via <way>', 'web: send each command as a request to the web API').choices([
        'web',
      ]),
    )
    .addOption(freshOption())
    .addOption(replicatedOption())
    .option('--yes', 'with --fresh, do not ask')
    .option('--keep', 'leave the system running')
    .action(runCommand);
}

async function runCommand(given: readonly string[], options: Options): Promise<void> {
  const config = withReplicated(readConfig(process.env), options.replicated);
  const paths = given.length === 0 ? [SAMPLE] : partPaths(given);
  const run = runName(options.run);
  refuseWithVia(options);
  // Reports an unwritable output before anything is started.
  const outputs = await checkOutputs(options);
  const interrupt = onInterrupt(() => say('\nStopping …'));
  const { signal } = interrupt;
  // Reports unreadable input before anything is started.
  const workload = await openWorkload(paths, { number: options.number === true, signal });
  const log = openCliLogger(config, 'workload');
  try {
    if (options.fresh === true) await confirmFresh(config, options.yes);
    await runHere({ config, workload, run, options, outputs, signal, log }, interrupt);
  } catch (error) {
    if (signal.aborted) sayHowToGoOn(paths, run, options);
    throw error;
  } finally {
    await workload.close();
  }
}

/** Runs it on the system of the data folder; starts one if none runs. */
async function runHere(work: Work, interrupt: AbortController): Promise<void> {
  const { config, options, log } = work;
  const system = await useSystem({
    config,
    pools: options.via === 'web' ? { ...POOLS, web: WEB_PROCESSES } : POOLS,
    triggerRefreshMs: 0,
    quoteServerFlags: config.quoteServerFlags ?? [],
    fresh: options.fresh === true,
    keep: options.keep === true,
    signal: interrupt.signal,
    onStop: () => interrupt.abort(new InterruptedError('the system was told to stop')),
    onGone: (pid) => interrupt.abort(systemGone(pid)),
    say,
    log,
  });
  try {
    await (options.via === 'web' ? runWeb : runOn)(system, work);
  } finally {
    await system.close();
  }
}

type Work = {
  readonly config: Config;
  readonly workload: Workload;
  readonly run: string;
  readonly options: Options;
  readonly outputs: Outputs;
  readonly signal: AbortSignal;
  readonly log: OpenedLogger;
};

async function runOn(system: UsedSystem, work: Work): Promise<void> {
  const { config, workload, run, options, outputs, signal, log } = work;
  const { databaseUrl: url } = system.info;
  const pool = openPool({ url, name: 'workload-report', size: CONNECTIONS, log });
  try {
    say(`${workload.name}, run ${run}; the data folder holds ${await earlierRuns(pool)}.`);
    const result = await runFile(
      {
        workload,
        run,
        pack: options.pack,
        pace: asFastAsAnswered,
        answers: outputs.answers,
        withMoments: outputs.html !== undefined,
        signal,
        log,
      },
      system,
    );
    await writeSummary((options.json === true ? renderReport : renderSummary)(result, run));
    await writeStored(pool, config.orderLifetimeMs, outputs);
    await writeFigures(pool, { run, workload: workload.name, result }, outputs);
    say(table(placesOf(system, outputs)));
  } finally {
    await pool.end();
  }
}

/** Runs the same workload through the web API. */
async function runWeb(system: UsedSystem, work: Work): Promise<void> {
  const { config, workload, run, outputs, signal, log } = work;
  const { databaseUrl: url, web } = system.info;
  const pool = openPool({ url, name: 'workload-web', size: CONNECTIONS, log });
  const printer = printTroubles(system, say);
  try {
    say(`${workload.name}, run ${run}, through the web API.`);
    const trouble = (): string | undefined => printer.present()?.what;
    await workloadViaWeb(pool, { workload, run, web, signal, trouble });
    await writeSummary(table([['total cash', dollars(await totalCash(pool))]]));
    await writeStored(pool, config.orderLifetimeMs, outputs);
    say(table(placesOf(system, outputs)));
  } finally {
    printer.stop();
    await pool.end();
  }
}

async function earlierRuns(pool: Pool): Promise<string> {
  const runs = await countRuns(pool);
  return runs === 1 ? '1 earlier run' : `${runs} earlier runs`;
}

function placesOf(system: UsedSystem, outputs: Outputs): (readonly [string, string])[] {
  const managementUrl = system.info.operatorUrl ?? system.info.managementUrl;
  const isUp = system.isShared;
  return [
    ['audit log', auditLogPlace(system, outputs)],
    ...(outputs.html === undefined ? [] : [['page', outputs.html.name] as const]),
    ['logs', system.info.logFolder],
    // Omits the management UI of a system that stops now.
    ...(managementUrl === undefined || !isUp ? [] : [managementRow(managementUrl)]),
    isUp
      ? ['system', `stays up; ${OWN_COMMAND} down stops it`]
      : ['system', `stops now; --keep leaves it up, ${START_COMMAND} runs it until Ctrl-C`],
  ];
}

/** Describes where the whole log is: in a file, or in the database to be written to one. */
const auditLogPlace = ({ isShared }: UsedSystem, { dump }: Outputs): string =>
  dump === undefined
    ? `in the database; ${OWN_COMMAND} dump OUT.xml writes it${isShared ? '' : ', now or later'}`
    : dump.name;

function sayHowToGoOn(paths: readonly string[], run: string, options: Options): void {
  const number = options.number === true;
  const via = options.via === undefined ? '' : ` --via ${options.via}`;
  const command = `${resumeCommand('workload', { paths, run, number })}${via}`;
  say(`Not finished. This goes on from there:\n  ${command}`);
}
