/** Runs a workload through the web API: all users at once, the commands of each user in order. */
import type { AnyCommand, Command } from '../../shared/domain/command.ts';
import type { UserId } from '../../shared/domain/identity.ts';
import { renderDollars } from '../../shared/domain/money.ts';
import { openCount, type Count } from '../../shared/runtime/count.ts';
import type { CommandAnswer, CommandRequest } from '../../shared/web-api/command.ts';
import type { Workload } from './open-workload.ts';
import { unreadableOf, type UnreadableLine } from './read-workload.ts';
import { openUserClient, type WebTarget, type UserClient } from './user-client.ts';

type WebRunOptions = {
  readonly workload: Workload;
  /** A part of every idempotency key, so that running the same run again has no second effect. */
  readonly run: string;
  readonly target: WebTarget;
  /** Returns a workload token for a user, with which commands keep their numbers. */
  readonly tokenFor: (user: UserId) => Promise<string>;
  readonly signal: AbortSignal;
  readonly onAnswer: (answer: CommandAnswer, name: Command['type'], latencyMs: number) => void;
  readonly onUnreadable: (line: UnreadableLine) => void;
};

/** The most users, because each has a connection that the server keeps open. */
const USERS_MAX = 2_000;
/** The most commands that are read and not answered. */
const UNANSWERED_MAX = 8_000;

type Given = { readonly number: number; readonly command: Command };

/**
 * Resolves to the number of users once everything is answered. Rejects if a command gets no outcome, or if
 * the signal is aborted.
 */
export async function runViaWeb(options: WebRunOptions): Promise<number> {
  const lanes = new Map<UserId, Lane>();
  const unanswered = openCount();
  const laneOf = (user: UserId): Lane => {
    const lane = lanes.get(user) ?? openLane(user, options, unanswered);
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
        // A dump waits until everything before it is answered.
        await unanswered.fewerThan(line.command.type === 'DUMPLOG' ? 1 : UNANSWERED_MAX);
        laneOf(line.user).add({ number: line.number, command: line.command });
      }
    }
    await unanswered.fewerThan(1);
    return lanes.size;
  } finally {
    for (const lane of lanes.values()) lane.close();
  }
}

/** Sends the commands of one user, one after the other. */
type Lane = { readonly add: (given: Given) => void; readonly close: () => void };

function openLane(user: UserId, options: WebRunOptions, unanswered: Count): Lane {
  const { run, target, tokenFor, onAnswer, signal } = options;
  const waiting: Given[] = [];
  let opened: UserClient | undefined;
  let isRunning = false;

  const work = async (): Promise<void> => {
    opened ??= openUserClient(target, await tokenFor(user));
    for (let given = waiting.shift(); given !== undefined; given = waiting.shift()) {
      signal.throwIfAborted();
      const { command, number } = given;
      const startedAt = performance.now();
      const answer = await opened.send(requestOf(command, number), `workload:${run}:${number}`);
      onAnswer(answer, command.type, performance.now() - startedAt);
      unanswered.remove(1);
    }
    isRunning = false;
  };

  return {
    add: (given) => {
      waiting.push(given);
      unanswered.add(1);
      if (isRunning) return;
      isRunning = true;
      work().catch(unanswered.fail);
    },
    close: () => opened?.close(),
  };
}

/** Converts a command to a request of the web API; the server parses it to the same command. */
function requestOf(command: Command, number: number): CommandRequest {
  const { type, amount, price, ...others }: AnyCommand = command;
  return {
    command: type,
    ...others,
    ...(amount !== undefined && { amount: renderDollars(amount) }),
    ...(price !== undefined && { price: renderDollars(price) }),
    number,
    // Requests and commands have the same fields, those of the catalogue.
  } as CommandRequest;
}
