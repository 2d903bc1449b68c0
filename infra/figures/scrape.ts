/** Scrapes the metrics of every process, as Prometheus does. */
import type { NamedValue } from './parse-series.ts';
import { parseSeries } from './parse-series.ts';

export type ScrapeTarget = { readonly process: string; readonly address: string };

/** A process answers within milliseconds unless it hangs; its figures are then missing. */
const ANSWER_MAX_MS = 2_000;

/** Resolves to the wanted series of all targets, with `up` for each. */
export async function scrapeAll(
  targets: readonly ScrapeTarget[],
  isWanted: (name: string) => boolean,
): Promise<readonly NamedValue[]> {
  const scraped = await Promise.all(
    targets.map(async ({ process, address }) => {
      const labels = { job: 'daytrade', process };
      try {
        const series = parseSeries(await load(address), isWanted);
        return [{ name: 'up', labels, value: 1 }, ...series];
      } catch {
        return [{ name: 'up', labels, value: 0 }];
      }
    }),
  );
  return scraped.flat();
}

async function load(address: string): Promise<string> {
  const signal = AbortSignal.timeout(ANSWER_MAX_MS);
  const response = await fetch(`http://${address}/metrics`, { signal });
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  return await response.text();
}
