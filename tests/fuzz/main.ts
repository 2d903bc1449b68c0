/** `npm run fuzz`: inputs at every border, and the branches of the parsers that they took. */
import { wholeNumber } from '../../infra/cli/numbers.ts';
import { openTool, parseTool } from '../support/tool-command.ts';
import { Coverage } from './coverage.ts';

const INPUTS = { least: 1, most: 1_000_000_000 };
const SEEDS = { least: 0, most: 2 ** 31 - 1 };

const { inputs, seed } = parseTool(
  openTool('fuzz', 'try inputs at every border of the system')
    .option('--inputs <n>', 'how many', wholeNumber('--inputs', INPUTS), 1_000_000)
    .option('--seed <n>', 'the same inputs again', wholeNumber('--seed', SEEDS), 1),
).opts<{ readonly inputs: number; readonly seed: number }>();

const coverage = new Coverage();
coverage.start();
// Only now: what is loaded earlier is not counted.
const { fuzz } = await import('./fuzz.ts');
const { BORDERS } = await import('./borders.ts');
const startedAt = performance.now();
const counts = fuzz(inputs, seed);
const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
const files = coverage.take([...new Set(BORDERS.flatMap((border) => border.files))]);
coverage.stop();

for (const { border, inputs: tried, valid, refused, crashes } of counts) {
  console.log(
    `${border.padEnd(18)} ${tried.toString().padStart(9)} inputs ${valid.toString().padStart(8)} valid ` +
      `${refused.toString().padStart(9)} refused ${crashes.length} crashed`,
  );
  for (const crash of crashes) console.log(`  ${crash}`);
}
for (const { file, branches, taken, missed } of files) {
  console.log(`${file.padEnd(42)} ${taken} of ${branches} branches`);
  for (const code of missed) console.log(`  missed: ${code}`);
}
const sum = (of: (each: (typeof files)[number]) => number): number =>
  files.reduce((total, each) => total + of(each), 0);
const total = counts.reduce((all, each) => all + each.inputs, 0);
const crashed = counts.reduce((all, each) => all + each.crashes.length, 0);
console.log(
  `${total} inputs from seed ${seed} in ${seconds} s: ${crashed} crashed; ` +
    `${sum((each) => each.taken)} of ${sum((each) => each.branches)} branches of the parsers taken`,
);
process.exitCode = crashed > 0 ? 1 : 0;
