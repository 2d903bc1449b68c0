/** Runs the workload lines of one message, and reports the outcome of each line. */
import { createHash } from 'node:crypto';
import { instant } from '../../shared/domain/time.ts';
import type { Answer } from '../../shared/messages/answer-message.ts';
import type { UserCommands } from '../../shared/messages/command-message.ts';
import type { DatabaseClock } from '../../shared/pg/database-clock.ts';
import type { ClaimedKey } from '../../shared/pg/idempotency-keys.ts';
import { deferred } from '../../shared/runtime/deferred.ts';
import { asContractError } from '../../shared/runtime/errors.ts';
import { finishInTurns } from '../../shared/runtime/in-turns.ts';
import { openPacker } from '../workload/packer.ts';
import { sendLines } from '../workload/send-lines.ts';
import { IntakeReport } from './intake-report.ts';
import { splitText } from './read-lines.ts';

/** The most commands of a message. */
const PACK = 16;
/** The most unanswered messages: 8,000 commands, as of a workload, sent over several turns. */
const UNDERWAY_MAX = 500;
/** The deadline of commands in a text with unnumbered lines, which counts as typed by hand: SPEC §3.3. */
const DEADLINE_MS = 10_000;

const STREAM_PREFIX = 'intake:';

export const intakeStream = (messageId: string): string => STREAM_PREFIX + messageId;

/** Returns the id under which the lines take effect: the publisher's, or one that was made for them. */
export const messageIdOf = ({ stream }: Pick<TextRun, 'stream'>): string =>
  stream.slice(STREAM_PREFIX.length);

export type TextRun = {
  readonly body: Buffer;
  /** The prefix of the name of the stream, which is claimed for this text. */
  readonly stream: string;
  /** Whether some of the lines may have been sent before. */
  readonly again: boolean;
};

export type TextParts = {
  /**
   * Claims a stream for a text, or finds the hash of the text that claimed it before. Resolves to `draw`
   * numbers, the same each time. Also sets the clock.
   */
  readonly claim: (use: {
    readonly stream: string;
    readonly bodyHash: string;
    readonly draw: number;
  }) => Promise<Pick<ClaimedKey, 'stream' | 'bodyHash' | 'numbers'>>;
  readonly clock: DatabaseClock;
  /** Sends one message and resolves to its answer; many may be on their way at once. */
  readonly ask: (message: UserCommands) => Promise<Answer>;
};

/**
 * Runs a text. Positions always count from 1, so that lines that are done have no second effect. A
 * different text under the same id is refused before any line is sent. A text in which every line has a
 * number is a workload and has no deadline. Throws a `ContractError` if the text cannot be read.
 */
export async function runText(run: TextRun, parts: TextParts): Promise<IntakeReport> {
  const text = await orContractError(finishInTurns(splitText(run.body)));
  const byHand = text.unnumbered > 0;
  const bodyHash = createHash('sha256').update(run.body).digest('base64url');
  const claimed = await parts.claim({ stream: run.stream, bodyHash, draw: text.unnumbered });
  const lines = await orContractError(finishInTurns(text.read(claimed.numbers)));
  if (claimed.bodyHash !== bodyHash) return IntakeReport.ofOtherText(lines, messageIdOf(run));
  const { stream } = claimed;
  const report = new IntakeReport(stream);
  const underway = new Set<Promise<void>>();
  let room = deferred();

  const send = async (message: UserCommands): Promise<void> => {
    while (underway.size >= UNDERWAY_MAX) await room.promise;
    const asked = parts
      .ask({
        ...message,
        bodyHash,
        again: run.again,
        ...(byHand && { deadline: instant(parts.clock.now() + DEADLINE_MS) }),
      })
      .then((answer) => report.addAnswer(message, answer))
      .finally(() => {
        underway.delete(asked);
        room.resolve();
        room = deferred();
      });
    underway.add(asked);
  };
  const answered = async (): Promise<void> => {
    await Promise.all(underway);
  };

  for (const { lineNumber, line } of lines) {
    if (line.type !== 'unreadable') report.place(line.user, lineNumber);
  }
  const packer = openPacker({ stream: stream, size: PACK, done: new Map() });
  await sendLines(lines, {
    ...{ packer, send, answered },
    onUnreadable: ({ line, reason }) => report.refuse(line, reason),
  });
  for (const message of packer.flush()) await send(message);
  await answered();
  return report;
}

async function orContractError<Value>(read: Promise<Value>): Promise<Value> {
  try {
    return await read;
  } catch (error) {
    throw asContractError(error);
  }
}
