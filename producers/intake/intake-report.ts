/** What is answered to whoever published lines by hand. */
import type { Command, UnreadableCommand } from '../../shared/domain/command.ts';
import type { UserId } from '../../shared/domain/identity.ts';
import type { Answer, Outcome } from '../../shared/messages/answer-message.ts';
import type { UserCommands } from '../../shared/messages/command-message.ts';
import type { NumberedLine } from '../workload/read-workload.ts';

export const INTAKE_REPORT_VERSION = 1;
/** An answer stays readable, and far below the broker's bound: what is beyond is only counted. */
const OUTCOMES_MAX = 1_000;
/** A parked message's headers must fit into one frame. */
const FAULTS_SHOWN_MAX = 20;

export type LineOutcome =
  | { readonly line: number; readonly is: 'unreadable'; readonly reason: string }
  | (Outcome & {
      readonly line: number;
      /** Undefined where the line was refused with its whole text. */
      readonly number?: number;
      readonly user: UserId;
      readonly command: string;
    });

export class IntakeReport {
  /** Under which stream the lines took effect; undefined where the whole message was refused. */
  readonly #stream: string | undefined;
  readonly #counts = { accepted: 0, rejected: 0, done: 0, unreadable: 0 };
  readonly #outcomes: LineOutcome[] = [];
  readonly #faults: string[] = [];
  readonly #linesOf = new Map<UserId, number[]>();
  readonly #placed = new Set<number>();

  constructor(stream: string | undefined) {
    this.#stream = stream;
  }

  static refused(reason: string): IntakeReport {
    const report = new IntakeReport(undefined);
    report.#faults.push(reason);
    return report;
  }

  /** The id belongs to another text: no line is done, and each is answered. */
  static ofOtherText(lines: readonly NumberedLine[], messageId: string): IntakeReport {
    const message = `the message_id ${messageId} was used for other lines`;
    const report = IntakeReport.refused(`${message}; publish these under another`);
    for (const { lineNumber, line } of lines) {
      if (line.type === 'unreadable') report.refuse(lineNumber, line.reason);
      else {
        const { user } = line;
        const command = nameOf(line.command);
        const reason = 'key-reused';
        report.#add({ line: lineNumber, user, command, is: 'rejected', reason, message });
      }
    }
    return report;
  }

  /** Why a line, or the whole text, could not be read or done. */
  get faults(): readonly string[] {
    return this.#faults;
  }

  /** Where the next command of a user stands in the text. */
  place(user: UserId, line: number): void {
    this.#placed.add(line);
    const lines = this.#linesOf.get(user) ?? [];
    lines.push(line);
    this.#linesOf.set(user, lines);
  }

  /** A line that cannot be read. Where it makes a command that is audited, its answer settles it. */
  refuse(line: number, reason: string): void {
    this.#faults.push(`line ${line}: ${reason}`);
    if (!this.#placed.has(line)) this.#add({ line, is: 'unreadable', reason });
  }

  settle({ user, position, commands }: UserCommands, { outcomes }: Answer): void {
    commands.forEach(({ number, command }, index) => {
      this.#add({
        line: this.#linesOf.get(user)?.[position + index - 1] ?? 0,
        number,
        user,
        command: nameOf(command),
        ...(outcomes[index] ?? { is: 'done' }),
      });
    });
  }

  #add(outcome: LineOutcome): void {
    this.#counts[outcome.is] += 1;
    if (this.#outcomes.length < OUTCOMES_MAX) this.#outcomes.push(outcome);
  }

  summary(): Readonly<Record<string, string | number | undefined>> {
    const refused = this.#stream === undefined ? this.#faults[0] : undefined;
    return { stream: this.#stream, refused, ...this.#counts };
  }

  /** Its outcomes in the order of the lines, as far as they are kept. */
  render(): object {
    const outcomes = [...this.#outcomes].sort((one, other) => one.line - other.line);
    const all = Object.values(this.#counts).reduce((sum, count) => sum + count, 0);
    const omitted = all > outcomes.length ? all - outcomes.length : undefined;
    return { v: INTAKE_REPORT_VERSION, ...this.summary(), omitted, outcomes };
  }
}

const nameOf = (command: Command | UnreadableCommand): string =>
  command.type === 'UNREADABLE' ? command.name : command.type;

export function faultsText(faults: readonly string[]): string {
  const shown = faults.slice(0, FAULTS_SHOWN_MAX);
  const more = faults.length - shown.length;
  return `${shown.join(' · ')}${more > 0 ? ` · and ${more} more` : ''}`;
}
