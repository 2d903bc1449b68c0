/** Which entries of the audit log a decided command gives. Pure. Source: SPEC §5.2 and §5.3. */
import type { Command, CommandName, UnreadableCommand } from '../../shared/domain/command.ts';
import { hasOnlyNameCharacters } from '../../shared/domain/dump-file.ts';
import { SYSTEM_USER, type UserId } from '../../shared/domain/identity.ts';
import type { LedgerEntry } from '../../shared/domain/ledger.ts';
import { NO_MONEY, subtract, type Cents } from '../../shared/domain/money.ts';
import type { AuditEntry } from '../../shared/messages/audit-entry.ts';

/** What all entries of one command have in common. */
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

/** A command's own fields as the log names them. */
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

/** A name that no text can hold is left out: the `errorEvent` quotes it. */
const loggedFile = (file: string): string | undefined =>
  hasOnlyNameCharacters(file) ? file : undefined;

/** `systemEvent`: a command that used a quote whose hit it did not cause, or a trigger that fires. */
export type CommandKind = 'userCommand' | 'systemEvent' | 'errorEvent' | 'debugEvent';

/**
 * An entry of a command. Written out field by field: two spreads into one object cost 13 µs a
 * command here, a literal of one shape a tenth of that.
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

/** The `accountTransaction` of a movement that changes the balance. */
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
