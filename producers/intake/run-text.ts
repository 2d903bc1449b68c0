/** One message of workload lines, from its bytes to the report of what became of each line. */
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

const PACK = 16;
/** Messages without an answer: as many commands as a sender has on their way, and a file is not sent in one turn. */
const UNDERWAY_MAX = 500;
/** A command by hand that is decided later than this is rejected: SPEC §3.3. */
const DEADLINE_MS = 10_000;

const STREAM_PREFIX = 'intake:';

export const intakeStream = (messageId: string): string => STREAM_PREFIX + messageId;

/** The id under which the lines took effect: the sender's, or one that was made for them. */
export const messageIdOf = ({ stream }: Pick<TextRun, 'stream'>): string =>
  stream.slice(STREAM_PREFIX.length);

export type TextRun = {
  readonly body: Buffer;
  /** What the name of the stream begins with: it is claimed for this text. */
  readonly stream: string;
  /** Whether the same lines may have been sent before, in part or whole. */
  readonly again: boolean;
};

export type TextParts = {
  /**
   * Claims a stream for a text, or finds the text that it was claimed for; with numbers for `draw`
   * lines, the same each time. Tells the clock what time it is.
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
 * Positions count from 1 in any case: what was done before is answered as it was then. Another text
 * under the same id is refused before any of its lines is sent. Lines that bring numbers are a
 * workload and have no deadline. Throws a `ContractError` where the text cannot be read.
 */
export async function runText(run: TextRun, parts: TextParts): Promise<IntakeReport> {
  const text = await reading(finishInTurns(splitText(run.body)));
  const byHand = text.unnumbered > 0;
  const bodyHash = createHash('sha256').update(run.body).digest('base64url');
  const claimed = await parts.claim({ stream: run.stream, bodyHash, draw: text.unnumbered });
  const lines = await reading(finishInTurns(text.read(claimed.numbers)));
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
      .then((answer) => report.settle(message, answer))
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

async function reading<Value>(read: Promise<Value>): Promise<Value> {
  try {
    return await read;
  } catch (error) {
    throw asContractError(error);
  }
}
