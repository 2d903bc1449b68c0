/** Collects the rows that a batch saves beside the portfolios: audit entries, ledger lines, dumps. */
import type { Command } from '../../shared/domain/command.ts';
import type { Decision } from '../../shared/domain/decision.ts';
import type { DomainEvent } from '../../shared/domain/event.ts';
import type { UserId } from '../../shared/domain/identity.ts';
import { ledgerEntryOf, type LedgerEntry } from '../../shared/domain/ledger.ts';
import type { AuditEntry } from '../../shared/messages/audit-entry.ts';
import {
  RECENT_MAX,
  type DumpRequest,
  type LedgerLine,
  type RecentEntry,
} from '../../shared/ports/batch-store.ts';
import { accountEntry, commandEntry, type AuditSource, type CommandFields } from './audit-of.ts';
import { recentEntryOf } from './recent-entry.ts';
import type { Step } from './step.ts';
import type { Task } from './task.ts';

type Accepted = Extract<Decision, { type: 'accepted' }>;
type DumpCommand = Extract<Command, { type: 'DUMPLOG' }>;

/** The rows of one batch, in the order in which its commands are decided. */
export class BatchRecord {
  readonly audit: AuditEntry[] = [];
  readonly ledger: LedgerLine[] = [];
  readonly dumps: DumpRequest[] = [];
  /** Dumps whose requester repeats an earlier `DUMPLOG`. */
  readonly dumpsAskedAgain: DumpRequest[] = [];

  /** `foreignQuote` says that the command used a quote whose hit another command caused. */
  acceptCommand(
    { source }: Step,
    { events }: Accepted,
    { fields, foreignQuote }: { readonly fields: CommandFields; readonly foreignQuote: boolean },
  ): void {
    this.audit.push(commandEntry('userCommand', source, fields));
    if (foreignQuote) this.audit.push(commandEntry('systemEvent', source, fields));
    if (events.some(isFiring)) this.audit.push(commandEntry('systemEvent', source, fields));
    this.#recordMovements(source, events);
  }

  acceptFiring({ source }: Step, { events }: Accepted, fields: CommandFields): void {
    const [event] = events;
    // The arming is gone, or its price is no longer met: nothing happened.
    if (event === undefined) return;
    if (isFiring(event)) this.audit.push(commandEntry('systemEvent', source, fields));
    else
      this.audit.push(
        commandEntry('errorEvent', source, fields, 'balance-limit: the trigger was cancelled'),
      );
    this.#recordMovements(source, events);
  }

  /** Audits a rejection. A refused firing has no `userCommand`, because no user gave it. */
  reject(
    { source, command }: Step,
    {
      fields,
      foreignQuote,
      message,
    }: {
      readonly fields: CommandFields;
      readonly foreignQuote: boolean;
      readonly message: string;
    },
  ): void {
    if (command.type !== 'FIRE_TRIGGER')
      this.audit.push(commandEntry('userCommand', source, fields));
    if (foreignQuote) this.audit.push(commandEntry('systemEvent', source, fields));
    this.audit.push(commandEntry('errorEvent', source, fields, message));
  }

  /** Adds the `debugEvent` of a decided command, accepted or rejected. */
  debug({ source, task }: Step, fields: CommandFields): void {
    const message = `message ${task.delivery.messageId} decided by ${source.server}`;
    this.audit.push(commandEntry('debugEvent', source, fields, message));
  }

  askDump(task: Task, position: number, command: DumpCommand): void {
    this.dumps.push(dumpOf(task, position, command));
  }

  askDumpAgain(task: Task, position: number, command: DumpCommand): void {
    this.dumpsAskedAgain.push(dumpOf(task, position, command));
  }

  /** Returns the latest ledger entries of a user, latest first: those of this batch before `known`. */
  latestOf(user: UserId, known: readonly RecentEntry[]): readonly RecentEntry[] {
    const fresh = this.ledger.filter((line) => line.user === user).map(recentEntryOf);
    return [...fresh.reverse(), ...known].slice(0, RECENT_MAX);
  }

  #recordMovements(source: AuditSource, events: readonly DomainEvent[]): void {
    for (const event of events) {
      const entry = ledgerEntryOf(event);
      if (entry === undefined) continue;
      const audited = accountEntry(source, entry);
      if (audited !== undefined) this.audit.push(audited);
      this.ledger.push(ledgerLineOf(source, entry));
    }
  }
}

/** Written field by field for speed, like `commandEntry`. */
const ledgerLineOf = (source: AuditSource, entry: LedgerEntry): LedgerLine => ({
  user: source.user,
  at: source.at,
  stream: source.stream,
  position: source.position,
  number: source.number,
  event: entry.event,
  symbol: entry.symbol,
  price: entry.price,
  armingId: entry.armingId,
  balance: entry.balance,
  reserve: entry.reserve,
  deposited: entry.deposited,
  traded: entry.traded,
  holding: entry.holding,
  reservedShares: entry.reservedShares,
  tradedShares: entry.tradedShares,
});

const isFiring = ({ type }: DomainEvent): boolean =>
  type === 'BuyTriggerFired' || type === 'SellTriggerFired';

function dumpOf({ delivery, message }: Task, position: number, command: DumpCommand): DumpRequest {
  if (message.type !== 'commands') throw new TypeError('only a command asks for a dump');
  const { user, stream } = message;
  const number = message.commands[position - message.position]?.number ?? position;
  const { file, scope } = command;
  const { replyTo, messageId: correlationId } = delivery;
  return { user, stream, position, number, scope, file, replyTo, correlationId };
}
