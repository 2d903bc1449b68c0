/** Bounds how long and how often one command waits for its quote. */
import type { UserId } from '../../shared/domain/identity.ts';
import type { Timers } from '../../shared/runtime/timers.ts';
import type { QuoteNeed } from './decided-command.ts';
import { QUOTE_WAIT_MAX_MS, type QuoteDesk } from './quote-desk.ts';

/** The wait of one command, over several asks; `until` is by the timers. */
type Wait = { readonly askerId: string; readonly until: number; asks: number };

/** Gives up after this many quotes that expired before the command's turn, because each may cost a hit. */
const ASKS_MAX = 3;

export interface QuoteWaits {
  /**
   * Waits for the quote of the command at the head of a user's lane. Resolves to true once it has
   * arrived, and to false if it is unavailable, or the command has used up its time or its asks.
   */
  wait(user: UserId, need: QuoteNeed): Promise<boolean>;
  /** Forgets the wait of a user, whose lane needs no quote now. */
  end(user: UserId): void;
}

export function openQuoteWaits(desk: Pick<QuoteDesk, 'ask'>, timers: Timers): QuoteWaits {
  const waits = new Map<UserId, Wait>();

  const waitOf = (user: UserId, askerId: string): Wait => {
    const present = waits.get(user);
    if (present?.askerId === askerId) return present;
    const wait = { askerId, until: timers.now() + QUOTE_WAIT_MAX_MS, asks: 0 };
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
        const cancel = timers.after(leftMs, () => resolve(false));
        void desk.ask(symbol, asker).then((isKnown) => {
          cancel();
          resolve(isKnown);
        });
      });
    },
    end: (user) => void waits.delete(user),
  };
}
