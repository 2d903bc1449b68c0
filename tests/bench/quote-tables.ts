/** Quotes: what each level of caches answered, and what waiting for them took, as tables. Pure. */
import type { LookUps } from './series.ts';
import { allRuns, type Report } from './report.ts';
import { percent, whole, type Table } from '../../infra/page/table.ts';

const ratioOf = ({ hits, misses }: LookUps): string =>
  hits + misses === 0 ? '–' : `${percent(hits / (hits + misses))} of ${whole(hits + misses)}`;

export const quoteTable = (report: Report): Table => ({
  title: 'Look-ups of a quote by level of cache',
  note: 'The share that found a fresh quote, of the look-ups that came so far: in the transaction process (1), in the quote process (2), in the database (3). Hits: what the legacy server was asked.',
  head: ['run', 'level 1', 'level 2', 'level 3', 'hits'],
  rows: allRuns(report).map(({ of, figures, series }) => [
    of.name,
    ...series.lookUps.map(ratioOf),
    whole(figures.quoteHits),
  ]),
});

/** Runs with the legacy delay beside the same with quotes at once. */
export const legacyTable = (report: Report): Table => ({
  title: 'The legacy delay against quotes at once',
  note: 'Chain: the longest wait of any one user for the answers that their commands needed one after another, with nothing else taking any time. Aim: the delay costs no more than the chain and 1 s.',
  head: ['run', 'seconds', 'at once', 'cost of the delay', 'chain', 'aim'],
  rows: allRuns(report)
    .filter(({ of }) => of.quotes === 'legacy')
    .flatMap(({ of, figures, quoteChainS }) => {
      const atOnce = allRuns(report).find(
        (other) =>
          other.of.quotes === 'at once' &&
          other.of.users === of.users &&
          other.of.pack === of.pack &&
          other.of.commands === of.commands,
      );
      if (atOnce === undefined) return [];
      const cost = figures.seconds - atOnce.figures.seconds;
      return [
        [
          of.name,
          figures.seconds.toFixed(2),
          atOnce.figures.seconds.toFixed(2),
          cost.toFixed(2),
          quoteChainS.toFixed(2),
          cost <= quoteChainS + 1 ? 'met' : 'missed',
        ],
      ];
    }),
});
