/**
 * The record of one decided command. Its answer, audit entries, ledger lines and metrics are pure
 * functions of this value.
 */
import type { CommandName } from '../../shared/domain/command-catalogue.ts';
import type { Command, FireTrigger, UnreadableCommand } from '../../shared/domain/command.ts';
import type { Decision } from '../../shared/domain/decision.ts';
import { hasOnlyNameCharacters } from '../../shared/domain/dump-file.ts';
import { dumpPath } from '../../shared/domain/dump-path.ts';
import type { StockSymbol, UserId } from '../../shared/domain/identity.ts';
import type { LedgerEntry } from '../../shared/domain/ledger.ts';
import type { Cents } from '../../shared/domain/money.ts';
import type { Portfolio } from '../../shared/domain/portfolio.ts';
import type { Instant } from '../../shared/domain/time.ts';
import {
  renderEventAnswer,
  renderSummaryAnswer,
  type Outcome,
} from '../../shared/messages/answer-message.ts';
import type { Asker } from '../../shared/messages/quote-message.ts';
import type { RecentEntry } from '../../shared/ports/batch-store.ts';
import type { Task } from './lanes.ts';

/** Identifies a command. A firing has no stream and no position, and the number of its arming command. */
export type CommandSource = {
  /** The database's time in the transaction that decides it. */
  readonly at: Instant;
  /** The name of the process that decides it. */
  readonly server: string;
  readonly number: number;
  readonly user: UserId;
  readonly stream: string | undefined;
  readonly position: number | undefined;
};

/** A command or a firing of a batch. */
export type GivenCommand = {
  /** The delivery of its message. */
  readonly delivery: Task['delivery'];
  readonly source: CommandSource;
  readonly command: Command | UnreadableCommand | FireTrigger;
};

/** A command that was decided in an earlier transaction, or whose key was used for another body. */
export type RepeatedCommand = GivenCommand & { readonly outcome: Outcome };

export type DecidedCommand = GivenCommand & {
  readonly decision: FinalDecision;
  /** Why it was rejected, for a person; undefined if it was accepted. */
  readonly reason: string | undefined;
  /** The command's own fields in the audit log. */
  readonly fields: AuditFields;
  /** The entries of its events that move money or shares. */
  readonly entries: readonly LedgerEntry[];
  /** Whether this command or another one caused the hit of the quote it used; undefined if it used none. */
  readonly hitBy: 'itself' | 'another' | undefined;
  /** Whether it had to wait for its quote. */
  readonly hasWaited: boolean;
  /** The user's portfolio after it. */
  readonly after: Portfolio;
  /** The user's latest ledger entries, the latest first, if it asks for a summary; otherwise empty. */
  readonly recent: readonly RecentEntry[];
};

export type FinalDecision = Exclude<Decision, { readonly type: 'quote-needed' }>;

/** A quote without which a command cannot be decided, and the command that asks for it. */
export type QuoteNeed = { readonly symbol: StockSymbol; readonly asker: Asker };

/** The fields of a command under the names of the audit log. */
type AuditFields = {
  readonly command: CommandName;
  readonly symbol?: string | undefined;
  readonly file?: string | undefined;
  readonly funds?: Cents | undefined;
};

/**
 * Returns the command of a message at `index`, with its source. Throws a `RangeError` if the message has
 * none there. `portfolio` is that of its user before the command.
 */
export function givenAt(
  { delivery, message }: Task,
  index: number,
  by: { readonly now: Instant; readonly server: string; readonly portfolio: Portfolio },
): GivenCommand {
  const { now: at, server } = by;
  const { user } = message;
  if (message.type === 'firing') {
    const command = message.firing;
    const number = armingOf(by.portfolio, command)?.number ?? 1;
    const source = { at, server, number, user, stream: undefined, position: undefined };
    return { delivery, source, command };
  }
  const numbered = message.commands[index];
  if (numbered === undefined) throw new RangeError(`the message has no command ${index}`);
  const { number, command } = numbered;
  const { stream } = message;
  const source = { at, server, number, user, stream, position: message.position + index };
  return { delivery, source, command };
}

/** Returns the fields that the audit log shows; a firing has those of the command that armed its trigger. */
export function fieldsOf(command: GivenCommand['command'], before: Portfolio): AuditFields {
  if (command.type === 'UNREADABLE') {
    const { name, symbol, amount, file } = command;
    return { command: name, symbol, file, funds: amount };
  }
  if (command.type === 'FIRE_TRIGGER') {
    return {
      command: command.side === 'buy' ? 'SET_BUY_TRIGGER' : 'SET_SELL_TRIGGER',
      symbol: command.symbol,
      file: undefined,
      funds: armingOf(before, command)?.price,
    };
  }
  return {
    command: command.type,
    symbol: 'symbol' in command ? command.symbol : undefined,
    file: 'file' in command ? loggedFile(command.file) : undefined,
    funds: 'amount' in command ? command.amount : 'price' in command ? command.price : undefined,
  };
}

/** Omits a file name that the log cannot hold as it is: the `errorEvent` quotes it. */
const loggedFile = (file: string): string | undefined =>
  hasOnlyNameCharacters(file) ? file : undefined;

const armingOf = (
  { buyTriggers, sellTriggers }: Portfolio,
  { side, symbol }: FireTrigger,
): { readonly number: number; readonly price: Cents } | undefined =>
  (side === 'buy' ? buyTriggers : sellTriggers).get(symbol)?.arming;

/** Returns the outcome of a decided command for its requester. */
export function outcomeOf(decided: DecidedCommand): Outcome {
  const { command, decision, reason = '' } = decided;
  if (decision.type === 'rejected') {
    return { is: 'rejected', reason: decision.rejection, message: reason };
  }
  if (command.type === 'DISPLAY_SUMMARY') {
    return { is: 'accepted', answer: renderSummaryAnswer(decided.after, decided.recent) };
  }
  if (command.type === 'DUMPLOG') {
    // The dump is accepted, and an audit process will write it.
    const { user, stream = '' } = decided.source;
    const { file, scope } = command;
    const path = dumpPath({ user, scope, stream }, file);
    return { is: 'accepted', answer: { dump: 'asked', file, path } };
  }
  const { events, usedPrice } = decision;
  return {
    is: 'accepted',
    answer: {
      balance: Number(decided.after.balance),
      ...(usedPrice !== undefined && { price: Number(usedPrice) }),
      ...(events.length > 0 && { events: events.map(renderEventAnswer) }),
    },
  };
}
