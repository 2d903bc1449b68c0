/** `npm run simulate`: runs many seeds, or replays one. */
import { Option } from 'commander';
import { wholeNumber } from '../../infra/cli/numbers.ts';
import { openTool, parseTool } from '../support/tool-command.ts';
import { FAULTS } from './faults.ts';
import { PLANTED_BUGS } from './parts.ts';
import { simulate, type Run } from './world.ts';

const SEEDS = { least: 0, most: Number.MAX_SAFE_INTEGER };
const COUNTS = { least: 1, most: 1_000_000_000 };

type Options = {
  readonly seeds: number;
  readonly from: number;
  readonly seed?: number;
  readonly steps: number;
  readonly planted?: (typeof PLANTED_BUGS)[number];
};

const options = parseTool(
  openTool('simulate', 'run the system in one process, with faults drawn by seeds')
    .option('--seeds <n>', 'how many seeds', wholeNumber('--seeds', COUNTS), 1_000)
    .option('--from <n>', 'the first seed', wholeNumber('--from', SEEDS), 1)
    .addOption(
      new Option('--seed <n>', 'one seed again, with its last steps')
        .argParser(wholeNumber('--seed', SEEDS))
        .env('SEED'),
    )
    .option('--steps <n>', 'how many steps of it are shown', wholeNumber('--steps', COUNTS), 40)
    .addOption(new Option('--planted <bug>', 'with a bug planted').choices(PLANTED_BUGS)),
).opts<Options>();
const { seed: one, planted } = options;
const first = one ?? options.from;
const count = one === undefined ? options.seeds : 1;

const runs: Run[] = [];
const startedAt = performance.now();
for (let seed = first; seed < first + count; seed += 1) {
  const run = await simulate(seed, planted === undefined ? {} : { planted });
  runs.push({ ...run, latest: [] });
  if (run.failure !== undefined) {
    const [what, ...more] = run.failure.split('\n');
    console.log(`seed ${seed}, step ${run.steps}: ${what ?? ''}`);
    if (one !== undefined) console.log(more.join('\n'));
    console.log(`  replay: npm run simulate -- --seed ${seed}`);
    if (one !== undefined) console.log(run.latest.slice(-options.steps).join('\n'));
  }
}
const failed = runs.filter(({ failure }) => failure !== undefined);
const sum = (of: (run: Run) => number): string =>
  runs.reduce((total, run) => total + of(run), 0).toLocaleString('en');
const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
console.log(
  `${runs.length} seeds in ${seconds} s: ${sum((run) => run.steps)} steps, ` +
    `${sum((run) => run.commands)} commands, ${sum((run) => run.hits)} hits, ` +
    `${sum((run) => run.fired)} triggers fired, ${failed.length} failed`,
);
for (const fault of FAULTS) console.log(`  ${fault}: ${sum((run) => run.struck.get(fault) ?? 0)}`);
if (one !== undefined) console.log(`trace ${runs[0]?.trace ?? 0}`);
process.exitCode = failed.length > 0 ? 1 : 0;
