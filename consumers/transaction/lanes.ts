/** Deliveries in one lane a user, and what of them goes into the next batch. */
import type { UserId } from '../../shared/domain/identity.ts';
import { commandCount, isSettled, type LaneWork, type Slice, type Task } from './task.ts';

/**
 * A lane is *ready* while it has work; *busy* while some of it is in a batch; *waiting* while its
 * next command's quote is asked for. Only a ready lane goes into a batch, so no user is ever in two.
 */
type Lane = {
  readonly user: UserId;
  tasks: Task[];
  state: 'ready' | 'busy' | 'waiting';
  quoteUnavailable: boolean;
};

export interface Lanes {
  add(task: Task): void;
  /** How many commands of ready lanes stand by. */
  readyCount(): number;
  /** Takes up to that many commands, and at least one lane, for a batch. */
  take(commandsMax: number): readonly LaneWork[];
  /** Gives a lane back after its batch; settled tasks leave it. */
  release(user: UserId): readonly Task[];
  /** As `release`, but the lane waits. */
  wait(user: UserId): readonly Task[];
  /** The quote that a lane waited for has settled. */
  resume(user: UserId, quoteUnavailable: boolean): void;
  /** Forgets deliveries whose channel is gone: they come again, here or elsewhere. */
  dropClosed(): void;
  /** How many tasks of one source are in a batch now. */
  busyCount(isOf: (task: Task) => boolean): number;
}

export function openLanes(): Lanes {
  const lanes = new Map<UserId, Lane>();
  const ready = new Set<Lane>();

  const makeReady = (lane: Lane): void => {
    lane.state = 'ready';
    if (lane.tasks.length > 0) ready.add(lane);
    else lanes.delete(lane.user);
  };
  const shed = (user: UserId): readonly Task[] => {
    const lane = lanes.get(user);
    if (lane === undefined) return [];
    const settled = lane.tasks.filter(isOver);
    lane.tasks = lane.tasks.filter((task) => !isOver(task) && task.delivery.isOpen());
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
      const settled = shed(user);
      const lane = lanes.get(user);
      if (lane !== undefined) makeReady(lane);
      return settled;
    },
    wait: (user) => {
      const settled = shed(user);
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
    busyCount: (isOf) => {
      let count = 0;
      for (const lane of lanes.values()) {
        if (lane.state === 'busy') count += lane.tasks.filter(isOf).length;
      }
      return count;
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

const isOver = (task: Task): boolean => isSettled(task) || task.expected !== undefined;

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
