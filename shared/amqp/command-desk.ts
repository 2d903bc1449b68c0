/** Sends command messages to their users' shards, and receives their answers. */
import type { UserId } from '../domain/identity.ts';
import { shardOf } from '../domain/shard.ts';
import { commandsExchange, shardKey } from '../messages/address.ts';
import { parseAnswerMessage, type Answer, type AnswerMessage } from '../messages/answer-message.ts';
import { renderCommandMessage, type UserCommands } from '../messages/command-message.ts';
import { openCount } from '../runtime/count.ts';
import { deferred } from '../runtime/deferred.ts';
import { newId } from '../runtime/new-id.ts';
import { DONE } from './fate.ts';
import type { Publication } from './publisher.ts';
import { type AskedRequest, Requests, type RequesterOptions, type Sending } from './requests.ts';

/** An unanswered message is sent again after this, safely: positions that are done have no second effect. */
const AGAIN_AFTER_MS = 30_000;

export type Answered = {
  readonly message: UserCommands;
  readonly answer: Answer;
  /** The time from the first publish to the answer. */
  readonly latencyMs: number;
};

type AskOptions = {
  /** The id of the message; a new UUIDv7 if absent. */
  readonly id?: string;
  /** The longest wait in ms, and the error with which the ask rejects after it. Absent: no limit. */
  readonly limit?: { readonly ms: number; readonly error: () => Error } | undefined;
};

export type CommandDeskOptions = RequesterOptions & { readonly shardCount: number };

type CommandRequest = AskedRequest & {
  readonly message: UserCommands;
  readonly askedAt: number;
  readonly onAnswer: (answered: Answered) => void;
  /** The first answer to a dump, which says that it is accepted; the second follows when it is written. */
  acceptedDump: Answered | undefined;
};

/** Opens a desk. Resolves once it can receive answers. */
export async function openCommandDesk(options: CommandDeskOptions): Promise<CommandDesk> {
  const desk = new CommandDesk(options);
  await desk.open();
  return desk;
}

/**
 * Sends a message again if publishing fails, if it gets no answer, if the reply queue is declared anew, or
 * if its answer says that positions before it are missing.
 */
export class CommandDesk {
  readonly #options: CommandDeskOptions;
  readonly #requests: Requests<CommandRequest, AnswerMessage>;
  /** The last gap that was filled, by user: each of many messages behind one gap reports it. */
  readonly #gaps = new Map<UserId, number>();
  readonly #unanswered = openCount();

  constructor(options: CommandDeskOptions) {
    this.#options = options;
    this.#requests = new Requests({
      ...options,
      publicationOf: (request, sending) =>
        publicationOf(request.message, sending, options.shardCount),
      againAfterMs: AGAIN_AFTER_MS,
      answers: {
        parse: parseAnswerMessage,
        handle: ({ answers }) => {
          for (const answer of answers) this.#receive(answer);
          return DONE;
        },
      },
    });
  }

  open(): Promise<void> {
    return this.#requests.open();
  }

  /**
   * Sends a message and resolves to its answer. A dump is answered when it is written or has failed; at the
   * limit, the answer that it is accepted will do. After any other limit, the commands may be decided or
   * not, and the same message again tells which.
   */
  ask(message: UserCommands, { id = newId(), limit }: AskOptions = {}): Promise<Answered> {
    const { promise, resolve, reject } = deferred<Answered>();
    const giveUp = ({ error }: NonNullable<AskOptions['limit']>): void => {
      if (request.acceptedDump === undefined) reject(error());
      else resolve(request.acceptedDump);
      this.#unanswered.remove(message.commands.length);
    };
    const request: CommandRequest = {
      message,
      askedAt: this.#options.timers.now(),
      onAnswer: resolve,
      acceptedDump: undefined,
      limit: limit && { ms: limit.ms, giveUp: () => giveUp(limit) },
    };
    this.#add(id, request);
    return promise;
  }

  /** Sends a message, and calls `onAnswer` with its answer: as `ask` does, without a promise for each. */
  send(message: UserCommands, onAnswer: (answered: Answered) => void): void {
    const askedAt = this.#options.timers.now();
    this.#add(newId(), { message, askedAt, onAnswer, acceptedDump: undefined, limit: undefined });
  }

  #add(id: string, request: CommandRequest): void {
    this.#unanswered.add(request.message.commands.length);
    this.#requests.ask(id, request);
  }

  /** The number of unanswered commands. */
  unanswered(): number {
    return this.#unanswered.value();
  }

  /** Resolves when fewer commands than this are unanswered. */
  fewerThan(count: number): Promise<void> {
    return this.#unanswered.fewerThan(count);
  }

  close(): Promise<void> {
    return this.#requests.close();
  }

  #receive(answer: Answer): void {
    const request = this.#requests.find(answer.id);
    if (request === undefined) return;
    const { message, askedAt } = request;
    if (answer.expected !== undefined) {
      this.#fillGap(message.user, answer.expected);
      return;
    }
    const present = { message, answer, latencyMs: this.#options.timers.now() - askedAt };
    if (isDumpOnlyAsked(answer)) {
      request.acceptedDump = present;
      return;
    }
    this.#requests.end(answer.id);
    request.onAnswer(present);
    this.#unanswered.remove(message.commands.length);
  }

  /** Sends the messages of a user from a missing position on again, in order, once for each gap. */
  #fillGap(user: UserId, expected: number): void {
    if (this.#gaps.get(user) === expected) return;
    this.#gaps.set(user, expected);
    this.#requests.askAgain(({ message }) => {
      const end = message.position + message.commands.length;
      return message.user === user && end > expected;
    });
  }
}

const publicationOf = (
  message: UserCommands,
  { messageId, replyTo, again }: Sending,
  shardCount: number,
): Publication => ({
  exchange: commandsExchange(shardCount),
  key: shardKey(shardOf(message.user, shardCount)),
  body: renderCommandMessage(again ? { ...message, again } : message),
  messageId,
  type: 'commands',
  replyTo,
  trace: [],
});

/** Whether a dump is accepted only: it is answered again by the audit process that writes it. */
const isDumpOnlyAsked = ({ outcomes }: Answer): boolean =>
  outcomes.some((outcome) => outcome.is === 'accepted' && outcome.answer?.['dump'] === 'asked');
