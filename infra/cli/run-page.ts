/** Renders a run as a page that tells its result in a minute, and opens anywhere. */
import { paragraph, renderHtmlPage, renderTiles, type Tile } from '../page/html-page.ts';
import { percent } from '../page/table.ts';
import { count, hitCost, plural } from './output.ts';
import { compareWithEarlier, earlierSection } from './run-page-earlier.ts';
import {
  commandsSection,
  inWords,
  processesSection,
  quotesSection,
  refusalsSection,
  usersSection,
  type ShownRun,
} from './run-page-sections.ts';
import { overTimeSection } from './run-page-time.ts';

export function renderRunPage(shown: ShownRun): string {
  const sections = [
    earlierSection(shown),
    ...overTimeSection(shown),
    commandsSection(shown),
    ...refusalsSection(shown),
    quotesSection(shown),
    usersSection(shown),
    processesSection(shown),
  ];
  const { workload, run, machine, at, result } = shown;
  const resumed = result.opened.isResumed
    ? ' It was resumed; what follows is of its last part, except the counts of commands.'
    : '';
  const origin = `Run ${run} of ${workload}, ${at}. ${machine}.${resumed}`;
  const lead = `${paragraph(sentenceOf(shown), 'lead')}${paragraph(origin, 'note')}${renderTiles(tilesOf(shown))}`;
  return renderHtmlPage({ title: titleOf(workload), lead, sections });
}

const titleOf = (workload: string): string =>
  `Run of ${workload.slice(workload.lastIndexOf('/') + 1)}`;

/** Tells the run in a few sentences, for a reader who reads nothing else. */
function sentenceOf({ result, details }: ShownRun): string {
  const { commands, rejected, reasons, seconds, unreadable, quoteHits } = result;
  const [reason = ''] = Object.keys(reasons);
  const refused =
    rejected === 0
      ? 'The system accepted all of them.'
      : `The system accepted ${count(commands - rejected)}, and refused ${count(rejected)}, ` +
        `most often because ${inWords(reason)}.`;
  const lines =
    unreadable.count === 0 ? '' : ` ${plural(unreadable.count, 'line')} could not be read.`;
  const saved = details.quoteUses - quoteHits;
  const quotes =
    details.quoteUses === 0
      ? 'No command needed a price.'
      : `It paid for ${plural(quoteHits, 'quote')} instead of ${count(details.quoteUses)}, and so saved ${hitCost(saved)}.`;
  return (
    `${plural(details.users, 'user')} gave ${plural(commands, 'command')}, and all of them were answered and stored in the ` +
    `audit log within ${seconds.toFixed(2)} seconds. ${refused}${lines} ${quotes}`
  );
}

function tilesOf(shown: ShownRun): readonly Tile[] {
  const { result, details } = shown;
  const { commands, rejected, quoteHits, commandsPerSecond, latencies } = result;
  const { p50Ms, p99Ms } = latencies.ofMessages();
  const { times } = compareWithEarlier(shown);
  return [
    {
      label: 'commands a second',
      value: count(Math.round(commandsPerSecond)),
      note: `${times.toFixed(times < 10 ? 1 : 0)} × the earlier system`,
    },
    {
      label: 'half were answered within',
      value: shownMs(p50Ms),
      note: `99 of 100 within ${shownMs(p99Ms)}`,
    },
    {
      label: 'accepted',
      value: percent(commands === 0 ? 0 : 1 - rejected / commands),
      note: `${count(commands - rejected)} of ${count(commands)}`,
    },
    { label: 'quotes cost', value: hitCost(quoteHits), note: `${count(quoteHits)} hits` },
    {
      label: 'the cache saved',
      value: hitCost(details.quoteUses - quoteHits),
      note: `of ${hitCost(details.quoteUses)}`,
    },
  ];
}

const shownMs = (ms: number): string =>
  ms < 1_000 ? `${ms.toFixed(ms < 10 ? 1 : 0)} ms` : `${(ms / 1_000).toFixed(2)} s`;
