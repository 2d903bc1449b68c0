/** A command message while it is being worked on; it may be done in part. */
import type { Delivery } from '../../shared/amqp/consumer.ts';
import type { UserId } from '../../shared/domain/identity.ts';
import type { Outcome } from '../../shared/messages/answer-message.ts';
import type { CommandMessage } from '../../shared/messages/command-message.ts';

export type Task = {
  readonly delivery: Delivery;
  readonly message: CommandMessage;
  /** The index of its first command that is not settled. */
  next: number;
  /** The outcomes of those before. */
  readonly outcomes: Outcome[];
  /** Set where positions before the message's are missing. */
  expected: number | undefined;
};

/** Commands `from` up to, but not, `to` of a task. */
export type Slice = { readonly task: Task; readonly from: number; readonly to: number };

/** What stands at the head of one user's lane and goes into a batch. */
export type LaneWork = {
  readonly user: UserId;
  readonly slices: readonly Slice[];
  /** The first command's quote was asked for, and none was to be had. */
  readonly quoteUnavailable: boolean;
};

export const commandCount = (message: CommandMessage): number =>
  message.type === 'firing' ? 1 : message.commands.length;

export const isSettled = (task: Task): boolean => task.next >= commandCount(task.message);

/** Names a command, or an arming, for good: who caused a quote's hit is known by it. */
export function askerId(message: CommandMessage, index: number): string {
  if (message.type === 'firing') return `arming/${message.firing.armingId}`;
  return `${message.user}/${message.stream}/${message.position + index}`;
}
