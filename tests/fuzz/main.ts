/** `npm run fuzz`: inputs at every border, and the branches of the parsers that they took. */
import { parseArgs } from 'node:util';
import { Coverage } from './coverage.ts';

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
  },
});
const [inputs, seed] = [Number(values.inputs), Number(values.seed)];
if (!Number.isSafeInteger(inputs) || inputs < 1 || !Number.isSafeInteger(seed)) {
  console.error('usage: npm run fuzz -- [--inputs N] [--seed N]');
  process.exit(64);
}

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
