/** Tracks the idempotency keys of the web while a batch is decided, so that each key takes effect once. */
import type { IdempotencyKey } from '../../shared/domain/identity.ts';
import { parseOutcome, type Outcome } from '../../shared/messages/answer-message.ts';
import type { UserCommands } from '../../shared/messages/command-message.ts';
import { keyId, type UsedKey } from '../../shared/ports/batch-store.ts';
import type { CommandSource } from './decided-command.ts';
import { KEY_REUSED } from './positions.ts';

/** A command that was decided under its key before. */
type FirstUse = Pick<CommandSource, 'number' | 'stream'> & { readonly outcome: Outcome };

/** A message whose commands take effect once by their key. */
type KeyedMessage = UserCommands & { readonly key: IdempotencyKey };

export const isKeyed = (message: UserCommands): message is KeyedMessage =>
  message.key !== undefined;

/** The keys of one batch: those that were loaded, and those that the batch used first. */
export class Keys {
  readonly #loaded: ReadonlyMap<string, UsedKey>;
  readonly #used = new Map<string, UsedKey>();

  constructor(loaded: ReadonlyMap<string, UsedKey>) {
    this.#loaded = loaded;
  }

  /**
   * Returns the first use of the message's key, with a rejection as its outcome if that was for another
   * body; undefined if the command must be decided.
   */
  firstUse({ key, bodyHash = '' }: KeyedMessage): FirstUse | undefined {
    const id = keyId(key);
    const use = this.#used.get(id) ?? this.#loaded.get(id);
    if (use === undefined) return undefined;
    const { number, stream } = use;
    if (use.bodyHash !== bodyHash) return { number, stream, outcome: KEY_REUSED };
    if (use.outcome === undefined) return undefined;
    const outcome = { ...parseOutcome(JSON.parse(use.outcome)), number };
    return { number, stream, outcome };
  }

  /** Records the outcome of a command that is decided under its key for the first time. */
  use({ key, bodyHash = '', stream }: KeyedMessage, number: number, outcome: Outcome): void {
    const use = { key, bodyHash, number, stream, outcome: JSON.stringify(outcome) };
    this.#used.set(keyId(key), use);
  }

  /** Returns the keys to save. */
  used(): readonly UsedKey[] {
    return [...this.#used.values()];
  }
}
