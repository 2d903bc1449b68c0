/** Asking at once for quotes that commands further back in the lanes will need. */
import type { Delivery } from '../../shared/amqp/consumer.ts';
import type { CommandMessage, UserCommands } from '../../shared/messages/command-message.ts';
import { streamKey } from '../../shared/ports/batch-store.ts';
import type { Timers } from '../../shared/runtime/timers.ts';
import type { SliceResult } from './batch.ts';
import type { QuoteDesk } from './quote-desk.ts';
import { askerId } from './task.ts';

type Trace = Delivery['trace'];
type Taken = { readonly message: UserCommands; readonly trace: Trace };

/**
 * A position that is done must cause no hit when it comes again, whoever sends it and whatever flags
 * it carries. So a quote is asked for ahead only where this process knows, from a commit of its own
 * a moment ago, how far the stream is. What comes before that is known waits for it, one batch long.
 */
type Known = {
  /** The position done last; undefined = not known. */
  last: number | undefined;
  /** When that was so; monotonic. */
  at: number;
  readonly deferred: Taken[];
};

/** After a pause another process may have gone on in our stead. */
const KNOWN_FOR_MS = 5_000;
const STREAMS_MAX = 10_000;
const DEFERRED_MAX = 200;

export interface LookAhead {
  /** Asks for the quotes of a message's `QUOTE`s, needed whatever happens, or keeps it for later. */
  take(message: CommandMessage, trace?: Trace): void;
  /** Learns from what was committed how far a stream is. */
  learn(slice: SliceResult): void;
  /** A channel is gone, and its shard may be in other hands. */
  forget(): void;
}

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
  const askBeyond = (last: number, { message, trace }: Taken): void => {
    const { user } = message;
    message.commands.forEach(({ number, command }, index) => {
      if (command.type !== 'QUOTE' || message.position + index <= last) return;
      desk.askAhead(command.symbol, { id: askerId(message, index), user, number, trace });
    });
  };

  return {
    take: (message, trace) => {
      // A command with a deadline may be too late by its turn, and need no quote.
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
        const index = known.deferred.findIndex((taken) => taken.message === message);
        if (index >= 0) known.deferred.splice(index, 1);
        return;
      }
      for (const waiting of known.deferred.splice(0)) askBeyond(last, waiting);
    },
    forget: () => streams.clear(),
  };
}

/** The position done last as the transaction saw it; undefined where that cannot be told. */
function lastDone(
  message: UserCommands,
  { task, outcomes, expected }: SliceResult,
): number | undefined {
  if (expected !== undefined) return expected - 1;
  const final = outcomes.at(-1);
  // Done before, and others after it: how many, the outcome does not say.
  if (final?.is === 'done') return undefined;
  if (final?.is === 'rejected' && final.reason === 'key-reused') return undefined;
  return message.position + task.next - 1;
}
