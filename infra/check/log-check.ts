/**
 * Checks a log of any size in one pass. Events are read ahead of the check by `WINDOW`, because a quote may stand
 * a little after a command that used it. The check keeps that window, the state of each user, and the latest
 * quotes.
 */
import { makeCheckReport, type CheckReport } from './check-report.ts';
import { openFindingBook, type FindingBook } from './finding-book.ts';
import { FIRST_LIVE_NUMBER, type LogEvent, type RawEvent } from './log-event.ts';
import { LogParser } from './log-parser.ts';
import { openLogQuotes, type LogQuotes } from './log-quotes.ts';
import { readEvent } from './read-event.ts';
import type { ReportEvent } from './replay-deps.ts';
import { openLogReplay, type LogReplay } from './replay.ts';
import { showCommand } from './shown-command.ts';
import { openTally, type Tally } from './tally.ts';
import { openUserOrder, type UserOrder } from './user-order.ts';
import type { UserReplay } from './user-replay.ts';
import type { WorkloadIndex } from './workload-index.ts';

export type CheckOptions = {
  readonly quoteLifetimeMs: number;
  readonly orderLifetimeMs: number;
  /** The commands that the log must have; undefined if they are not known. */
  readonly workload: WorkloadIndex | undefined;
  /** Whether the log is of several runs, so that its numbers start again. */
  readonly severalRuns: boolean;
  /** How many findings of a kind are kept. */
  readonly firstMax: number;
};

/** Covers the events of several batches of ours, and the delays of others' loggers. */
const WINDOW = 10_000;

export class LogCheck {
  readonly #options: CheckOptions;
  readonly #book: FindingBook;
  readonly #tally: Tally = openTally();
  readonly #quotes: LogQuotes;
  readonly #replay: LogReplay;
  readonly #order: UserOrder;
  readonly #parser: LogParser;
  /** The events that were read; those before `#next` are checked. */
  #window: LogEvent[] = [];
  #next = 0;

  constructor(options: CheckOptions) {
    this.#options = options;
    this.#book = openFindingBook(options.firstMax);
    this.#quotes = openLogQuotes(options.quoteLifetimeMs);
    const { looked, skipCommand: skipped } = this.#tally;
    const isWhole = (): boolean => this.#tally.facts.users > 1;
    const deps = { ...options, quotes: this.#quotes, isWhole, looked, skipped };
    this.#replay = openLogReplay({ ...deps, report: this.#report });
    this.#order = openUserOrder({ ...options, report: this.#report });
    this.#parser = new LogParser({
      onEvent: (raw) => this.#read(raw),
      onFault: (fault) => this.#book.add({ user: undefined, transaction: undefined, ...fault }),
    });
  }

  /** Takes the next piece of the log. */
  write(text: string): void {
    this.#parser.write(text);
  }

  /** Checks what is left, and returns the result. */
  end(): CheckReport {
    this.#parser.end();
    while (this.#next < this.#window.length) this.#checkNext();
    this.#replay.end();
    const { workload, firstMax } = this.#options;
    for (const number of workload?.unseen() ?? []) {
      const place = { line: undefined, user: undefined, transaction: number };
      this.#book.add({ kind: 'command-missing', ...place, expected: '', found: 'none' });
    }
    return makeCheckReport({
      book: this.#book,
      facts: this.#tally.facts,
      runs: this.#order.runs,
      replayed: this.#replay.users.values(),
      hasWorkload: workload !== undefined,
      firstMax,
    });
  }

  /** The users of the log, in their states after it. */
  get users(): readonly UserReplay[] {
    return [...this.#replay.users.values()];
  }

  readonly #report: ReportEvent = (kind, { line, user, number }, says, account) => {
    const name = user === '' ? undefined : user;
    this.#book.add({ kind, line, user: name, transaction: number, ...says });
    if (account !== undefined) account.first ??= { kind, line };
  };

  #read(raw: RawEvent): void {
    const tally = this.#tally;
    tally.looked('schema');
    let isPlain = true;
    const event = readEvent(raw, {
      previousAt: tally.previousAt,
      intern: tally.intern,
      report: (kind, expected, found) => {
        isPlain = false;
        this.#book.add({ kind, ...placeOf(raw), expected, found });
      },
    });
    tally.addForm(isPlain);
    if (event === undefined) return;
    tally.addEvent(event);
    if (event.kind === 'quoteServer') this.#quotes.foresee(event);
    this.#window.push(event);
    if (this.#window.length - this.#next > WINDOW) this.#checkNext();
  }

  #checkNext(): void {
    const event = this.#window[this.#next];
    this.#next += 1;
    if (this.#next >= WINDOW) {
      this.#window = this.#window.slice(this.#next);
      this.#next = 0;
    }
    if (event === undefined) return;
    if (event.kind === 'quoteServer') {
      const quote = this.#quotes.pass(event);
      if (quote !== undefined) this.#replay.takeHit(quote);
      return;
    }
    this.#tally.looked('order');
    const isAgain = this.#order.take(event) === 'again';
    if (event.kind === 'userCommand') this.#findInWorkload(event, isAgain);
    if (!isAgain) this.#replay.take(event);
  }

  #findInWorkload(event: LogEvent, isAgain: boolean): void {
    const { workload } = this.#options;
    const shown = showCommand(event);
    const twice = { expected: 'the command once', found: `${shown} again` };
    if (workload === undefined) {
      if (isAgain) this.#report('command-twice', event, twice);
      return;
    }
    this.#tally.looked('workload');
    const seen = workload.see(event.number, shown);
    if (seen === 'twice') this.#report('command-twice', event, twice);
    // The caller fills in the command of the workload, which it has to look up.
    if (seen === 'differs') this.#report('command-differs', event, { expected: '', found: shown });
    if (seen !== 'unknown') return;
    if (event.number >= FIRST_LIVE_NUMBER) this.#tally.addLiveCommand();
    else this.#report('command-unknown', event, { expected: 'none', found: shown });
  }
}

/** Returns where an event stands that may have faults. */
function placeOf({ line, fields }: RawEvent): {
  readonly line: number;
  readonly user: string | undefined;
  readonly transaction: number | undefined;
} {
  const valueOf = (name: string): string | undefined =>
    fields.find((field) => field.name === name)?.text;
  const number = Number(valueOf('transactionNum') ?? Number.NaN);
  return {
    line,
    user: valueOf('username'),
    transaction: Number.isSafeInteger(number) ? number : undefined,
  };
}
