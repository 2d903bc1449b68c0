/** `npm run simulate`: many seeds, or one again. */
import { parseArgs } from 'node:util';
import { FAULTS } from './faults.ts';
import { PLANTED_BUGS } from './parts.ts';
import { simulate, type Run } from './world.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    steps: { type: 'string', default: '40' },
    planted: { type: 'string' },
  },
});
const one = values.seed ?? process.env['SEED'];
const first = Number(one ?? values.from);
const count = one === undefined ? Number(values.seeds) : 1;
const planted = PLANTED_BUGS.find((bug) => bug === values.planted);
const numbers = [first, count, Number(values.steps)];
if (!numbers.every(Number.isSafeInteger) || planted !== values.planted) {
  console.error(
    'usage: npm run simulate -- [--seeds N] [--from N] [--seed N] [--steps N] ' +
      `[--planted ${PLANTED_BUGS.join('|')}]`,
  );
  process.exit(64);
}

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
    if (one !== undefined) console.log(run.latest.slice(-Number(values.steps)).join('\n'));
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
