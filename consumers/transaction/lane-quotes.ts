/** Asks for the quotes that the commands in the lanes need: at their turn, and ahead of it. */
import type { Delivery } from '../../shared/amqp/delivery.ts';
import { QUOTE_WAIT_MAX_MS, type QuoteDesk } from '../../shared/amqp/quote-desk.ts';
import type { UserId } from '../../shared/domain/identity.ts';
import type { CommandMessage, UserCommands } from '../../shared/messages/command-message.ts';
import { commandAskerId } from '../../shared/messages/quote-message.ts';
import { streamKey } from '../../shared/ports/batch-store.ts';
import { within, type Timers } from '../../shared/runtime/timers.ts';
import type { SliceResult } from './decide-batch.ts';
import type { QuoteNeed } from './decided-command.ts';

/** Gives up after this many quotes that expired before the command's turn, because each may cost a hit. */
const ASKS_MAX = 3;
/** A confirmed position is stale after this: the process may have been paused, and another continued. */
const KNOWN_FOR_MS = 5_000;
const STREAMS_MAX = 10_000;
const DEFERRED_MAX = 200;

/** The wait of one command, over several asks; `until` is by the timers. */
type Wait = { readonly askerId: string; readonly until: number; asks: number };

export interface QuoteWaits {
  /**
   * Waits for the quote of the command at the head of a user's lane. Resolves to true once it has
   * arrived, and to false if it is unavailable, or the command has used up its time or its asks.
   */
  wait(user: UserId, need: QuoteNeed): Promise<boolean>;
  /** Forgets the wait of a user, whose lane needs no quote now. */
  end(user: UserId): void;
}

/** Bounds how long and how often one command waits for its quote. */
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
      return within(timers, leftMs, desk.ask(symbol, asker));
    },
    end: (user) => void waits.delete(user),
  };
}

type Trace = Delivery['trace'];
type Received = { readonly message: UserCommands; readonly trace: Trace };

/**
 * A command that is done must cause no hit when its message comes again, and neither the sender nor
 * the flags of a message tell that it is a repeat. So quotes are requested ahead only beyond a position
 * that a recent commit of this process confirmed. Until that is known for a stream, its messages are
 * deferred, which takes one batch.
 */
type Known = {
  /** The last position that is done; undefined if it is not known. */
  last: number | undefined;
  /** When that was confirmed, by the timers. */
  at: number;
  readonly deferred: Received[];
};

export interface LookAhead {
  /** Requests the quotes of a message's `QUOTE` commands, which always need one, or defers the message. */
  add(message: CommandMessage, trace?: Trace): void;
  /** Learns the position of a stream from a committed slice, and handles its deferred messages. */
  learn(slice: SliceResult): void;
  /** Forgets every position: a channel is gone, and another process may have its shard. */
  forget(): void;
}

/** Requests the quotes of commands further back in the lanes before their turn comes. */
export function openLookAhead(desk: Pick<QuoteDesk, 'askAhead'>, timers: Timers): LookAhead {
  const streams = new Map<string, Known>();

  const knownOf = (message: UserCommands): Known => {
    const key = streamKey(message);
    const known = streams.get(key) ?? { last: undefined, at: 0, deferred: [] };
    streams.delete(key);
    streams.set(key, known);
    const [oldest] = streams.keys();
    if (streams.size > STREAMS_MAX && oldest !== undefined) streams.delete(oldest);
    return known;
  };
  const askBeyond = (last: number, { message, trace }: Received): void => {
    const { user, stream } = message;
    message.commands.forEach(({ number, command }, index) => {
      const position = message.position + index;
      if (command.type !== 'QUOTE' || position <= last) return;
      const id = commandAskerId({ user, stream, position });
      desk.askAhead(command.symbol, { id, user, number, stream, position, trace });
    });
  };

  return {
    add: (message, trace) => {
      // A command with a deadline may be too late when its turn comes, and then needs no quote.
      if (message.type === 'firing' || message.deadline !== undefined) return;
      const known = knownOf(message);
      const isCurrent = timers.now() - known.at <= KNOWN_FOR_MS;
      if (known.last !== undefined && isCurrent) askBeyond(known.last, { message, trace });
      else if (known.deferred.length < DEFERRED_MAX) known.deferred.push({ message, trace });
    },
    learn: (slice) => {
      const { message } = slice.task;
      if (message.type === 'firing' || message.deadline !== undefined) return;
      const last = lastDone(message, slice);
      const known = knownOf(message);
      known.last = last;
      known.at = timers.now();
      if (last === undefined) {
        const index = known.deferred.findIndex((received) => received.message === message);
        if (index >= 0) known.deferred.splice(index, 1);
        return;
      }
      for (const waiting of known.deferred.splice(0)) askBeyond(last, waiting);
    },
    forget: () => streams.clear(),
  };
}

/** Returns the last done position that a committed slice shows; undefined if it does not show it. */
function lastDone(
  message: UserCommands,
  { task, outcomes, expected }: SliceResult,
): number | undefined {
  if (expected !== undefined) return expected - 1;
  const final = outcomes.at(-1);
  // It was done before this batch, and maybe commands after it too; the outcome does not say how many.
  if (final?.is === 'done') return undefined;
  if (final?.is === 'rejected' && final.reason === 'key-reused') return undefined;
  return message.position + task.next - 1;
}
