/** Metrics of batches: plain counters, updated once per batch and turned into series by a scrape. */
import type { Outcome } from '../../shared/messages/answer-message.ts';
import { readAtScrape, Histogram, type Metrics } from '../../shared/runtime/metrics.ts';
import type { Committed } from './handle-batch.ts';
import type { LaneWork, Slice } from './task.ts';

export interface BatchMeter {
  /** Runs the work of a batch and counts its outcomes, or its failure. */
  measure(lanes: readonly LaneWork[], work: () => Promise<Committed>): Promise<Committed>;
}

/** The outcomes of one kind of command; firings are counted as `FIRE`. */
type Tally = { accepted: number; rejected: number; done: number };

const SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function openBatchMeter(metrics: Metrics): BatchMeter {
  const tallies = new Map<string, Tally>();
  const rejections = new Map<string, number>();
  let fired = 0;
  let failed = 0;

  readAtScrape(metrics, {
    name: 'daytrade_commands_total',
    help: 'Commands by kind and by what became of them; `done` were decided before and came again.',
    type: 'counter',
    labels: ['command', 'outcome'],
    read: () =>
      [...tallies].flatMap(([command, tally]) =>
        Object.entries(tally).map(([outcome, value]) => ({ command, outcome, value })),
      ),
  });
  readAtScrape(metrics, {
    name: 'daytrade_rejections_total',
    help: 'Rejected commands by reason (docs/ERRORS.md).',
    type: 'counter',
    labels: ['reason'],
    read: () => [...rejections].map(([reason, value]) => ({ reason, value })),
  });
  readAtScrape(metrics, {
    name: 'daytrade_triggers_fired_total',
    help: 'Triggers that traded, at once when they were armed included.',
    type: 'counter',
    labels: [],
    read: () => [{ value: fired }],
  });
  readAtScrape(metrics, {
    name: 'daytrade_batches_failed_total',
    help: 'Batches that could not be committed; they are tried again or taken apart.',
    type: 'counter',
    labels: [],
    read: () => [{ value: failed }],
  });
  const registers = [metrics];
  const sizes = new Histogram({
    name: 'daytrade_batch_commands',
    help: 'Commands decided by one database transaction.',
    buckets: SIZES,
    registers,
  });
  const seconds = new Histogram({
    name: 'daytrade_batch_seconds',
    help: 'How long the database transaction of a batch took.',
    buckets: SECONDS,
    registers,
  });

  const tally = (command: string, outcome: Outcome): void => {
    let of = tallies.get(command);
    if (of === undefined) tallies.set(command, (of = { accepted: 0, rejected: 0, done: 0 }));
    of[outcome.is] += 1;
    if (outcome.is === 'rejected') {
      rejections.set(outcome.reason, (rejections.get(outcome.reason) ?? 0) + 1);
    } else if (outcome.is === 'accepted' && hasFired(command, outcome)) fired += 1;
  };

  return {
    measure: async (lanes, work) => {
      const begun = performance.now();
      try {
        const committed = await work();
        seconds.observe((performance.now() - begun) / 1_000);
        sizes.observe(tallyAll(lanes, committed, tally));
        return committed;
      } catch (error) {
        failed += 1;
        throw error;
      }
    },
  };
}

/**
 * Counts the outcomes and returns their number. Results are in the order of lanes and slices; a lane
 * that needs a quote has fewer slices.
 */
function tallyAll(
  lanes: readonly LaneWork[],
  committed: Committed,
  tally: (command: string, outcome: Outcome) => void,
): number {
  let count = 0;
  committed.lanes.forEach((result, lane) => {
    result.slices.forEach(({ outcomes }, index) => {
      const slice = lanes[lane]?.slices[index];
      if (slice === undefined) return;
      outcomes.forEach((outcome, offset) => tally(commandAt(slice, offset), outcome));
      count += outcomes.length;
    });
  });
  return count;
}

function commandAt({ task: { message }, from }: Slice, offset: number): string {
  if (message.type === 'firing') return 'FIRE';
  return message.commands[from + offset]?.command.type ?? 'UNREADABLE';
}

const MAY_FIRE: ReadonlySet<string> = new Set(['FIRE', 'SET_BUY_TRIGGER', 'SET_SELL_TRIGGER']);
const FIRED: ReadonlySet<unknown> = new Set(['BuyTriggerFired', 'SellTriggerFired']);

function hasFired(command: string, { answer }: Extract<Outcome, { is: 'accepted' }>): boolean {
  if (!MAY_FIRE.has(command)) return false;
  const events = answer?.['events'];
  return Array.isArray(events) && events.some(isFired);
}

const isFired = (event: unknown): boolean =>
  typeof event === 'object' && event !== null && 'type' in event && FIRED.has(event.type);
