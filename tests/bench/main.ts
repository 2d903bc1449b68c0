/** `npm run bench`: how fast the system is, beside the limit of the machine it runs on. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '../../shared/runtime/config.ts';
import { openBed, type Bed } from './bed.ts';
import { measure, measureLimit, type Case, type Measured, type MeasuredLimit } from './measure.ts';
import { rowRatesOf } from './statements.ts';
import { renderThroughput } from './tables.ts';

export type WithLimit = { readonly measured: Measured; readonly limit: MeasuredLimit | undefined };

const hundred = (pack: number): Case => ({
  name: `100 users, pack ${pack}`,
  users: 100,
  commands: 100_000,
  pack,
  quotes: 'at once',
  sending: 'fast',
});

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function runWithLimit(bed: Bed, each: Case): Promise<WithLimit> {
  say(`${each.name} …`);
  const measured = await measure(bed, each);
  const rates = rowRatesOf(measured.statements, measured.figures.commands);
  say(`${each.name}: the limit …`);
  return { measured, limit: await measureLimit(bed, each, rates) };
}

const folder = join(readConfig(process.env).home, 'bench');
const bed = await openBed(folder, say);
try {
  const results: WithLimit[] = [];
  for (const each of [hundred(16), hundred(1)]) {
    if (values.only !== undefined && !each.name.includes(values.only)) continue;
    results.push(await runWithLimit(bed, each));
  }
  process.stdout.write(`${renderThroughput(results)}\n`);
  writeFileSync(join(folder, 'report.json'), JSON.stringify({ results }, undefined, 2));
} finally {
  await bed.close();
}
