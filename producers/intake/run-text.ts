/** One message of workload lines, from its bytes to the report of what became of each line. */
import { createHash } from 'node:crypto';
import { instant } from '../../shared/domain/time.ts';
import type { Answer } from '../../shared/messages/answer-message.ts';
import type { UserCommands } from '../../shared/messages/command-message.ts';
import type { DatabaseClock } from '../../shared/pg/database-clock.ts';
import { openPacker } from '../workload/packer.ts';
import { sendLines } from '../workload/send-lines.ts';
import { IntakeReport } from './intake-report.ts';
import { splitText } from './read-lines.ts';

const PACK = 16;
/** A command by hand that is decided later than this is rejected: SPEC §3.3. */
const DEADLINE_MS = 10_000;

export type TextRun = {
  readonly body: Buffer;
  readonly stream: string;
  /** Whether the same lines may have been sent before, in part or whole. */
  readonly again: boolean;
};

export type TextParts = {
  /** Numbers for lines that bring none; tells the clock what time it is. */
  readonly takeNumbers: (count: number) => Promise<readonly number[]>;
  readonly clock: DatabaseClock;
  /** Sends one message and resolves to its answer; many may be on their way at once. */
  readonly ask: (message: UserCommands) => Promise<Answer>;
};

/**
 * Positions count from 1 in any case: what was done before is answered as it was then, and another
 * text under the same id is refused. Lines that bring numbers are a workload and have no deadline.
 */
export async function runText(run: TextRun, parts: TextParts): Promise<IntakeReport> {
  const text = splitText(run.body);
  const lines = text.read(text.unnumbered > 0 ? await parts.takeNumbers(text.unnumbered) : []);
  const report = new IntakeReport(run.stream);
  const byHand = text.unnumbered > 0;
  const bodyHash = createHash('sha256').update(run.body).digest('base64url');
  const underway = new Set<Promise<void>>();

  const send = (message: UserCommands): Promise<void> => {
    const asked = parts
      .ask({
        ...message,
        bodyHash,
        again: run.again,
        ...(byHand && { deadline: instant(parts.clock.now() + DEADLINE_MS) }),
      })
      .then((answer) => report.settle(message, answer))
      .finally(() => underway.delete(asked));
    underway.add(asked);
    return Promise.resolve();
  };
  const answered = async (): Promise<void> => {
    await Promise.all(underway);
  };

  for (const { lineNumber, line } of lines) {
    if (line.type !== 'unreadable') report.place(line.user, lineNumber);
  }
  const packer = openPacker({ stream: run.stream, size: PACK, done: new Map() });
  await sendLines(lines, {
    ...{ packer, send, answered },
    onUnreadable: ({ line, reason }) => report.refuse(line, reason),
  });
  for (const message of packer.flush()) await send(message);
  await answered();
  return report;
}
