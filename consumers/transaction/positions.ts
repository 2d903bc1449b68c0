/** Tracks the position of each stream while a batch is decided, to skip repeats and detect gaps. */
import { parseOutcome, type Outcome } from '../../shared/messages/answer-message.ts';
import type { UserCommands } from '../../shared/messages/command-message.ts';
import { streamKey, type StreamAdvance, type StreamState } from '../../shared/ports/batch-store.ts';

/** The outcome of a command under a key that was used for another body. */
export const KEY_REUSED: Outcome = {
  is: 'rejected',
  reason: 'key-reused',
  message: 'this key was used for another',
};

/** A stream that this batch advances. Its outcome is rendered only once, when it is saved. */
type Moved = {
  readonly message: UserCommands;
  readonly last: number;
  readonly lastOutcome: Outcome;
};

/** The positions of one batch: those that were loaded, and those that the batch has advanced. */
export class Positions {
  readonly #loaded: ReadonlyMap<string, StreamState>;
  readonly #moved = new Map<string, Moved>();

  constructor(loaded: ReadonlyMap<string, StreamState>) {
    this.#loaded = loaded;
  }

  /** Returns the last position that is done; 0 if there is none. */
  last(message: UserCommands): number {
    const key = streamKey(message);
    return this.#moved.get(key)?.last ?? this.#loaded.get(key)?.last ?? 0;
  }

  /** Returns the position that must come first if there is a gap before the command at `index`. */
  gapBefore(message: UserCommands, index: number): number | undefined {
    const last = this.last(message);
    return message.position + index > last + 1 ? last + 1 : undefined;
  }

  /**
   * Returns the outcome of the command at `index` if it is already done, or a rejection if its key was
   * used for another body; undefined if it must be decided. Only the outcome of the last position is
   * kept: an earlier one is `done`.
   */
  outcomeOf(message: UserCommands, index: number): Outcome | undefined {
    const position = message.position + index;
    const last = this.last(message);
    // This includes positions after `last`: they are not part of the body that the key was used for.
    if (last > 0 && this.#isOtherWrite(message)) {
      return KEY_REUSED;
    }
    if (position > last) return undefined;
    return (position === last ? this.#lastOutcome(message) : undefined) ?? { is: 'done' };
  }

  /** Records that the command at `index` is decided. */
  advance(message: UserCommands, index: number, lastOutcome: Outcome): void {
    const last = message.position + index;
    this.#moved.set(streamKey(message), { message, last, lastOutcome });
  }

  /** Returns the stream rows to save. */
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

  /** Whether the message reuses a key of the intake or of a command by hand with a different body. */
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
