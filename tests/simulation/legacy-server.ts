/** The legacy quote server in the simulation: slow, sometimes broken, with prices that walk. */
import { HitError, type Hit } from '../../consumers/quote/hit.ts';
import type { Question } from '../../consumers/quote/legacy-quote.ts';
import type { Agenda } from './agenda.ts';
import type { Faults } from './faults.ts';
import type { SimulatedProcess } from './process.ts';

export type LegacyHit = { readonly symbol: string; readonly process: SimulatedProcess };

const PRICE_MIN = 100;

export class LegacyServer {
  hits = 0;
  /** The questions that wait for an answer. */
  readonly open: Set<LegacyHit> = new Set<LegacyHit>();
  readonly #prices = new Map<string, number>();
  readonly #agenda: Agenda;
  readonly #faults: Faults;
  readonly #onHit: (hit: LegacyHit) => void;

  constructor(agenda: Agenda, faults: Faults, onHit: (hit: LegacyHit) => void) {
    this.#agenda = agenda;
    this.#faults = faults;
    this.#onHit = onHit;
  }

  hitOf(process: SimulatedProcess): Hit {
    return (question, signal) =>
      new Promise((resolve, reject) => {
        this.hits += 1;
        const hit = { symbol: question.symbol, process };
        this.#onHit(hit);
        this.open.add(hit);
        const end = (settle: () => void): void => {
          this.open.delete(hit);
          settle();
        };
        signal.addEventListener('abort', () =>
          end(() => reject(new HitError('no-answer-in-time', true))),
        );
        if (this.#faults.strikes('hit hangs')) return;
        const isBad = this.#faults.strikes('hit fails');
        const answer = isBad ? 'no price today' : this.#answerTo(question);
        const inMs = this.#faults.latency(800);
        this.#agenda.add(inMs, 'legacy answer', () => end(() => resolve(answer)), process);
      });
  }

  #answerTo({ symbol, user }: Question): string {
    const before = this.#prices.get(symbol) ?? 1_000 + this.#faults.random.below(2_000);
    const after = Math.max(PRICE_MIN, before + this.#faults.random.below(801) - 400);
    this.#prices.set(symbol, after);
    const time = 1_700_000_000_000 + Math.floor(this.#agenda.now);
    return `${(after / 100).toFixed(2)},${symbol},${user},${time},key${this.hits}`;
  }
}
