/** Metrics of a transaction process: plain counters, updated once per batch and read by a scrape. */
import type { QuoteDesk } from '../../shared/amqp/quote-desk.ts';
import { readAtScrape, Histogram, type Metrics } from '../../shared/runtime/metrics.ts';
import type { DecidedCommand, RepeatedCommand } from './decided-command.ts';
import type { Committed } from './commit-batch.ts';
import { hasFired } from './rows-of.ts';

export interface BatchMeter {
  /** Runs the work of a batch and counts its commands, or its failure. */
  measure(work: () => Promise<Committed>): Promise<Committed>;
}

const SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function openBatchMeter(metrics: Metrics): BatchMeter {
  const counts = new CommandCounts();
  let failed = 0;
  counts.register(metrics);
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
  return {
    measure: async (work) => {
      const begun = performance.now();
      try {
        const committed = await work();
        seconds.observe((performance.now() - begun) / 1_000);
        for (const decided of committed.decided) counts.addDecided(decided);
        for (const repeated of committed.repeated) counts.addRepeated(repeated);
        sizes.observe(committed.decided.length + committed.repeated.length);
        return committed;
      } catch (error) {
        failed += 1;
        throw error;
      }
    },
  };
}

/** The outcomes of one kind of command; firings are counted as `FIRE`. */
type Tally = { accepted: number; rejected: number; done: number };

/** Counts of the commands in committed batches. */
class CommandCounts {
  readonly #tallies = new Map<string, Tally>();
  readonly #rejections = new Map<string, number>();
  #fired = 0;
  /** A command that needs a quote looks it up once: it finds it, or has to wait for it. */
  readonly #lookUps = { hit: 0, miss: 0 };

  addDecided(decided: DecidedCommand): void {
    const { command, decision } = decided;
    this.#tallyOf(command)[decision.type] += 1;
    if (decision.type === 'rejected') this.#addRejection(decision.rejection);
    if (hasFired(decided)) this.#fired += 1;
    if (decided.hasWaited) this.#lookUps.miss += 1;
    else if (decided.hitBy !== undefined) this.#lookUps.hit += 1;
  }

  addRepeated({ command, outcome }: RepeatedCommand): void {
    this.#tallyOf(command)[outcome.is] += 1;
    if (outcome.is === 'rejected') this.#addRejection(outcome.reason);
  }

  #tallyOf({ type }: DecidedCommand['command']): Tally {
    const name = type === 'FIRE_TRIGGER' ? 'FIRE' : type;
    const known = this.#tallies.get(name);
    if (known !== undefined) return known;
    const tally = { accepted: 0, rejected: 0, done: 0 };
    this.#tallies.set(name, tally);
    return tally;
  }

  #addRejection(reason: string): void {
    this.#rejections.set(reason, (this.#rejections.get(reason) ?? 0) + 1);
  }

  register(metrics: Metrics): void {
    readAtScrape(metrics, {
      name: 'daytrade_commands_total',
      help: 'Commands by kind and by what became of them; `done` were decided before and came again.',
      type: 'counter',
      labels: ['command', 'outcome'],
      read: () =>
        [...this.#tallies].flatMap(([command, tally]) =>
          Object.entries(tally).map(([outcome, value]) => ({ command, outcome, value })),
        ),
    });
    readAtScrape(metrics, {
      name: 'daytrade_rejections_total',
      help: 'Rejected commands by reason (docs/ERRORS.md).',
      type: 'counter',
      labels: ['reason'],
      read: () => [...this.#rejections].map(([reason, value]) => ({ reason, value })),
    });
    readAtScrape(metrics, {
      name: 'daytrade_triggers_fired_total',
      help: 'Triggers that traded, at once when they were armed included.',
      type: 'counter',
      labels: [],
      read: () => [{ value: this.#fired }],
    });
    readAtScrape(metrics, {
      name: 'daytrade_quote_lookups_total',
      help: 'Look-ups of a fresh quote: level 1 in a transaction process, 2 in a quote process, 3 in the database.',
      type: 'counter',
      labels: ['level', 'result'],
      read: () =>
        Object.entries(this.#lookUps).map(([result, value]) => ({ level: '1', result, value })),
    });
  }
}

/** Counts the waits for quotes that ended without one. */
export function measureDesk(metrics: Metrics, desk: QuoteDesk): void {
  readAtScrape(metrics, {
    name: 'daytrade_quote_waits_total',
    help: 'What commands that waited for a quote were told.',
    type: 'counter',
    labels: ['result'],
    read: () => [{ result: 'unavailable', value: desk.unavailableCount() }],
  });
}
