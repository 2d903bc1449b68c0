/** Compares the accounts that a system and the naive model get from a workload file. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEvents } from '../e2e/workloads-run.ts';
import { pricesIn } from '../model/read-log.ts';
import { runWorkload } from '../model/run-workload.ts';
import { sameAccounts } from '../model/same-accounts.ts';
import type { Ran } from './run-daytrade.ts';

export type AskedSystem = {
  readonly home: string;
  readonly daytrade: (args: readonly string[]) => Promise<Ran>;
};

/**
 * Returns the differences between the lines of an accounts file and those of the model; '' if none.
 * Prices must stand still: every command got the price that the log names for its symbol.
 */
export async function unlikeModel(
  { home, daytrade }: AskedSystem,
  file: string,
  accounts: readonly string[],
): Promise<string> {
  const dump = join(home, 'unlike-model.xml');
  await daytrade(['dump', dump]);
  const prices = pricesIn(await readEvents(dump));
  const price = (symbol: string): bigint => {
    const known = prices.get(symbol);
    if (known === undefined) throw new Error(`${symbol} had to be hit, and never was`);
    return known;
  };
  return sameAccounts(accounts, runWorkload(readFileSync(file), { price }), 0);
}
