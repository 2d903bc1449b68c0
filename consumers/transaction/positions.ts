/** How far each stream is while a batch is decided: what is done is skipped, what has a gap before it waits. */
import { parseOutcome, type Outcome } from '../../shared/messages/answer-message.ts';
import type { UserCommands } from '../../shared/messages/command-message.ts';
import { streamKey, type StreamAdvance, type StreamState } from '../../shared/ports/batch-store.ts';

/** A stream that this batch moved on; its outcome becomes text once, when it is written. */
type Moved = {
  readonly message: UserCommands;
  readonly last: number;
  readonly lastOutcome: Outcome;
};

export class Positions {
  readonly #loaded: ReadonlyMap<string, StreamState>;
  readonly #moved = new Map<string, Moved>();

  constructor(loaded: ReadonlyMap<string, StreamState>) {
    this.#loaded = loaded;
  }

  /** The position done last; 0 where none is. */
  last(message: UserCommands): number {
    const key = streamKey(message);
    return this.#moved.get(key)?.last ?? this.#loaded.get(key)?.last ?? 0;
  }

  /** The position that must come first, where the command at `index` lies beyond it. */
  gapBefore(message: UserCommands, index: number): number | undefined {
    const last = this.last(message);
    return message.position + index > last + 1 ? last + 1 : undefined;
  }

  /** What became of the command at `index` when it was decided; undefined where it never was. */
  outcomeOf(message: UserCommands, index: number): Outcome | undefined {
    const position = message.position + index;
    const last = this.last(message);
    // Beyond what was done too: the rest of another text is no part of the first.
    if (last > 0 && this.#isOtherWrite(message)) {
      return { is: 'rejected', reason: 'key-reused', message: 'this key was used for another' };
    }
    if (position > last) return undefined;
    return (position === last ? this.#lastOutcome(message) : undefined) ?? { is: 'done' };
  }

  advance(message: UserCommands, index: number, lastOutcome: Outcome): void {
    const last = message.position + index;
    this.#moved.set(streamKey(message), { message, last, lastOutcome });
  }

  /** What is to be written. */
  advances(at: number): readonly StreamAdvance[] {
    return [...this.#moved.values()].map(({ message, last, lastOutcome }) => ({
      user: message.user,
      stream: message.stream,
      last,
      lastOutcome: JSON.stringify(lastOutcome),
      bodyHash: message.bodyHash,
      at,
    }));
  }

  /** The same key with another body: not the write that was done under it. */
  #isOtherWrite(message: UserCommands): boolean {
    if (message.bodyHash === undefined) return false;
    const key = streamKey(message);
    const done = this.#moved.get(key)?.message ?? this.#loaded.get(key);
    return done?.bodyHash !== message.bodyHash;
  }

  #lastOutcome(message: UserCommands): Outcome | undefined {
    const key = streamKey(message);
    const moved = this.#moved.get(key);
    if (moved !== undefined) return moved.lastOutcome;
    const stored = this.#loaded.get(key)?.lastOutcome;
    return stored === undefined ? undefined : parseOutcome(JSON.parse(stored));
  }
}
