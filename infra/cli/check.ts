/** `daytrade check`: checks the audit log of any system. */
import type { Command } from 'commander';
import { readConfig } from '../../shared/runtime/config.ts';
import { CodedError } from '../../shared/runtime/errors.ts';
import { LogCheck } from '../check/log-check.ts';
import { renderReplayedAccount, replayedAccounts } from '../check/replayed-account.ts';
import { renderCheckPage } from './check-page.ts';
import { renderCheckTable } from './check-table.ts';
import { describeMissing, indexWorkload, type IndexedWorkload } from './check-workload.ts';
import { positiveNumber, wholeNumber } from './numbers.ts';
import {
  checkOutput,
  refuseSameOutput,
  writeOutput,
  writeText,
  type OutputPlace,
} from './output-file.ts';
import { count, say, writeOut } from './output.ts';
import { readLogText } from './read-log-text.ts';
import { streamLines } from './write-accounts.ts';

type Options = {
  readonly workload?: readonly string[];
  readonly number?: true;
  readonly severalRuns?: true;
  readonly quoteLife?: number;
  readonly orderLife?: number;
  readonly first?: number;
  readonly json?: true;
  readonly html?: string;
  readonly accounts?: string;
};

const LIFE_MAX_S = 1_000_000;
const FIRST = { least: 1, most: 10_000 };
const DEFAULT_FIRST = 5;

const HELP_END = `
LOG may end in .gz; - is standard input. The exit code is 0 only if nothing is wrong.`;

export function registerCheck(program: Command): void {
  program
    .command('check')
    .description('check the audit log of any system: form, order, money, quotes and triggers')
    .argument('<log>', 'the log, as XML')
    .option('--workload <part>', 'the commands that it must have; may be repeated', collect)
    .option('--number', 'the run numbered the lines of the workload itself')
    .option('--several-runs', 'numbers may start again, because the log is of several runs')
    .option(
      '--quote-life <s>',
      'how long a quote may be used (default: 60)',
      seconds('--quote-life'),
    )
    .option(
      '--order-life <s>',
      'how long an order is pending (default: 60)',
      seconds('--order-life'),
    )
    .option(
      '--first <n>',
      'how many findings of each kind to show (default: 5)',
      wholeNumber('--first', FIRST),
    )
    .option('--accounts <out.ndjson>', 'write the accounts that the log gives, a JSON line each')
    .option('--json', 'print the report as JSON')
    .option('--html <out.html>', 'write the report as a page')
    .addHelpText('after', HELP_END)
    .action(runCheck);
}

const collect = (part: string, parts: readonly string[] = []): readonly string[] => [
  ...parts,
  part,
];
const seconds = (option: string): ((text: string) => number) => positiveNumber(option, LIFE_MAX_S);

async function runCheck(log: string, options: Options): Promise<void> {
  // Reports an unwritable output before the log is read.
  const html = await placeOf(options.html);
  const accounts = await placeOf(options.accounts);
  refuseSameOutput([html, accounts].filter((place) => place !== undefined));
  const workload = await workloadOf(options);
  try {
    const check = openCheck(options, workload);
    for await (const text of readLogText(log)) check.write(text);
    const report = await describeMissing(check.end(), workload);
    if (!report.isRight) process.exitCode = 1;
    const json = (): string => JSON.stringify({ log, ...report }, undefined, 2);
    await writeOut(`${options.json === true ? json() : renderCheckTable(log, report)}\n`);
    if (html !== undefined) {
      await writeOutput(html, (into) => writeText(into, renderCheckPage(log, report)));
    }
    if (accounts !== undefined) await writeReplayed(check, { at: report.to, options, accounts });
  } finally {
    await workload?.close();
  }
}

const placeOf = async (path: string | undefined): Promise<OutputPlace | undefined> =>
  path === undefined ? undefined : await checkOutput(path);

const workloadOf = async ({ workload, number }: Options): Promise<IndexedWorkload | undefined> =>
  workload === undefined ? undefined : await indexWorkload(workload, number === true);

const openCheck = (options: Options, workload: IndexedWorkload | undefined): LogCheck =>
  new LogCheck({
    quoteLifetimeMs: quoteLifetimeOf(options),
    orderLifetimeMs: orderLifetimeOf(options),
    workload: workload?.index,
    severalRuns: options.severalRuns === true,
    firstMax: options.first ?? DEFAULT_FIRST,
  });

/** The settings of this system are the default, because most logs are its own or have the same lifetimes. */
const quoteLifetimeOf = ({ quoteLife }: Options): number =>
  quoteLife === undefined ? readConfig(process.env).quoteLifetimeMs : quoteLife * 1_000;
const orderLifetimeOf = ({ orderLife }: Options): number =>
  orderLife === undefined ? readConfig(process.env).orderLifetimeMs : orderLife * 1_000;

type AccountsOutput = {
  /** The time of the last event: orders that have expired by then are left out. */
  readonly at: number;
  readonly options: Options;
  readonly accounts: OutputPlace;
};

/** Writes the accounts. Rejects if a user could not be replayed to the end. */
async function writeReplayed(
  { users }: LogCheck,
  { at, options, accounts: place }: AccountsOutput,
): Promise<void> {
  const accounts = replayedAccounts(users);
  if ('notReplayed' in accounts) {
    const { user, stoppedAt = 0 } = accounts.notReplayed;
    const why = `the log does not tell the account of ${user} from line ${stoppedAt} on`;
    throw new CodedError('not-finished', `${place.name} is not written: ${why}`);
  }
  const moment = { at, orderLifetimeMs: orderLifetimeOf(options) };
  const lines = accounts.map((account) => renderReplayedAccount(account, moment));
  await writeOutput(place, (into) => streamLines(into, lines));
  say(`${place.name}: ${count(lines.length)} accounts`);
}
