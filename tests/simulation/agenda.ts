/** The entries that are due, in the order of a clock that only the agenda moves. One entry is one step. */

/** The one to whom an entry happens. It may be gone or paused by then. */
export interface Actor {
  readonly name: string;
  readonly isAlive: boolean;
  /** An entry before this time is put off until then. */
  readonly pausedUntil: number;
}

export type Entry = {
  /** The time at which it happens. It is put off while its actor is paused. */
  at: number;
  readonly due: number;
  readonly seq: number;
  readonly actor: Actor | undefined;
  readonly what: string;
  readonly run: () => void;
  isOff: boolean;
};

export class Agenda {
  now = 0;
  steps = 0;
  /** A hash over every step, in order. Two runs with the same hash were the same. */
  trace = 0x811c9dc5;
  readonly #heap: Entry[] = [];
  /** The latest steps, to explain a failure. */
  readonly latest: string[] = [];
  #seq = 0;

  add(inMs: number, what: string, run: () => void, actor?: Actor): Entry {
    this.#seq += 1;
    const due = this.now + Math.max(0, inMs);
    const entry = { at: due, due, seq: this.#seq, actor, what, run, isOff: false };
    this.#push(entry);
    return entry;
  }

  /** Runs the next entry; returns false if none is left. */
  step(): boolean {
    for (let entry = this.#pop(); entry !== undefined; entry = this.#pop()) {
      const { actor } = entry;
      if (entry.isOff || actor?.isAlive === false) continue;
      if (actor !== undefined && actor.pausedUntil > entry.at) {
        entry.at = actor.pausedUntil;
        this.#push(entry);
        continue;
      }
      this.now = Math.max(this.now, entry.at);
      this.#note(entry);
      entry.run();
      return true;
    }
    return false;
  }

  #note({ actor, what }: Entry): void {
    this.steps += 1;
    const line = `${this.now.toFixed(1)} ${actor?.name ?? ''} ${what}`;
    for (let at = 0; at < line.length; at += 1) {
      this.trace = Math.imul(this.trace ^ line.charCodeAt(at), 0x01000193);
    }
    this.latest.push(line);
    if (this.latest.length > 4_000) this.latest.splice(0, 2_000);
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || !isBefore(entry, parent)) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = entry;
  }

  #pop(): Entry | undefined {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const [one, other] = [heap[left], heap[left + 1]];
      if (one === undefined) break;
      const isRight = other !== undefined && isBefore(other, one);
      const next = isRight ? other : one;
      if (!isBefore(next, last)) break;
      heap[at] = next;
      at = isRight ? left + 1 : left;
    }
    heap[at] = last;
    return first;
  }
}

const isBefore = (one: Entry, other: Entry): boolean => {
  if (one.at !== other.at) return one.at < other.at;
  return one.due !== other.due ? one.due < other.due : one.seq < other.seq;
};
