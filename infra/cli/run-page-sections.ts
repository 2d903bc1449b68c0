/** The sections of a run's page. Pure. */
import { describeRejection, REJECTIONS } from '../../shared/domain/rejection.ts';
import type { RunDetails } from '../../shared/pg/run-details.ts';
import { barChart, legend, shareChart, stackedChart } from '../page/bars.ts';
import { EARLIER_COMMANDS, EARLIER_SUM_S } from '../page/earlier.ts';
import type { PageSection } from '../page/html-page.ts';
import { htmlTable, numberCell } from '../page/html-table.ts';
import { mebibytes, percent, whole } from '../page/table.ts';
import { hitCost } from './output.ts';
import type { FileResult } from './run-file.ts';

export type ShownRun = {
  readonly run: string;
  /** The workload's name. */
  readonly workload: string;
  readonly result: FileResult;
  readonly details: RunDetails;
  /** Where and when it ran, for a person. */
  readonly machine: string;
  readonly at: string;
};

export function commandsSection({ result }: ShownRun): PageSection {
  const { byCommand, commands, latencies } = result;
  const most = [...byCommand].sort(([, one], [, other]) => other.count - one.count);
  const title = 'Commands';
  const bars = most.map(([name, { count, rejected }]) => ({
    label: name,
    values: [count - rejected, rejected],
  }));
  const head = ['command', 'given', 'share', 'refused', 'mean ms'];
  const earlierHead = ['earlier: mean ms', 'with its cache', 'share of its time'];
  const rows = most.map(([name, { count, rejected }]) => {
    const earlier = EARLIER_COMMANDS[name];
    const ms = (seconds: number | undefined): string =>
      seconds === undefined ? '–' : (seconds * 1_000).toFixed(1);
    const share = earlier && (earlier.without * earlier.executed) / EARLIER_SUM_S.without;
    return [
      ...[whole(count), percent(count / commands), whole(rejected)],
      latencies.ofCommand(name).meanMs.toFixed(1),
      ...[ms(earlier?.without), ms(earlier?.with), share === undefined ? '–' : percent(share)],
    ].map(numberCell);
  });
  return {
    title,
    note: 'The mean time counts from sending the message that has the command to its answer, with the time in line. That of the earlier system is of the command alone, with 1 user.',
    content:
      legend(['accepted', 'refused']) +
      stackedChart(title, bars, ([accepted = 0, refused = 0]) => {
        const given = accepted + refused;
        return `${whole(given)}, ${percent(given / commands)}`;
      }) +
      htmlTable(
        [...head, ...earlierHead],
        rows.map((cells, index) => [most[index]?.[0] ?? '', ...cells]),
      ),
  };
}

/** Says the code of a rejection in words; a code that is not known stays. */
export function inWords(reason: string): string {
  const known = REJECTIONS.find((each) => each === reason);
  return known === undefined ? reason : describeRejection(known);
}

export function refusalsSection({ result }: ShownRun): readonly PageSection[] {
  const { reasons, commands } = result;
  const bars = Object.entries(reasons).map(([reason, times]) => {
    return { label: inWords(reason), values: [times] };
  });
  if (bars.length === 0) return [];
  const title = 'Why commands were refused';
  const show = (times: number): string => `${whole(times)}, ${percent(times / commands)}`;
  const note = 'A refusal is an answer by the rules, and changes nothing.';
  return [{ title, note, content: barChart(title, bars, show) }];
}

export function quotesSection({ result, details }: ShownRun): PageSection {
  const { quoteUses, hitMeanS } = details;
  const { quoteHits } = result;
  const ratio = quoteUses === 0 ? '–' : `${(100 * (1 - quoteHits / quoteUses)).toFixed(1)} %`;
  const bars = [
    { label: 'paid', values: [quoteHits] },
    { label: 'without the cache', values: [quoteUses] },
  ];
  const cost = (hits: number): string => `${hitCost(hits)}, ${whole(hits)} hits`;
  const title = 'What caching saved';
  return {
    title,
    note:
      `${ratio} of the ${whole(quoteUses)} commands that needed a price found one that was fresh, or that another ` +
      `command had asked for. A hit took ${hitMeanS.toFixed(2)} s on average; without the cache, users would have ` +
      `waited for ${whole((quoteUses - quoteHits) * hitMeanS)} s more.`,
    content: barChart(title, bars, cost),
  };
}

export function usersSection({ details }: ShownRun): PageSection {
  const { slowest } = details;
  const [last] = slowest;
  const bars = slowest.map(({ user, seconds, quoteSeconds }) => ({
    label: user,
    values: [quoteSeconds, Math.max(0, seconds - quoteSeconds)],
  }));
  const title = 'The slowest users, and why';
  const story =
    last === undefined
      ? ''
      : `${last.user} was done last, after ${last.seconds.toFixed(2)} s: ${last.quoteSeconds.toFixed(2)} s of it went ` +
        `to ${whole(last.quoteWaits)} waits for a quote. `;
  const rows = slowest.map(({ user, commands, seconds, quoteWaits, quoteSeconds }) => [
    user,
    ...[whole(commands), seconds.toFixed(2), whole(quoteWaits), quoteSeconds.toFixed(2)].map(
      numberCell,
    ),
  ]);
  return {
    title,
    note: `${story}The commands of a user are done one after another, so that each wait for a quote delays all that follow.`,
    content:
      legend(['waiting for quotes', 'everything else']) +
      stackedChart(title, bars, ([waited = 0, rest = 0]) => `${(waited + rest).toFixed(2)} s`) +
      htmlTable(['user', 'commands', 'done after s', 'waits', 'waited s'], rows),
  };
}

export function processesSection({ result }: ShownRun): PageSection {
  const { processes, commands } = result;
  const cpuMs = processes.map(({ cpuUserMs, cpuSystemMs }) => cpuUserMs + cpuSystemMs);
  const rows = processes.map(({ name, rssMaxBytes }, index) => [
    name,
    numberCell(((cpuMs[index] ?? 0) / 1_000).toFixed(2)),
    numberCell((((cpuMs[index] ?? 0) * 1_000) / Math.max(1, commands)).toFixed(0)),
    numberCell(mebibytes(rssMaxBytes)),
  ]);
  const title = 'Processes';
  return {
    title,
    note: 'The processor time of the run by process, broker and database included. The earlier system needed at most 40 MiB for each process up to 45 users.',
    content:
      legend(processes.map(({ name }) => name)) +
      shareChart(title, [{ label: 'processor time', values: cpuMs }]) +
      htmlTable(['process', 'seconds', 'µs a command', 'peak memory'], rows),
  };
}
