/** The fate of a message, which its handler returns. Only `handleDelivery` acks, retries and parks. */
import { ContractError } from '../runtime/errors.ts';

export type Fate =
  /** Its effects are stored, or it needs none. It is acked. */
  | { readonly is: 'done' }
  /** A fault holds it that may pass by itself. It is handled again after a backoff. */
  | { readonly is: 'held'; readonly error: unknown }
  /**
   * It can never be handled. A copy goes to the queue of parked messages, then it is acked. `messageId`
   * is the id under which the copy is replayed; the message's own if absent.
   */
  | { readonly is: 'parked'; readonly why: ContractError; readonly messageId?: string };

export const DONE: Fate = { is: 'done' };

/** Returns the fate of a message whose handler threw: a broken contract never passes, other faults may. */
export const fateAfter = (error: unknown): Fate =>
  error instanceof ContractError ? { is: 'parked', why: error } : { is: 'held', error };
