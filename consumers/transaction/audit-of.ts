/** Makes the audit log entries of a decided command. Pure. Source: SPEC §5.2 and §5.3. */
import type { CommandName } from '../../shared/domain/command-catalogue.ts';
import type { Command, UnreadableCommand } from '../../shared/domain/command.ts';
import { hasOnlyNameCharacters } from '../../shared/domain/dump-file.ts';
import { SYSTEM_USER, type UserId } from '../../shared/domain/identity.ts';
import type { LedgerEntry } from '../../shared/domain/ledger.ts';
import { NO_MONEY, subtract, type Cents } from '../../shared/domain/money.ts';
import type { AuditEntry } from '../../shared/messages/audit-entry.ts';

/** The fields that all audit entries of one command share. */
export type AuditSource = {
  readonly at: number;
  readonly server: string;
  readonly number: number;
  readonly user: UserId;
  readonly stream: string | undefined;
  readonly position: number | undefined;
};

export type CommandFields = {
  readonly command: CommandName;
  readonly symbol?: string | undefined;
  readonly file?: string | undefined;
  readonly funds?: Cents | undefined;
};

/** Returns a command's own fields under the names of the audit log. */
export function fieldsOf(command: Command | UnreadableCommand): CommandFields {
  if (command.type === 'UNREADABLE') {
    const { name, symbol, amount, file } = command;
    return { command: name, symbol, funds: amount, file };
  }
  return {
    command: command.type,
    symbol: 'symbol' in command ? command.symbol : undefined,
    funds: 'amount' in command ? command.amount : 'price' in command ? command.price : undefined,
    file: 'file' in command ? loggedFile(command.file) : undefined,
  };
}

/** Omits a file name that the log cannot hold as it is: the `errorEvent` quotes it. */
const loggedFile = (file: string): string | undefined =>
  hasOnlyNameCharacters(file) ? file : undefined;

/** A `systemEvent` is a command that used a quote whose hit it did not cause, or a trigger that fired. */
export type CommandKind = 'userCommand' | 'systemEvent' | 'errorEvent' | 'debugEvent';

/**
 * Makes one entry of a command. Written out field by field, because two spreads into one object took
 * 13 µs a command here, and a literal of one shape takes a tenth of that.
 */
export const commandEntry = (
  kind: CommandKind,
  source: AuditSource,
  { command, symbol, file, funds }: CommandFields,
  message?: string,
): AuditEntry => ({
  kind,
  at: source.at,
  server: source.server,
  number: source.number,
  user: source.user,
  stream: source.stream,
  position: source.position,
  command,
  symbol,
  file,
  funds,
  action: undefined,
  message,
});

/** Makes the `accountTransaction` of a ledger entry; undefined if the balance does not change. */
export function accountEntry(
  source: AuditSource,
  { balance: change }: LedgerEntry,
): AuditEntry | undefined {
  if (change === NO_MONEY || source.user === SYSTEM_USER) return undefined;
  return {
    kind: 'accountTransaction',
    at: source.at,
    server: source.server,
    number: source.number,
    user: source.user,
    stream: source.stream,
    position: source.position,
    command: undefined,
    symbol: undefined,
    file: undefined,
    funds: change > 0n ? change : subtract(NO_MONEY, change),
    action: change > 0n ? 'add' : 'remove',
    message: undefined,
  };
}
