/** How long, and how often, one command may wait for its quote. */
import type { UserId } from '../../shared/domain/identity.ts';
import type { Timers } from '../../shared/runtime/timers.ts';
import type { LaneResult } from './batch.ts';
import { SETTLE_MAX_MS, type QuoteDesk } from './quote-desk.ts';

type QuoteNeed = NonNullable<LaneResult['needs']>;
type Wait = { readonly askerId: string; readonly until: number; asks: number };

/** A quote that is too old by the command's turn, again and again, is none: each may cost a hit. */
const ASKS_MAX = 3;

export interface QuoteWaits {
  /**
   * Waits for the quote of the command at the head of a user's lane. True = one has arrived, and the
   * command is to be tried with it; false = unavailable: its time, or its number of asks, is over.
   */
  wait(user: UserId, need: QuoteNeed): Promise<boolean>;
  /** The user's lane waits no more. */
  over(user: UserId): void;
}

export function openQuoteWaits(desk: Pick<QuoteDesk, 'ask'>, timers: Timers): QuoteWaits {
  const waits = new Map<UserId, Wait>();

  const waitOf = (user: UserId, askerId: string): Wait => {
    const present = waits.get(user);
    if (present?.askerId === askerId) return present;
    const wait = { askerId, until: timers.now() + SETTLE_MAX_MS, asks: 0 };
    waits.set(user, wait);
    return wait;
  };

  return {
    wait: (user, { symbol, asker }) => {
      const wait = waitOf(user, asker.id);
      const leftMs = wait.until - timers.now();
      if (wait.asks >= ASKS_MAX || leftMs <= 0) return Promise.resolve(false);
      wait.asks += 1;
      return new Promise((resolve) => {
        const callOff = timers.after(leftMs, () => resolve(false));
        void desk.ask(symbol, asker).then((isKnown) => {
          callOff();
          resolve(isKnown);
        });
      });
    },
    over: (user) => void waits.delete(user),
  };
}
