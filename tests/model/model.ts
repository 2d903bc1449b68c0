import type { Account } from './account.ts';
import { accountLineOf } from './account-line.ts';
import type { AccountLine } from './account-line.ts';
import { attempt } from './attempt.ts';
import type { Attempt } from './attempt.ts';
import type { AuditEntry } from './audit-entry.ts';
import { ruleOf } from './command.ts';
import type { Command } from './command.ts';
import { fieldsOf } from './command-fields.ts';
import { fire } from './fire.ts';
import type { Firing, FiringOutcome } from './fire.ts';
import { QuoteNeeds } from './quote-needs.ts';
import { demand } from './rejection.ts';
import type { RejectionCode } from './rejection.ts';
import type { LineContent, UnreadableCommand } from './workload-line.ts';

export interface ModelOptions {
  /** What a quote of the symbol gives this command then, in cents; null where none is to be had. */
  readonly price: (symbol: string, instant: number, number: number) => bigint | null;
  readonly orderLifetimeMs?: number;
}

/** What a command meets: `instant` is its execution time in milliseconds. */
export interface Circumstances {
  readonly instant: number;
  readonly deadline?: number;
  readonly administrator?: boolean;
  /** A planted fault: the command ends as an internal rejection. */
  readonly internal?: boolean;
}

export interface Rejection {
  readonly number: number;
  readonly user: string | null;
  readonly code: RejectionCode;
}

const WITHOUT_ACCOUNT: ReadonlySet<Command['name']> = new Set(['ADD', 'QUOTE', 'DUMPLOG']);

/** SPEC §1–3 and §5 the naive way: one command after the other, no concurrency, no storage. */
export class Model {
  readonly rejections: Rejection[] = [];
  readonly audit: AuditEntry[] = [];
  readonly quotes: QuoteNeeds = new QuoteNeeds();
  readonly #accounts = new Map<string, Account>();
  readonly #price: ModelOptions['price'];
  readonly #orderLifetimeMs: number;

  constructor({ price, orderLifetimeMs = 60_000 }: ModelOptions) {
    this.#price = price;
    this.#orderLifetimeMs = orderLifetimeMs;
  }

  /** Does a line of a workload file, whatever it holds. */
  take(line: LineContent, circumstances: Circumstances): RejectionCode | null {
    if (line.kind === 'command') return this.execute(line.command, circumstances);
    if (line.audited !== null) this.#rejectUnreadable(line.audited);
    return 'unreadable';
  }

  /** Does a command; null where it takes effect. */
  execute(command: Command, circumstances: Circumstances): RejectionCode | null {
    const { number, user } = command;
    const fields = fieldsOf(command);
    this.audit.push({ kind: 'userCommand', transactionNum: number, ...fields });
    const outcome = this.#try(command, circumstances);
    if (!outcome.done) {
      const { code } = outcome;
      this.rejections.push({ number, user, code });
      this.audit.push({
        kind: 'errorEvent',
        transactionNum: number,
        ...fields,
        code,
        quoted: [],
      });
      return code;
    }
    this.audit.push(...outcome.entries);
    // Any other command of a user without an account has none to keep.
    if (user !== null && (command.name === 'ADD' || this.#accounts.has(user)))
      this.#accounts.set(user, outcome.account);
    return null;
  }

  /** Lets every armed trigger that a changed price meets fire; how many did. */
  quoteChanged(symbol: string, price: bigint, instant: number): number {
    const sides = ['buy', 'sell'] as const;
    return [...this.#accounts.keys()]
      .flatMap((user) => sides.map((side) => this.fire({ user, symbol, side, price, instant })))
      .filter((outcome) => outcome === 'fired').length;
  }

  /** One later firing: re-checked against this price and, if given, this arming. */
  fire(firing: Firing): FiringOutcome {
    const account = this.#accounts.get(firing.user);
    if (account === undefined) return 'gone';
    const result = fire(account, firing, this.#orderLifetimeMs);
    if (result.account !== null) this.#accounts.set(firing.user, result.account);
    this.audit.push(...result.entries);
    return result.outcome;
  }

  /** The accounts file of then: expired orders are absent. */
  accounts(instant: number): readonly AccountLine[] {
    return [...this.#accounts]
      .map(([user, account]) => accountLineOf(user, account, instant, this.#orderLifetimeMs))
      .sort((one, other) => (one.user < other.user ? -1 : 1));
  }

  #try(command: Command, circumstances: Circumstances): Attempt {
    const { instant, deadline, administrator = true, internal = false } = circumstances;
    const { number } = command;
    const stored = command.user === null ? undefined : this.#accounts.get(command.user);
    const quote = (symbol: string): bigint | null => {
      const price = this.#price(symbol, instant, number);
      this.quotes.all.push({ symbol, number, instant, price });
      return price;
    };
    const orderLifetimeMs = this.#orderLifetimeMs;
    return attempt({ stored, command, instant, orderLifetimeMs, quote }, (step) => {
      demand(deadline === undefined || instant <= deadline, 'too-late');
      demand(stored !== undefined || WITHOUT_ACCOUNT.has(command.name), 'account-unknown');
      ruleOf(command, administrator)(step);
      demand(!internal, 'internal');
    });
  }

  #rejectUnreadable({ number, fields, quoted }: UnreadableCommand): void {
    const entry = { transactionNum: number, ...fields };
    const code = 'unreadable';
    this.rejections.push({ number, user: fields.username ?? null, code });
    this.audit.push({ kind: 'userCommand', ...entry });
    this.audit.push({ kind: 'errorEvent', ...entry, code, quoted });
  }
}
