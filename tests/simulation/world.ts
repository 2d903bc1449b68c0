/** One run of the whole system in one process. Its seed decides everything that varies. */
import { seededRandom } from '../../producers/workload/random.ts';
import type { Answered } from '../../shared/amqp/command-desk.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { MemoryDatabase } from '../support/memory-database.ts';
import { Agenda } from './agenda.ts';
import { SimulatedBroker } from './broker.ts';
import { checkWrittenLog } from './check-log.ts';
import { Checkers, Violation } from './checkers.ts';
import { Faults, type Fault } from './faults.ts';
import { LegacyServer } from './legacy-server.ts';
import type { Parts, PlantedBug, Settings } from './parts.ts';
import { SimulatedProcess } from './process.ts';
import { startAudit, startQuote, startTransaction, startTrigger } from './processes.ts';
import { runWorkload, runWrites } from './producers.ts';
import { compareWithModel } from './replay.ts';
import { writeScript, type ScriptLine } from './script.ts';

export type Run = {
  readonly seed: number;
  readonly steps: number;
  readonly commands: number;
  readonly hits: number;
  readonly fired: number;
  readonly struck: ReadonlyMap<Fault, number>;
  /** The hash of the steps, the same for the same seed. */
  readonly trace: number;
  /** The violation, with its step; undefined if all checks held. */
  readonly failure: string | undefined;
  /** The latest steps. */
  readonly latest: readonly string[];
};

export type RunOptions = { readonly planted?: PlantedBug };

const EPOCH_MS = 1_700_000_000_000;
const WORKLOAD_LINES = 120;
const WRITES = 8;
const WRITES_FIRST_NUMBER = 1_000_000_001;
/** Faults end at this time. The work that is under way then must finish within the time after it. */
const FAULTS_MS = 60_000;
const DRAIN_MAX_MS = 240_000;
const CHAOS_EVERY_MS = 200;

type Start = (process: SimulatedProcess, parts: Parts) => void;

export async function simulate(seed: number, { planted }: RunOptions = {}): Promise<Run> {
  const world = new World(seed, planted);
  const failure = await world.run();
  return world.report(failure);
}

class World {
  readonly #seed: number;
  readonly #agenda = new Agenda();
  readonly #faults: Faults;
  readonly #parts: Parts;
  readonly #checkers: Checkers;
  readonly #processes = new Set<SimulatedProcess>();
  readonly #workload: readonly ScriptLine[];
  readonly #writes: readonly ScriptLine[];
  readonly #deadlines = new Map<number, number>();
  #incarnations = 0;
  #writesSent = 0;
  #isWorkloadDone = false;
  #areWritesDone = false;
  /** Keeps the error of a checker, because a handler that calls it would catch the error. */
  #violation: unknown;

  constructor(seed: number, planted: PlantedBug | undefined) {
    this.#seed = seed;
    const agenda = this.#agenda;
    const faults = new Faults(seed);
    this.#faults = faults;
    const random = seededRandom(seed + 1);
    this.#workload = writeScript(random, { first: 1, count: WORKLOAD_LINES });
    this.#writes = writeScript(random, { first: WRITES_FIRST_NUMBER, count: WRITES });
    const settings: Settings = {
      shardCount: 1 + random.below(3),
      quoteLifetimeMs: [1_500, 6_000, 60_000][random.below(3)] ?? 60_000,
      orderLifetimeMs: [3_000, 20_000, 60_000][random.below(3)] ?? 60_000,
      triggerRefreshMs: [0, 4_000][random.below(2)] ?? 0,
    };
    const database = new MemoryDatabase(() => EPOCH_MS + agenda.now);
    const checkers = new Checkers(database, settings.quoteLifetimeMs);
    this.#checkers = checkers;
    const legacy: LegacyServer = new LegacyServer(agenda, faults, (hit) =>
      this.#watching(() => checkers.onHit(hit, legacy.open)),
    );
    const broker = new SimulatedBroker({
      agenda,
      faults,
      shardCount: settings.shardCount,
      watch: {
        onPublish: (publication) => this.#watching(() => checkers.onPublish(publication)),
        onAck: (message) => this.#watching(() => checkers.onAck(message)),
      },
    });
    let armings = 0;
    const newArmingId = (): string => {
      armings += 1;
      return `00000000-0000-7000-8000-${armings.toString(16).padStart(12, '0')}`;
    };
    const log = SILENT;
    this.#parts = {
      ...{ agenda, faults, database, broker, legacy, settings, log, planted, newArmingId },
      used: new Map(),
    };
  }

  #watching(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.#violation ??= error;
    }
  }

  /** Returns the violation; undefined if all checks held. */
  async run(): Promise<string | undefined> {
    const pools: readonly (readonly [string, Start])[] = [
      ['transaction', startTransaction],
      ['quote', startQuote],
      ['trigger', startTrigger],
      ['audit', startAudit],
    ];
    for (const [name, start] of pools) for (const no of [1, 2]) this.#spawn(`${name}-${no}`, start);
    this.#spawn('workload', (process) => this.#produce(process));
    this.#spawn('web', (process) => this.#write(process));
    this.#agenda.add(CHAOS_EVERY_MS, 'chaos', () => this.#chaos());
    this.#agenda.add(FAULTS_MS, 'heal', () => this.#faults.heal());
    try {
      await this.#runToTheEnd();
      this.#checkers.allAudited();
      const lines = new Map(
        [...this.#workload, ...this.#writes].map((line) => [line.number, line]),
      );
      const replayed = { lines, deadlines: this.#deadlines };
      const differences =
        compareWithModel(this.#parts, replayed) || checkWrittenLog(this.#parts, lines);
      return differences === '' ? undefined : differences;
    } catch (error) {
      if (error instanceof Violation) return error.message;
      throw error;
    } finally {
      for (const process of this.#processes) process.isAlive = false;
    }
  }

  async #runToTheEnd(): Promise<void> {
    while (!this.#isOver()) {
      if (!this.#agenda.step())
        throw new Violation('nothing is left to happen, and it is not done');
      // Lets every promise go on as far as it can, so that no work is under way between two steps.
      await new Promise((resolve) => setImmediate(resolve));
      this.#checkers.check();
      if (this.#violation !== undefined) throw this.#violation as Error;
      if (this.#agenda.now > FAULTS_MS + DRAIN_MAX_MS) throw new Violation(this.#whatIsLeft());
    }
  }

  #isOver(): boolean {
    const { database, broker, agenda } = this.#parts;
    return (
      this.#isWorkloadDone &&
      this.#areWritesDone &&
      database.tables.outbox.size === 0 &&
      broker.isIdle() &&
      [...this.#processes].every(({ pausedUntil }) => pausedUntil <= agenda.now)
    );
  }

  #whatIsLeft(): string {
    const { database, broker } = this.#parts;
    const queues = [...broker.queues.values()].flatMap(({ name, ready, channels }) => {
      const unacked = channels.reduce((sum, channel) => sum + channel.unacked.size, 0);
      return ready.length + unacked > 0
        ? [`${name}: ${ready.length} ready, ${unacked} unacked`]
        : [];
    });
    return [
      `not drained in ${DRAIN_MAX_MS / 1_000} s without faults`,
      `workload ${this.#isWorkloadDone ? 'done' : 'open'}, writes ${this.#areWritesDone ? 'done' : 'open'}`,
      `${database.tables.outbox.size} outbox rows`,
      ...queues,
    ].join('; ');
  }

  #spawn(name: string, start: Start): void {
    this.#incarnations += 1;
    const { agenda, faults, database, broker, log } = this.#parts;
    const process: SimulatedProcess = new SimulatedProcess({
      name: `${name}.${this.#incarnations}`,
      agenda,
      faults,
      openSession: () => database.session(),
      log,
      dropChannels: (each) => broker.dropChannels(each),
      onDead: () => {
        this.#processes.delete(process);
        agenda.add(50 + faults.latency(2_000), `restart ${name}`, () => this.#spawn(name, start));
      },
    });
    this.#processes.add(process);
    start(process, this.#parts);
  }

  #produce(process: SimulatedProcess): void {
    this.#isWorkloadDone = false;
    const onDone = (): void => {
      this.#isWorkloadDone = true;
    };
    void runWorkload(process, this.#parts, {
      lines: this.#workload,
      onAnswer: this.#onAnswer,
      onDone,
    });
  }

  /** A browser that went away repeats nothing, so an outcome that it did not learn stays as it is. */
  #write(process: SimulatedProcess): void {
    this.#areWritesDone = false;
    void runWrites(process, this.#parts, {
      lines: this.#writes.slice(this.#writesSent),
      onAnswer: this.#onAnswer,
      onSend: ({ commands, deadline }) => {
        this.#writesSent += 1;
        for (const { number } of commands) this.#deadlines.set(number, deadline ?? Infinity);
      },
      onDone: () => {
        this.#areWritesDone = true;
      },
    });
  }

  readonly #onAnswer = (answered: Answered): void =>
    this.#watching(() => {
      this.#checkers.check();
      this.#checkers.onAnswer(answered);
    });

  /** Faults that strike a process at any moment. */
  #chaos(): void {
    const { agenda, faults, broker } = this.#parts;
    agenda.add(CHAOS_EVERY_MS, 'chaos', () => this.#chaos());
    for (const process of this.#processes) {
      if (faults.strikes('channel closed')) {
        const chosen = faults.random.below(3).toString();
        broker.dropChannels(process, (queue) => queue.endsWith(chosen) || chosen === '0');
      }
      if (faults.strikes('process paused')) process.pause(50 + faults.random.below(15_000));
      if (process.name.startsWith('workload') && faults.strikes('producer restarted')) {
        process.kill();
      }
    }
  }

  report(failure: string | undefined): Run {
    const { agenda, legacy, database } = this.#parts;
    const ledgers = [...database.tables.users.values()].flatMap(({ ledger }) => ledger);
    return {
      seed: this.#seed,
      steps: agenda.steps,
      commands: this.#checkers.decided.size,
      hits: legacy.hits,
      fired: ledgers.filter(({ event }) => event.endsWith('Fired')).length,
      struck: this.#faults.struck,
      trace: agenda.trace,
      failure,
      latest: agenda.latest,
    };
  }
}

const nothing = (): void => undefined;
const SILENT: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };
