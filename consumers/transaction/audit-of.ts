/** Which entries of the audit log a decided command gives. Pure. Source: SPEC §5.2 and §5.3. */
import type { Command, CommandName, UnreadableCommand } from '../../shared/domain/command.ts';
import type { DomainEvent } from '../../shared/domain/event.ts';
import { SYSTEM_USER, type UserId } from '../../shared/domain/identity.ts';
import { ledgerEntryOf } from '../../shared/domain/ledger.ts';
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
    file: 'file' in command ? command.file : undefined,
  };
}

export const userCommandEntry = (source: AuditSource, fields: CommandFields): AuditEntry => ({
  ...source,
  kind: 'userCommand',
  ...fields,
});

/** A command that used a quote whose hit it did not cause, or a trigger that fires. */
export const systemEntry = (source: AuditSource, fields: CommandFields): AuditEntry => ({
  ...source,
  kind: 'systemEvent',
  ...fields,
});

export const errorEntry = (
  source: AuditSource,
  fields: CommandFields,
  message: string,
): AuditEntry => ({ ...source, kind: 'errorEvent', ...fields, message });

export const debugEntry = (
  source: AuditSource,
  fields: CommandFields,
  message: string,
): AuditEntry => ({ ...source, kind: 'debugEvent', ...fields, message });

/** One `accountTransaction` for every event that changes the balance. */
export function accountEntries(
  source: AuditSource,
  events: readonly DomainEvent[],
): readonly AuditEntry[] {
  if (source.user === SYSTEM_USER) return [];
  return events.flatMap((event): AuditEntry[] => {
    const change = ledgerEntryOf(event)?.balance ?? NO_MONEY;
    if (change === NO_MONEY) return [];
    const action = change > 0n ? 'add' : 'remove';
    const funds = change > 0n ? change : subtract(NO_MONEY, change);
    return [{ ...source, kind: 'accountTransaction', action, funds }];
  });
}
