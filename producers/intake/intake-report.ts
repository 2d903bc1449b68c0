/** The report on published lines, which the intake sends to their publisher. */
import type { Command, UnreadableCommand } from '../../shared/domain/command.ts';
import type { UserId } from '../../shared/domain/identity.ts';
import type { Answer, Outcome } from '../../shared/messages/answer-message.ts';
import type { UserCommands } from '../../shared/messages/command-message.ts';
import type { NumberedLine } from '../workload/read-workload.ts';

const INTAKE_REPORT_VERSION = 1;
/** The most outcomes of a report, which keeps it readable and far below the broker's message size bound. */
const OUTCOMES_MAX = 1_000;
/** The most faults named in the headers of a parked message, which must fit into one frame. */
const FAULTS_SHOWN_MAX = 20;

type LineOutcome =
  | { readonly line: number; readonly is: 'unreadable'; readonly reason: string }
  | (Outcome & {
      readonly line: number;
      /** Undefined if the line was refused together with its whole text. */
      readonly number?: number;
      readonly user: UserId;
      readonly command: string;
    });

/** Collects the outcome of each line of one message. */
export class IntakeReport {
  /** The stream under which the lines took effect; undefined if the whole message was refused. */
  readonly #stream: string | undefined;
  readonly #counts = { accepted: 0, rejected: 0, done: 0, unreadable: 0 };
  readonly #outcomes: LineOutcome[] = [];
  readonly #faults: string[] = [];
  readonly #linesOf = new Map<UserId, number[]>();
  readonly #placed = new Set<number>();

  constructor(stream: string | undefined) {
    this.#stream = stream;
  }

  /** The report of a message that was refused as a whole. */
  static refused(reason: string): IntakeReport {
    const report = new IntakeReport(undefined);
    report.#faults.push(reason);
    return report;
  }

  /** The report of a message whose id was used for another text: it rejects every line. */
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

  /** The reasons why lines, or the whole text, were refused. */
  get faults(): readonly string[] {
    return this.#faults;
  }

  /** Records the line of the next command of a user, in the order of their positions. */
  place(user: UserId, line: number): void {
    this.#placed.add(line);
    const lines = this.#linesOf.get(user) ?? [];
    lines.push(line);
    this.#linesOf.set(user, lines);
  }

  /** Records an unreadable line. If it was placed as an audited command, its answer gives its outcome. */
  refuse(line: number, reason: string): void {
    this.#faults.push(`line ${line}: ${reason}`);
    if (!this.#placed.has(line)) this.#add({ line, is: 'unreadable', reason });
  }

  /** Adds the outcomes of a message of commands. A command without an outcome counts as `done`. */
  addAnswer({ user, position, commands }: UserCommands, { outcomes }: Answer): void {
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

  /** Renders the report, with at most `OUTCOMES_MAX` outcomes in the order of the lines. */
  render(): object {
    const outcomes = [...this.#outcomes].sort((one, other) => one.line - other.line);
    const all = Object.values(this.#counts).reduce((sum, count) => sum + count, 0);
    const omitted = all > outcomes.length ? all - outcomes.length : undefined;
    return { v: INTAKE_REPORT_VERSION, ...this.summary(), omitted, outcomes };
  }
}

const nameOf = (command: Command | UnreadableCommand): string =>
  command.type === 'UNREADABLE' ? command.name : command.type;

/** Joins the first `FAULTS_SHOWN_MAX` faults into one line. */
export function faultsText(faults: readonly string[]): string {
  const shown = faults.slice(0, FAULTS_SHOWN_MAX);
  const more = faults.length - shown.length;
  return `${shown.join(' · ')}${more > 0 ? ` · and ${more} more` : ''}`;
}
