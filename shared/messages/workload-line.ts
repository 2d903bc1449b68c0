/** A line of a workload file, `[7] BUY,alice,ABC,10.00`. Source: SPEC §1. */
import type { Command, UnreadableCommand } from '../domain/command.ts';
import type { UserId } from '../domain/identity.ts';
import { expectedForm, type CommandPlace, type LineFault } from './command-fault.ts';
import { readCommand, renderCommandText } from './command-text.ts';
import { parseNumber, splitNumber } from './line-number.ts';
import { DAMAGE_TEXTS, measureLine, type LineDamage, type MeasuredLine } from './line-size.ts';
import { showText } from './show-text.ts';
import { isBlank, splitFields } from './split-fields.ts';

/** A valid line. */
export type CommandLine = {
  readonly type: 'command';
  readonly number: number;
  /** `SYSTEM_USER` for `DUMPLOG,file`. */
  readonly user: UserId;
  readonly command: Command;
};

/**
 * A line with a number and a command's name that is otherwise invalid. It is audited and rejected in the
 * order of its user's commands, or of the system's if its user is not valid.
 */
type UnreadableCommandLine = {
  readonly type: 'unreadable-command';
  readonly number: number;
  readonly user: UserId;
  readonly command: UnreadableCommand;
  readonly fault: LineFault;
};

/** A line that is only reported. If it has a valid number, the number of the next line must be greater. */
type UnreadableLine = {
  readonly type: 'unreadable';
  readonly reason: string;
  readonly fault: LineFault;
  readonly number?: number;
};

export type WorkloadLine =
  CommandLine | UnreadableCommandLine | UnreadableLine | { readonly type: 'blank' };

const NUMBER_PREFIX = '[N] ';

/** Parses a line without its line feed. Its number must be greater than the last valid one. */
export function parseWorkloadLine(
  text: string,
  previousNumber: number,
  damage?: LineDamage,
): WorkloadLine {
  const line = measureLine(text, damage);
  if (isEmpty(line)) return { type: 'blank' };
  const { digits, rest } = splitNumber(line.text);
  const number = parseNumber(digits);
  if (number > previousNumber) return readNumbered(number, line, { rest, prefix: NUMBER_PREFIX });
  const fault = numberFault(digits, { previousNumber, text: line.text });
  const faults = [...damageFaults(line), fault];
  const [name = ''] = splitFields(rest);
  return {
    type: 'unreadable',
    reason: `${faults.join('; ')}; ${expectedForm(name, NUMBER_PREFIX)}`,
    fault: line.damage ?? numberFaultKind(digits),
  };
}

/** Parses a line that gets the given number. A number in brackets may precede it and is ignored. */
export function parseUnnumberedLine(
  text: string,
  number: number,
  damage?: LineDamage,
): WorkloadLine {
  const line = measureLine(text, damage);
  if (isEmpty(line)) return { type: 'blank' };
  return readNumbered(number, line, { rest: splitNumber(line.text).rest, prefix: '' });
}

/** Renders a line as `parseWorkloadLine` reads it. */
export function renderWorkloadLine(line: Omit<CommandLine, 'type'>): string {
  return `[${line.number}] ${renderCommandText(line.user, line.command)}`;
}

function readNumbered(
  number: number,
  line: MeasuredLine,
  { rest, prefix }: { readonly rest: string; readonly prefix: string },
): WorkloadLine {
  const parts = splitFields(rest);
  const fieldCount = parts.length;
  // The last field of a line that was cut may be incomplete.
  if (line.damage === 'over-long') parts.pop();
  const place: CommandPlace = { prefix, damage: line.damage, fieldCount };
  const read = readCommand(parts, place);
  switch (read.type) {
    case 'command':
      return { type: 'command', number, user: read.user, command: read.command };
    case 'unreadable-command':
    case 'unreadable':
      return { ...read, number };
  }
}

const isEmpty = (line: MeasuredLine): boolean => line.damage === undefined && isBlank(line.text);

const damageFaults = ({ damage }: MeasuredLine): readonly string[] =>
  damage === undefined ? [] : [DAMAGE_TEXTS[damage]];

function numberFaultKind(digits: string | undefined): LineFault {
  if (digits === undefined) return 'no-number';
  return parseNumber(digits) === 0 ? 'bad-number' : 'number-not-greater';
}

function numberFault(
  digits: string | undefined,
  { previousNumber, text }: { readonly previousNumber: number; readonly text: string },
): string {
  if (digits === undefined) return `no number in brackets at the start of ${showText(text)}`;
  const number = parseNumber(digits);
  return number === 0
    ? `number ${showText(digits)} is not 1 to ${Number.MAX_SAFE_INTEGER}`
    : `number ${number} is not greater than ${previousNumber}, the last good one`;
}
