/** A command message in progress: batches may decide it in parts. */
import type { Delivery } from '../../shared/amqp/delivery.ts';
import type { Fate } from '../../shared/amqp/fate.ts';
import type { UserId } from '../../shared/domain/identity.ts';
import type { Outcome } from '../../shared/messages/answer-message.ts';
import type { CommandMessage } from '../../shared/messages/command-message.ts';

export type Task = {
  readonly delivery: Delivery;
  /** Ends the task with the fate of its message. */
  readonly end: (fate: Fate) => void;
  readonly message: CommandMessage;
  /** The index of its first command that is not decided. */
  next: number;
  /** The outcomes of the commands before `next`. */
  readonly outcomes: Outcome[];
  /** Set if positions before this message are missing: the position that must come first. */
  expected: number | undefined;
};

/** The commands of a task from index `from` up to but not including `to`. */
export type Slice = { readonly task: Task; readonly from: number; readonly to: number };

/** The commands at the head of one user's lane that go into a batch. */
export type LaneWork = {
  readonly user: UserId;
  readonly slices: readonly Slice[];
  /** The wait of the first command for its quote. */
  readonly quoteWait: QuoteWait;
};

/** How the wait of a command for its quote ended; `none`: it has not waited. */
export type QuoteWait = 'none' | 'arrived' | 'unavailable';

export const commandCount = (message: CommandMessage): number =>
  message.type === 'firing' ? 1 : message.commands.length;

export const isDecided = (task: Task): boolean => task.next >= commandCount(task.message);
