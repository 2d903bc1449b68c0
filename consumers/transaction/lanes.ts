/** Queues the tasks of each user in a lane, and picks the commands of the next batch. */
import type { Delivery } from '../../shared/amqp/delivery.ts';
import type { Fate } from '../../shared/amqp/fate.ts';
import type { UserId } from '../../shared/domain/identity.ts';
import { InvariantError } from '../../shared/domain/invariant-error.ts';
import type { Outcome } from '../../shared/messages/answer-message.ts';
import type { CommandMessage } from '../../shared/messages/command-message.ts';

/** A command message in progress: batches may decide it in parts. */
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

/**
 * The states of a lane:
 *
 * - *ready*: its next command may go into a batch. `take` puts it into one.
 * - *in a batch*: some of its commands are. `release` makes it ready, `wait` makes it waiting.
 * - *waiting*: its next command needs a quote that was requested. `resume` makes it ready.
 *
 * Only ready lanes go into a batch, so no user is ever in two batches. An empty lane is deleted when it
 * becomes ready, or when its deliveries are dropped while it is not in a batch. Every other transition is
 * a defect, and throws an `InvariantError`.
 */
type Lane = {
  readonly user: UserId;
  tasks: Task[];
  state: 'ready' | 'in a batch' | 'waiting';
  /** Passed to the next batch: the wait of the lane's next command for its quote. */
  quoteWait: QuoteWait;
};

export interface Lanes {
  add(task: Task): void;
  /** The number of commands in ready lanes. */
  readyCount(): number;
  /** Puts ready lanes into a batch. Returns their next commands, `commandsMax` in all at most. */
  take(commandsMax: number): readonly LaneWork[];
  /** Makes a lane ready after its batch. Removes and returns the tasks that can be answered. */
  release(user: UserId): readonly Task[];
  /** Does the same as `release`, but makes the lane waiting. */
  wait(user: UserId): readonly Task[];
  /**
   * Makes a waiting lane ready: its quote has arrived, or is unavailable. Does nothing if its deliveries
   * were dropped meanwhile.
   */
  resume(user: UserId, quoteWait: QuoteWait): void;
  /**
   * Drops deliveries whose channel is gone from all lanes that are not in a batch: the broker redelivers
   * them. A lane in a batch drops its own on `release` or `wait`.
   */
  dropClosed(): void;
}

/** Opens an empty set of lanes. Pure bookkeeping: it reads no clock and does no I/O. */
export function openLanes(): Lanes {
  const lanes = new Map<UserId, Lane>();
  const ready = new Set<Lane>();

  const makeReady = (lane: Lane): void => {
    lane.state = 'ready';
    if (lane.tasks.length > 0) ready.add(lane);
    else lanes.delete(lane.user);
  };
  const laneInBatch = (user: UserId): Lane => {
    const lane = lanes.get(user);
    if (lane?.state === 'in a batch') return lane;
    throw new InvariantError(`the lane of ${user} is ${lane?.state ?? 'gone'}, not in a batch`);
  };

  return {
    add: (task) => {
      const { user } = task.message;
      const lane = lanes.get(user) ?? newLane(user);
      lanes.set(user, lane);
      lane.tasks.push(task);
      if (lane.state === 'ready') ready.add(lane);
    },
    readyCount: () => {
      let count = 0;
      for (const lane of ready) for (const task of lane.tasks) count += remaining(task);
      return count;
    },
    take: (commandsMax) => {
      const works: LaneWork[] = [];
      let room = commandsMax;
      for (const lane of ready) {
        if (room <= 0) break;
        if (lane.state !== 'ready') {
          throw new InvariantError(`the lane of ${lane.user} is ${lane.state}, not ready`);
        }
        const slices = slicesOf(lane.tasks, room);
        room -= commandsIn(slices);
        ready.delete(lane);
        lane.state = 'in a batch';
        works.push({ user: lane.user, slices, quoteWait: lane.quoteWait });
        lane.quoteWait = 'none';
      }
      return works;
    },
    release: (user) => {
      const lane = laneInBatch(user);
      const answerable = removeDone(lane);
      makeReady(lane);
      return answerable;
    },
    wait: (user) => {
      const lane = laneInBatch(user);
      lane.state = 'waiting';
      return removeDone(lane);
    },
    resume: (user, quoteWait) => {
      const lane = lanes.get(user);
      if (lane?.state !== 'waiting') return;
      lane.quoteWait = quoteWait;
      makeReady(lane);
    },
    dropClosed: () => {
      for (const lane of [...lanes.values()]) {
        if (lane.state === 'in a batch') continue;
        lane.tasks = lane.tasks.filter((task) => task.delivery.isOpen());
        if (lane.tasks.length > 0) continue;
        ready.delete(lane);
        lanes.delete(lane.user);
      }
    },
  };
}

const newLane = (user: UserId): Lane => ({
  user,
  tasks: [],
  state: 'ready',
  quoteWait: 'none',
});

/** Removes answerable tasks and closed deliveries from a lane; returns the former. */
function removeDone(lane: Lane): readonly Task[] {
  const answerable = lane.tasks.filter(isAnswerable);
  lane.tasks = lane.tasks.filter((task) => !isAnswerable(task) && task.delivery.isOpen());
  return answerable;
}

/** Returns the number of commands of slices. */
export const commandsIn = (slices: readonly Slice[]): number =>
  slices.reduce((sum, { from, to }) => sum + to - from, 0);

/** Returns the number of commands of a message; a firing counts as one. */
export const commandCount = (message: CommandMessage): number =>
  message.type === 'firing' ? 1 : message.commands.length;

const isDecided = (task: Task): boolean => task.next >= commandCount(task.message);

const remaining = (task: Task): number => commandCount(task.message) - task.next;

/** Every command has its outcome, or the message starts after a gap. */
const isAnswerable = (task: Task): boolean => isDecided(task) || task.expected !== undefined;

function slicesOf(tasks: readonly Task[], commandsMax: number): readonly Slice[] {
  const slices: Slice[] = [];
  let room = commandsMax;
  for (const task of tasks) {
    if (room <= 0) break;
    const to = Math.min(task.next + room, commandCount(task.message));
    slices.push({ task, from: task.next, to });
    room -= to - task.next;
  }
  return slices;
}
