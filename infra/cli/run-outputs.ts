/** The files that `daytrade workload` writes about a run. */
import type { Pool } from '../../shared/pg/pool.ts';
import { loadRunDetails } from '../../shared/pg/run-details.ts';
import { streamOfRun } from '../../shared/pg/runs.ts';
import { machineName } from '../host/machine-name.ts';
import { dumpLog } from './dump-log.ts';
import {
  checkOutput,
  refuseSameOutput,
  writeOutput,
  writeText,
  type OutputPlace,
} from './output-file.ts';
import type { FileResult } from './run-file.ts';
import { renderRunPage } from './run-page.ts';
import { renderReport } from './run-report.ts';
import { streamAccounts } from './write-accounts.ts';

type OutputOption = 'dump' | 'accounts' | 'report' | 'html' | 'answers';
export type OutputPaths = Readonly<Partial<Record<OutputOption, string>>>;
export type Outputs = Readonly<Partial<Record<OutputOption, OutputPlace>>>;

const SLOWEST_MAX = 10;
/** The length of a moment if none were collected. */
const DEFAULT_MOMENT_S = 1;

/** Checks the files that the options name. Rejects if one of them cannot be written. */
export async function checkOutputs(paths: OutputPaths): Promise<Outputs> {
  const { dump, accounts, report, html, answers } = paths;
  const places: [string, OutputPlace][] = [];
  for (const [option, path] of Object.entries({ dump, accounts, report, html, answers })) {
    if (path !== undefined) places.push([option, await checkOutput(path)]);
  }
  refuseSameOutput(places.map(([, place]) => place));
  return Object.fromEntries(places);
}

/** Writes the files about what is stored. */
export async function writeStored(
  pool: Pool,
  orderLifetimeMs: number,
  { dump, accounts }: Outputs,
): Promise<void> {
  if (dump !== undefined) {
    await writeOutput(dump, (into) => dumpLog(pool, { into, user: undefined }));
  }
  if (accounts !== undefined) {
    await writeOutput(accounts, (into) => streamAccounts(pool, orderLifetimeMs, into));
  }
}

type FinishedRun = {
  readonly run: string;
  readonly workload: string;
  readonly result: FileResult;
};

/** Writes the files about the run itself. */
export async function writeFigures(
  pool: Pool,
  { run, workload, result }: FinishedRun,
  { report, html }: Outputs,
): Promise<void> {
  if (report !== undefined) {
    await writeOutput(report, (into) => writeText(into, `${renderReport(result, run)}\n`));
  }
  if (html === undefined) return;
  const part = { stream: streamOfRun(run), ...result.opened };
  const momentS = result.moments?.lengthS ?? DEFAULT_MOMENT_S;
  const details = await loadRunDetails(pool, part, { momentS, slowestMax: SLOWEST_MAX });
  const at = new Date(result.opened.openedAt).toUTCString();
  const page = renderRunPage({ run, workload, result, details, machine: machineName(), at });
  await writeOutput(html, (into) => writeText(into, page));
}
