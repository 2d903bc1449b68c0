/** `npm run bench`: how fast the system is, beside the limit of the machine it runs on. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../../shared/runtime/config.ts';
import { UsageError } from '../../shared/runtime/errors.ts';
import { wholeNumber } from '../../infra/cli/numbers.ts';
import { endTool, openTool, parseTool } from '../support/tool-command.ts';
import { openBed, type Bed } from '../../infra/capacity/bed.ts';
import { machineName } from '../../infra/host/machine-name.ts';
import * as cases from './cases.ts';
import { compare } from './compare.ts';
import { measureDump, type DumpFigures } from './dump-speed.ts';
import { measureFunctions } from './functions.ts';
import { measure, measureLimit, type Measured } from './measure.ts';
import type { RunCase } from '../../infra/capacity/run-case.ts';
import { renderPage } from './page.ts';
import { type Report, type WithLimit } from './report.ts';
import { rowRatesOf } from './row-rates.ts';
import { renderTable } from '../../infra/page/table.ts';
import { tablesOf } from './tables.ts';
import { startTool } from '../../infra/capacity/tool.ts';
import { measureTriggers } from './triggers.ts';

type Options = {
  readonly compare?: string;
  readonly full?: true;
  readonly only: string;
  readonly profile?: true;
  readonly repeats: number;
  readonly tiny?: true;
};

const repeatsOf = wholeNumber('--repeats', { least: 1, most: 20 });

const values = parseTool(
  openTool('bench', 'measure how fast the system is, beside the limit of this machine')
    .option('--full', 'also what growth changes, up to 1,000 users, and the dump of their log')
    .option('--only <text>', 'only the runs whose name holds it, such as "pack 16"', '')
    .option(
      '--compare <ref>',
      'measure another commit and this tree in turns: those of --only, else those beside the limit',
    )
    .option('--repeats <n>', 'how often each side is measured, 1 to 20', repeatsOf, 3)
    .option('--profile', 'write a CPU profile of every process; it slows the runs a little')
    .option('--tiny', 'one small run, to see that the bench works'),
).opts<Options>();
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const isWanted = (name: string): boolean => name.includes(values.only);

/** Measures those that are wanted, one after another. */
async function each<Result>(
  of: readonly RunCase[],
  work: (one: RunCase) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const one of of.filter(({ name }) => isWanted(name))) {
    say(`${one.name} …`);
    results.push(await work(one));
  }
  return results;
}

async function withLimit(bed: Bed, one: RunCase): Promise<WithLimit> {
  const measured = await measure(bed, one);
  const rates = rowRatesOf(measured.statements, measured.figures.commands);
  return { measured, limit: await measureLimit(bed, one, rates) };
}

async function commandTable(bed: Bed): Promise<Report['commandTable']> {
  const of = [cases.WITHOUT_CACHE, cases.WITH_CACHE];
  const [without, cached] = await each(of, (one) => measure(bed, one));
  return without && cached && { without, with: cached };
}

async function runAll(bed: Bed): Promise<Report> {
  const run = (one: RunCase): Promise<Measured> => measure(bed, one);
  const bare = startTool<number>('tests/bench/bare-process', {});
  const bareBytes = await bare.result;
  await bare.end();
  const common = { machine: machineName(), at: new Date().toISOString(), bareBytes };
  const nothing = { commandTable: undefined, growth: [], latency: [], web: [], functions: [] };
  if (values.tiny === true) {
    const limited = await each([cases.TINY], (one) => withLimit(bed, one));
    return { ...common, ...nothing, runs: [], limited, dump: undefined, triggers: undefined };
  }
  const table = await commandTable(bed);
  const runs = await each(cases.THROUGHPUT, run);
  const latency = await each(cases.LATENCY, run);
  const web = await each(cases.WEB, run);
  const counted = [cases.ONE_USER, cases.COUNTED].map((one) => ({
    ...one,
    name: `functions, ${one.name}`,
  }));
  const functions = await each(counted, (one) => measureFunctions(bed, one));
  const triggers = isWanted('triggers') ? await measureTriggers(bed) : undefined;
  const limited = await each(cases.LIMITED, (one) => withLimit(bed, one));
  let dump: DumpFigures | undefined;
  const growth = values.full === true ? await each(cases.GROWTH, run) : [];
  if (isWanted('dump')) {
    // A dump is of what the last run left, 2 events a command; in a new data folder nothing has.
    if (!(await hasLog(bed))) await run(cases.COUNTED);
    dump = await measureDump(bed);
  }
  return {
    ...{ ...common, commandTable: table, runs, limited, growth },
    ...{ latency, web, functions, dump, triggers },
  };
}

async function hasLog({ pool }: Bed): Promise<boolean> {
  const { rows } = await pool.query<{ exists: boolean }>(
    `SELECT to_regclass('audit_events') IS NOT NULL AS exists`,
  );
  return rows[0]?.exists === true;
}

/** What this process starts inherits its environment. */
function profileChildren(into: string): void {
  const program = new URL('./profile.js', import.meta.url).href;
  process.env['BENCH_PROFILE_FOLDER'] = into;
  process.env['NODE_OPTIONS'] = `${process.env['NODE_OPTIONS'] ?? ''} --import=${program}`;
}

async function main(): Promise<void> {
  const folder = join(readConfig(process.env).home, 'bench');
  if (values.profile === true) profileChildren(join(folder, 'profiles'));
  const bed = await openBed(folder, say);
  try {
    const report = await runAll(bed);
    process.stdout.write(
      `${report.machine}\n\n${tablesOf(report).map(renderTable).join('\n\n')}\n`,
    );
    writeFileSync(join(folder, 'report.json'), JSON.stringify(report, undefined, 2));
    writeFileSync(join(folder, 'report.html'), renderPage(report));
    say(`\nThe report: ${join(folder, 'report.html')}`);
  } finally {
    await bed.close();
  }
}

/** The cases that run one workload. */
function workloadCases(): readonly RunCase[] {
  if (values.tiny === true) return [cases.TINY];
  return [
    ...[cases.WITHOUT_CACHE, cases.WITH_CACHE],
    ...[cases.THROUGHPUT, cases.LATENCY, cases.WEB, cases.LIMITED].flat(),
    ...(values.full === true ? cases.GROWTH : []),
  ];
}

/** Every run that these options allow. */
function allNames(): readonly string[] {
  const names = workloadCases().map(({ name }) => name);
  if (values.tiny === true || values.compare !== undefined) return names;
  const functions = [cases.ONE_USER, cases.COUNTED].map(({ name }) => `functions, ${name}`);
  return [...names, ...functions, 'triggers', 'dump'];
}

async function compareWith(ref: string): Promise<void> {
  const { home } = readConfig(process.env);
  const isAnyChosen = values.only !== '' || values.tiny === true;
  const chosen = isAnyChosen ? workloadCases().filter(({ name }) => isWanted(name)) : cases.LIMITED;
  const { repeats } = values;
  await compare({ ref, repeats, cases: chosen, folder: join(home, 'bench'), say });
}

if (!allNames().some(isWanted)) {
  const names = allNames().map((name) => `\n  ${name}`);
  endTool(new UsageError(`No run has "${values.only}" in its name. There are:${names.join('')}`));
}
if (values.compare === undefined) await main();
else await compareWith(values.compare).catch(endTool);
