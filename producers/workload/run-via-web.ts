/** A workload file through the web API: every user at once, each user's commands in their order. */
import type { Command } from '../../shared/domain/command.ts';
import type { UserId } from '../../shared/domain/identity.ts';
import { deferred, type Deferred } from '../../shared/runtime/deferred.ts';
import type { CommandAnswer } from '../../shared/web-api/command.ts';
import type { Workload } from './open-workload.ts';
import { unreadableOf, type UnreadableLine } from './read-workload.ts';
import { requestOf } from './request-of.ts';
import { openWebUser, type WebTarget, type WebUser } from './web-user.ts';

export type WebRunOptions = {
  readonly workload: Workload;
  /** In every key: the same run again has no second effect. */
  readonly run: string;
  readonly target: WebTarget;
  /** A token for a user, whose commands keep their numbers. */
  readonly tokenFor: (user: UserId) => Promise<string>;
  readonly signal: AbortSignal;
  readonly onAnswer: (answer: CommandAnswer, name: Command['type'], latencyMs: number) => void;
  readonly onUnreadable: (line: UnreadableLine) => void;
};

/** Connections, each of which the server keeps open. */
const USERS_MAX = 2_000;
/** Read and not answered yet. */
const UNANSWERED_MAX = 8_000;

type Given = { readonly number: number; readonly command: Command };

/** Resolves to how many users there were, once everything is answered. */
export async function runViaWeb(options: WebRunOptions): Promise<number> {
  const lanes = new Map<UserId, Lane>();
  const load = openLoad();
  const laneOf = (user: UserId): Lane => {
    const lane = lanes.get(user) ?? openLane(user, options, load);
    if (!lanes.has(user) && lanes.size === USERS_MAX) {
      throw new RangeError(`more than ${USERS_MAX} users: too many connections`);
    }
    lanes.set(user, lane);
    return lane;
  };
  try {
    for await (const lines of options.workload.read()) {
      for (const numbered of lines) {
        const { line } = numbered;
        options.signal.throwIfAborted();
        const unreadable = unreadableOf(numbered);
        if (unreadable !== undefined) options.onUnreadable(unreadable);
        if (line.type !== 'command') continue;
        // A dump waits for everything before it.
        await load.below(line.command.type === 'DUMPLOG' ? 1 : UNANSWERED_MAX);
        laneOf(line.user).add({ number: line.number, command: line.command });
      }
    }
    await load.below(1);
    return lanes.size;
  } finally {
    for (const lane of lanes.values()) lane.close();
  }
}

type Load = {
  readonly add: () => void;
  readonly done: () => void;
  readonly fail: (error: unknown) => void;
  /** Resolves when fewer than so many are unanswered; rejects once one failed for good. */
  readonly below: (count: number) => Promise<void>;
};

function openLoad(): Load {
  let unanswered = 0;
  let change: Deferred<void> = deferred();
  let fault: { readonly error: unknown } | undefined;
  const tell = (): void => {
    change.resolve();
    change = deferred();
  };
  return {
    add: () => (unanswered += 1),
    done: () => {
      unanswered -= 1;
      tell();
    },
    fail: (error) => {
      fault ??= { error };
      tell();
    },
    below: async (count) => {
      while (fault === undefined && unanswered >= count) await change.promise;
      if (fault !== undefined) throw fault.error;
    },
  };
}

type Lane = { readonly add: (given: Given) => void; readonly close: () => void };

function openLane(user: UserId, options: WebRunOptions, load: Load): Lane {
  const { run, target, tokenFor, onAnswer, signal } = options;
  const waiting: Given[] = [];
  let opened: WebUser | undefined;
  let isRunning = false;

  const work = async (): Promise<void> => {
    opened ??= openWebUser(target, await tokenFor(user));
    for (let given = waiting.shift(); given !== undefined; given = waiting.shift()) {
      signal.throwIfAborted();
      const { command, number } = given;
      const startedAt = performance.now();
      const answer = await opened.give(requestOf(command, number), `workload:${run}:${number}`);
      onAnswer(answer, command.type, performance.now() - startedAt);
      load.done();
    }
    isRunning = false;
  };

  return {
    add: (given) => {
      waiting.push(given);
      load.add();
      if (isRunning) return;
      isRunning = true;
      work().catch(load.fail);
    },
    close: () => opened?.close(),
  };
}
