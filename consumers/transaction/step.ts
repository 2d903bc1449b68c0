/** One command or firing of a batch, with its source for the audit log. */
import type { Command, FireTrigger, UnreadableCommand } from '../../shared/domain/command.ts';
import type { Portfolio } from '../../shared/domain/portfolio.ts';
import type { Instant } from '../../shared/domain/time.ts';
import { fieldsOf, type AuditSource, type CommandFields } from './audit-of.ts';
import type { Task } from './task.ts';

export type Step = {
  readonly task: Task;
  readonly index: number;
  readonly source: AuditSource;
  readonly command: Command | UnreadableCommand | FireTrigger;
  /** Its quote was requested and is unavailable. */
  readonly quoteUnavailable: boolean;
};

/** Throws a `RangeError` if the message has no command at `index`. */
export function stepOf(
  { task, index, quoteUnavailable }: Pick<Step, 'task' | 'index' | 'quoteUnavailable'>,
  at: { readonly now: Instant; readonly server: string; readonly portfolio: Portfolio },
): Step {
  const { message } = task;
  const { now, server } = at;
  const { user } = message;
  if (message.type === 'firing') {
    const { firing: command } = message;
    const number = armingOf(at.portfolio, command)?.number ?? 1;
    const source = { at: now, server, user, number, stream: undefined, position: undefined };
    return { task, index, source, command, quoteUnavailable };
  }
  const numbered = message.commands[index];
  if (numbered === undefined) throw new RangeError(`the message has no command ${index}`);
  const { number, command } = numbered;
  const { stream } = message;
  const source = { at: now, server, user, number, stream, position: message.position + index };
  return { task, index, source, command, quoteUnavailable };
}

/** Returns the fields that the audit log shows; a firing has those of its trigger's arming command. */
export function commandFieldsOf({ command }: Step, before: Portfolio): CommandFields {
  if (command.type !== 'FIRE_TRIGGER') return fieldsOf(command);
  return {
    command: command.side === 'buy' ? 'SET_BUY_TRIGGER' : 'SET_SELL_TRIGGER',
    symbol: command.symbol,
    funds: armingOf(before, command)?.price,
  };
}

const armingOf = (
  { buyTriggers, sellTriggers }: Portfolio,
  { side, symbol }: FireTrigger,
): { readonly number: number; readonly price: CommandFields['funds'] } | undefined =>
  (side === 'buy' ? buyTriggers : sellTriggers).get(symbol)?.arming;
