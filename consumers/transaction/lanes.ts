/** Queues the tasks of each user in a lane, and picks the commands of the next batch. */
import type { UserId } from '../../shared/domain/identity.ts';
import { commandCount, isDecided, type LaneWork, type Slice, type Task } from './task.ts';

/**
 * The states of a lane:
 *
 * - *ready*: its next command may go into a batch. `take` makes it busy.
 * - *busy*: some of its commands are in a batch. `release` makes it ready, `wait` makes it waiting.
 * - *waiting*: its next command needs a quote that was requested. `resume` makes it ready.
 *
 * Only ready lanes go into a batch, so no user is ever in two batches. An empty lane is deleted.
 */
type Lane = {
  readonly user: UserId;
  tasks: Task[];
  state: 'ready' | 'busy' | 'waiting';
  /** Passed to the next batch: the quote that the lane waited for is unavailable. */
  quoteUnavailable: boolean;
};

export interface Lanes {
  add(task: Task): void;
  /** The number of commands in ready lanes. */
  readyCount(): number;
  /** Makes ready lanes busy and returns their next commands, `commandsMax` in all at most. */
  take(commandsMax: number): readonly LaneWork[];
  /** Makes a busy lane ready after its batch. Removes and returns the tasks that can be answered. */
  release(user: UserId): readonly Task[];
  /** Does the same as `release`, but makes the lane waiting. */
  wait(user: UserId): readonly Task[];
  /** Makes a waiting lane ready: its quote has arrived, or is unavailable. */
  resume(user: UserId, quoteUnavailable: boolean): void;
  /**
   * Drops deliveries whose channel is gone from all lanes that are not busy: the broker redelivers
   * them. A busy lane drops its own on `release` or `wait`.
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
  /** Removes answerable tasks and closed deliveries from a lane; returns the former. */
  const removeDone = (user: UserId): readonly Task[] => {
    const lane = lanes.get(user);
    if (lane === undefined) return [];
    const settled = lane.tasks.filter(isAnswerable);
    lane.tasks = lane.tasks.filter((task) => !isAnswerable(task) && task.delivery.isOpen());
    return settled;
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
        const slices = slicesOf(lane.tasks, room);
        room -= slices.reduce((sum, { from, to }) => sum + to - from, 0);
        ready.delete(lane);
        lane.state = 'busy';
        works.push({ user: lane.user, slices, quoteUnavailable: lane.quoteUnavailable });
        lane.quoteUnavailable = false;
      }
      return works;
    },
    release: (user) => {
      const settled = removeDone(user);
      const lane = lanes.get(user);
      if (lane !== undefined) makeReady(lane);
      return settled;
    },
    wait: (user) => {
      const settled = removeDone(user);
      const lane = lanes.get(user);
      if (lane !== undefined) lane.state = 'waiting';
      return settled;
    },
    resume: (user, quoteUnavailable) => {
      const lane = lanes.get(user);
      if (lane?.state !== 'waiting') return;
      lane.quoteUnavailable = quoteUnavailable;
      makeReady(lane);
    },
    dropClosed: () => {
      for (const lane of [...lanes.values()]) {
        if (lane.state === 'busy') continue;
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
  quoteUnavailable: false,
});

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
