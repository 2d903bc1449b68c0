/** Checks of what must hold after every step, under any fault. Each names the first violation. */
import type { Answered } from '../../shared/amqp/command-desk.ts';
import type { Publication } from '../../shared/amqp/publisher.ts';
import type { UserId } from '../../shared/domain/identity.ts';
import { PARKED_EXCHANGE } from '../../shared/messages/address.ts';
import { parseAnswerMessage, type Outcome } from '../../shared/messages/answer-message.ts';
import { parseCommandMessage, type UserCommands } from '../../shared/messages/command-message.ts';
import { BALANCE_MAX } from '../../shared/domain/money.ts';
import { keyId, type LedgerLine } from '../../shared/ports/batch-store.ts';
import type { MemoryDatabase } from '../support/memory-database.ts';
import { auditRowsIn, type AuditRow, type UserRows } from '../support/memory-tables.ts';
import type { LegacyHit } from './legacy-server.ts';
import type { Message } from './broker.ts';

/** The commit of a command, noted when it is first seen in the outbox. */
export type Decided = {
  readonly row: AuditRow;
  /** Why it was rejected. */
  readonly rejected: string | undefined;
};

export class Violation extends Error {}

const demand = (holds: boolean, what: () => string): void => {
  if (!holds) throw new Violation(what());
};

export const commandKey = (user: string, stream: string, position: number): string =>
  `${user} ${stream} ${position}`;

export class Checkers {
  /** Commands in the order in which they were committed. */
  readonly decided: Map<string, Decided> = new Map<string, Decided>();
  readonly #database: MemoryDatabase;
  readonly #quoteLifetimeMs: number;
  readonly #last = new Map<string, number>();
  readonly #audited = new Set<string>();
  readonly #gaps = new Set<string>();
  readonly #seen = new Set<string>();
  #commits = 0;
  #auditSeen = 0;

  constructor(database: MemoryDatabase, quoteLifetimeMs: number) {
    this.#database = database;
    this.#quoteLifetimeMs = quoteLifetimeMs;
  }

  /** Checks after every step. Without a commit since the last check, there is nothing new to check. */
  check(): void {
    if (this.#database.commits === this.#commits) return;
    this.#commits = this.#database.commits;
    this.#readOutbox();
    this.#readAudit();
    for (const [user, rows] of this.#database.tables.users) {
      nothingNegative(user, rows);
      sumsOfTheLedger(user, rows);
      firedOnce(user, rows.ledger);
    }
  }

  /** The positions of a stream follow each other, each once. */
  #readOutbox(): void {
    for (const { id, body } of this.#database.tables.outbox.values()) {
      if (this.#seen.has(id)) continue;
      this.#seen.add(id);
      for (const row of auditRowsIn(body)) this.#note(row);
    }
  }

  #note(row: AuditRow): void {
    const { kind, user, stream, position } = row;
    if (stream === undefined || position === undefined) return;
    const key = commandKey(user, stream, position);
    const decided = this.decided.get(key);
    if (kind === 'userCommand') {
      demand(decided === undefined, () => `${key} took effect twice`);
      const last = this.#last.get(`${user} ${stream}`) ?? 0;
      demand(position === last + 1, () => `${key} was decided after position ${last}`);
      this.#last.set(`${user} ${stream}`, position);
      this.decided.set(key, { row, rejected: undefined });
    } else if (kind === 'errorEvent' && decided !== undefined) {
      const [rejected] = row.message?.split(':') ?? [];
      this.decided.set(key, { row: decided.row, rejected });
    }
  }

  #readAudit(): void {
    const { audit } = this.#database.tables;
    for (; this.#auditSeen < audit.length; this.#auditSeen += 1) {
      const row = audit[this.#auditSeen];
      if (row === undefined) return;
      const id = `${row.outboxId}/${row.index}`;
      demand(!this.#audited.has(id), () => `${row.kind} ${row.number} (${id}) was audited twice`);
      this.#audited.add(id);
    }
  }

  /** Checks at the end that everything decided is in the log. */
  allAudited(): void {
    const { outbox, audit } = this.#database.tables;
    demand(outbox.size === 0, () => `${outbox.size} audit messages were never stored`);
    const logged = audit.filter(
      ({ kind, stream }) => kind === 'userCommand' && stream !== undefined,
    );
    demand(
      logged.length === this.decided.size,
      () => `${logged.length} commands are in the log, ${this.decided.size} were decided`,
    );
  }

  onPublish(publication: Publication): void {
    if (publication.exchange === PARKED_EXCHANGE) throw new Violation('a message was parked');
    if (publication.type !== 'answers') return;
    for (const { id, expected } of parseAnswerMessage(publication.body).answers) {
      if (expected !== undefined) this.#gaps.add(id);
    }
  }

  /** The broker may forget a message only if it is done, or if its sender was told to send it again. */
  onAck({ type, body, messageId }: Message): void {
    if (type !== 'commands' || this.#gaps.has(messageId)) return;
    const message = parseCommandMessage(body);
    if (message.type === 'firing') return;
    const { user, stream } = message;
    const end = message.position + message.commands.length - 1;
    const { users, keys } = this.#database.tables;
    const last =
      message.key === undefined
        ? (users.get(user)?.streams.get(stream)?.last ?? 0)
        : Number(keys.has(keyId(message.key)));
    demand(last >= end, () => `${commandKey(user, stream, end)} was acked, but not committed`);
  }

  /** A producer is told only outcomes that were committed. */
  onAnswer({ message, answer }: Answered): void {
    answer.outcomes.forEach((outcome, index) => this.#checkOutcome(message, index, outcome));
  }

  #checkOutcome({ user, stream, position }: UserCommands, index: number, outcome: Outcome): void {
    const key = commandKey(user, stream, position + index);
    const decided = this.decided.get(key);
    demand(decided !== undefined, () => `${key} was answered, but not committed`);
    const told = outcome.is === 'rejected' ? outcome.reason : undefined;
    demand(
      outcome.is === 'done' || told === decided?.rejected,
      () => `${key} was answered ${told ?? 'accepted'}, but is ${decided?.rejected ?? 'accepted'}`,
    );
  }

  /** A hit costs money, so none is made while a quote is fresh or is being requested. */
  onHit({ symbol, process }: LegacyHit, open: ReadonlySet<LegacyHit>): void {
    const now = this.#database.now();
    const fresh = this.#database.tables.history.find(
      ({ quote }) =>
        quote.symbol === symbol &&
        quote.receivedAt <= now &&
        now < quote.receivedAt + this.#quoteLifetimeMs,
    );
    demand(
      fresh === undefined,
      () => `${process.name} hit for ${symbol}, of which a quote is fresh`,
    );
    const others = [...open].filter(
      (hit) => hit.symbol === symbol && hit.process.isAlive && hit.process.pausedUntil <= 0,
    );
    demand(others.length === 0, () => `${process.name} hit for ${symbol} while another is asked`);
  }
}

function nothingNegative(user: UserId, rows: UserRows): void {
  const { account, holdings, orders, buyTriggers, sellTriggers } = rows;
  const balance = account?.balance ?? 0n;
  demand(balance >= 0n && balance <= BALANCE_MAX, () => `${user}: balance ${balance}`);
  for (const [symbol, shares] of holdings)
    demand(shares >= 0n, () => `${user}: ${shares} ${symbol}`);
  for (const [symbol, { amount }] of buyTriggers) {
    demand(amount > 0n, () => `${user}: reserve ${amount} for ${symbol}`);
  }
  for (const [symbol, { arming }] of sellTriggers) {
    demand(arming === undefined || arming.shares > 0n, () => `${user}: no reserve of ${symbol}`);
  }
  const held = sum([...orders.values()], ({ side, shares, price }) =>
    side === 'buy' ? shares * price : 0n,
  );
  demand(held <= balance, () => `${user}: ${held} are held of ${balance}`);
  for (const [symbol, shares] of holdings) {
    const sold = sum([...orders.values()], (order) =>
      order.side === 'sell' && order.symbol === symbol ? order.shares : 0n,
    );
    demand(sold <= shares, () => `${user}: ${sold} of ${shares} ${symbol} are held`);
  }
}

function sumsOfTheLedger(user: UserId, rows: UserRows): void {
  const { account, holdings, buyTriggers, sellTriggers, ledger } = rows;
  const same = (what: string, is: bigint, should: bigint): void =>
    demand(is === should, () => `${user}: ${what} is ${is}, its ledger says ${should}`);
  const reserve = sum([...buyTriggers.values()], ({ amount }) => amount);
  const balance = account?.balance ?? 0n;
  same(
    'balance',
    balance,
    sum(ledger, (line) => line.balance),
  );
  same(
    'reserve',
    reserve,
    sum(ledger, (line) => line.reserve),
  );
  const put = sum(ledger, ({ deposited, traded }) => deposited + traded);
  same('money', balance + reserve, put);
  for (const symbol of new Set(ledger.flatMap((line) => line.symbol ?? []))) {
    const own = ledger.filter((line) => line.symbol === symbol);
    same(
      `holding of ${symbol}`,
      holdings.get(symbol) ?? 0n,
      sum(own, (line) => line.holding),
    );
    const reserved = sellTriggers.get(symbol)?.arming?.shares ?? 0n;
    same(
      `reserve of ${symbol}`,
      reserved,
      sum(own, (line) => line.reservedShares),
    );
  }
}

function firedOnce(user: UserId, ledger: readonly LedgerLine[]): void {
  const fired = ledger.filter(({ event }) => event.endsWith('Fired')).map((line) => line.armingId);
  demand(new Set(fired).size === fired.length, () => `${user}: an arming fired twice`);
}

const sum = <Item>(items: readonly Item[], of: (item: Item) => bigint): bigint =>
  items.reduce((total, item) => total + of(item), 0n);
