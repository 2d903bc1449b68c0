/** Everything a batch decides, in memory: pure but for the ids and quotes it is handed. */
import type { Command, FireTrigger, UnreadableCommand } from '../../shared/domain/command.ts';
import { decide } from '../../shared/domain/decide.ts';
import type { Decision } from '../../shared/domain/decision.ts';
import type { DomainEvent } from '../../shared/domain/event.ts';
import { evolve } from '../../shared/domain/evolve.ts';
import type { ArmingId, StockSymbol, UserId } from '../../shared/domain/identity.ts';
import { brokenInvariant, isBalanced } from '../../shared/domain/invariant.ts';
import { ledgerEntryOf } from '../../shared/domain/ledger.ts';
import { EMPTY_PORTFOLIO, withoutExpired, type Portfolio } from '../../shared/domain/portfolio.ts';
import type { Quote } from '../../shared/domain/quote.ts';
import { describeRejection } from '../../shared/domain/rejection.ts';
import type { Instant } from '../../shared/domain/time.ts';
import { parseOutcome, type Outcome } from '../../shared/messages/answer-message.ts';
import type { AuditEntry } from '../../shared/messages/audit-entry.ts';
import type { UserCommands } from '../../shared/messages/command-message.ts';
import type { Asker, ReceivedQuote } from '../../shared/messages/quote-message.ts';
import type { DumpRequest } from '../../shared/pg/dumps.ts';
import {
  RECENT_MAX,
  recentEntryOf,
  type LedgerLine,
  type RecentEntry,
} from '../../shared/pg/ledger.ts';
import type { PortfolioChange } from '../../shared/pg/portfolios-save.ts';
import {
  NEW_STREAM,
  streamKey,
  type StreamAdvance,
  type StreamState,
} from '../../shared/pg/streams.ts';
import { acceptedOutcome, rejectedOutcome, summaryOutcome } from './answer-of.ts';
import {
  accountEntries,
  debugEntry,
  errorEntry,
  fieldsOf,
  systemEntry,
  userCommandEntry,
  type AuditSource,
  type CommandFields,
} from './audit-of.ts';
import { askerId, type LaneWork, type Slice, type Task } from './task.ts';

/** What was loaded under the users' locks, all at one instant. */
export type Loaded = {
  readonly now: Instant;
  readonly portfolios: ReadonlyMap<UserId, Portfolio>;
  readonly streams: ReadonlyMap<string, StreamState>;
  readonly recent: ReadonlyMap<UserId, readonly RecentEntry[]>;
};

export type BatchContext = {
  /** The name of this process. */
  readonly server: string;
  readonly orderLifetimeMs: number;
  /** The symbol's quote, if it is fresh at that instant. */
  readonly freshQuote: (symbol: StockSymbol, now: Instant) => ReceivedQuote | undefined;
  readonly newArmingId: () => ArmingId;
  /** The batch's one command is refused as `internal`: writing its effects failed for good. */
  readonly refuse: boolean;
  readonly debug: boolean;
  readonly onDefect: (what: string, source: AuditSource) => void;
};

/** What became of one slice; `outcomes` may be fewer than its commands where a quote is needed. */
export type SliceResult = {
  readonly task: Task;
  readonly outcomes: readonly Outcome[];
  /** The message starts after a gap: positions from this one on are to be sent again. */
  readonly expected?: number;
};

export type LaneResult = {
  readonly user: UserId;
  readonly slices: readonly SliceResult[];
  /** The lane waits for this quote before its next command. */
  readonly needs?: { readonly symbol: StockSymbol; readonly asker: Asker };
};

export type BatchResult = {
  readonly lanes: readonly LaneResult[];
  readonly changes: readonly PortfolioChange[];
  readonly ledger: readonly LedgerLine[];
  readonly audit: readonly AuditEntry[];
  readonly advances: readonly StreamAdvance[];
  readonly dumps: readonly DumpRequest[];
  /** Dumps asked for before, whose requester asks again. */
  readonly dumpsAskedAgain: readonly DumpRequest[];
};

export function decideBatch(
  lanes: readonly LaneWork[],
  loaded: Loaded,
  context: BatchContext,
): BatchResult {
  const decider = new BatchDecider(loaded, context);
  const results = lanes.map((lane) => decider.decideLane(lane));
  return decider.resultOf(results);
}

/** One command, or firing, with where it stands. */
type Step = {
  readonly task: Task;
  readonly index: number;
  readonly source: AuditSource;
  readonly command: Command | UnreadableCommand | FireTrigger;
  readonly quoteUnavailable: boolean;
};

class BatchDecider {
  readonly #loaded: Loaded;
  readonly #context: BatchContext;
  readonly #changes: PortfolioChange[] = [];
  readonly #ledger: LedgerLine[] = [];
  readonly #audit: AuditEntry[] = [];
  readonly #streams: Map<string, StreamState>;
  readonly #advances = new Map<string, StreamAdvance>();
  readonly #dumps: DumpRequest[] = [];
  readonly #dumpsAskedAgain: DumpRequest[] = [];
  /** The portfolio of the lane at hand. */
  #portfolio: Portfolio = EMPTY_PORTFOLIO;

  constructor(loaded: Loaded, context: BatchContext) {
    this.#loaded = loaded;
    this.#context = context;
    this.#streams = new Map(loaded.streams);
  }

  resultOf(lanes: readonly LaneResult[]): BatchResult {
    return {
      lanes,
      changes: this.#changes,
      ledger: this.#ledger,
      audit: this.#audit,
      advances: [...this.#advances.values()],
      dumps: this.#dumps,
      dumpsAskedAgain: this.#dumpsAskedAgain,
    };
  }

  decideLane(lane: LaneWork): LaneResult {
    const { user } = lane;
    const before = this.#loaded.portfolios.get(user) ?? EMPTY_PORTFOLIO;
    const { now } = this.#loaded;
    this.#portfolio = withoutExpired(before, now, this.#context.orderLifetimeMs);
    const slices: SliceResult[] = [];
    let needs: LaneResult['needs'];
    for (const slice of lane.slices) {
      const isFirst = slices.length === 0;
      const result = this.#decideSlice(slice, lane.quoteUnavailable && isFirst);
      slices.push(result.slice);
      needs = result.needs;
      if (needs !== undefined) break;
    }
    this.#changes.push({ user, before, after: this.#portfolio });
    return { user, slices, ...(needs !== undefined && { needs }) };
  }

  #decideSlice(
    { task, from, to }: Slice,
    quoteUnavailable: boolean,
  ): { readonly slice: SliceResult; readonly needs?: LaneResult['needs'] } {
    const { message } = task;
    if (message.type === 'commands') {
      const expected = this.#gapBefore(message, from);
      if (expected !== undefined) return { slice: { task, outcomes: [], expected } };
    }
    const outcomes: Outcome[] = [];
    for (let index = from; index < to; index += 1) {
      const settled = this.#settle(task, index, quoteUnavailable && index === from);
      if ('symbol' in settled) return { slice: { task, outcomes }, needs: settled };
      outcomes.push(settled);
    }
    return { slice: { task, outcomes } };
  }

  /** The position that must come first, where the slice starts beyond it. */
  #gapBefore(message: UserCommands, from: number): number | undefined {
    const { last } = this.#stateOf(message);
    return message.position + from > last + 1 ? last + 1 : undefined;
  }

  #stateOf(message: UserCommands): StreamState {
    return this.#streams.get(streamKey(message)) ?? NEW_STREAM;
  }

  #settle(
    task: Task,
    index: number,
    quoteUnavailable: boolean,
  ): Outcome | { readonly symbol: StockSymbol; readonly asker: Asker } {
    const { message } = task;
    const step = this.#stepOf(task, index, quoteUnavailable);
    if (message.type === 'commands') {
      const position = message.position + index;
      const state = this.#stateOf(message);
      if (position <= state.last) return this.#replay(task, position, state);
    }
    const decision = this.#decide(step);
    if (decision.type === 'quote-needed') {
      const { user, number } = step.source;
      return { symbol: decision.symbol, asker: { id: askerId(message, index), user, number } };
    }
    const outcome = this.#apply(step, decision);
    if (message.type === 'commands') this.#advance(message, index, outcome);
    return outcome;
  }

  #stepOf(task: Task, index: number, quoteUnavailable: boolean): Step {
    const { message } = task;
    const common = { at: this.#loaded.now, server: this.#context.server, user: message.user };
    if (message.type === 'firing') {
      const number = armedNumber(this.#portfolio, message.firing);
      const source = { ...common, number, stream: undefined, position: undefined };
      return { task, index, source, command: message.firing, quoteUnavailable };
    }
    const numbered = message.commands[index];
    if (numbered === undefined) throw new RangeError(`the message has no command ${index}`);
    const { number, command } = numbered;
    const { stream } = message;
    const source = { ...common, number, stream, position: message.position + index };
    return { task, index, source, command, quoteUnavailable };
  }

  /** A position that is done: its outcome if it is still kept, and no effect. */
  #replay(task: Task, position: number, state: StreamState): Outcome {
    const message = task.message as UserCommands;
    const { bodyHash } = message;
    if (bodyHash !== undefined && bodyHash !== state.bodyHash) {
      return { is: 'rejected', reason: 'key-reused', message: 'this key was used for another' };
    }
    if (position !== state.last || state.lastOutcome === undefined) return { is: 'done' };
    const command = message.commands[position - message.position]?.command;
    if (command?.type === 'DUMPLOG') {
      this.#dumpsAskedAgain.push(this.#dumpOf(task, position, command));
    }
    return parseOutcome(JSON.parse(state.lastOutcome));
  }

  #decide(step: Step): Decision {
    if (this.#context.refuse) return { type: 'rejected', rejection: 'internal' };
    const { message } = step.task;
    return decide(this.#portfolio, step.command, {
      now: this.#loaded.now,
      number: step.source.number,
      quote: this.#quoteFor(step),
      armingId: this.#context.newArmingId(),
      administrator: message.type === 'commands' && message.administrator,
      deadline: message.type === 'commands' ? message.deadline : undefined,
    });
  }

  #quoteFor({ command, quoteUnavailable }: Step): Quote | undefined {
    if (command.type === 'UNREADABLE' || !('symbol' in command)) return undefined;
    const quote = this.#context.freshQuote(command.symbol, this.#loaded.now);
    if (quote !== undefined) return { type: 'fresh', price: quote.price };
    return quoteUnavailable ? { type: 'unavailable' } : undefined;
  }

  /** Takes a decision's effects over, or refuses the command where they would break an invariant. */
  #apply(step: Step, decision: Exclude<Decision, { type: 'quote-needed' }>): Outcome {
    if (decision.type === 'rejected') return this.#reject(step, decision);
    const after = this.#evolved(step, decision.events);
    if (after === undefined) return this.#reject(step, { type: 'rejected', rejection: 'internal' });
    const fields = commandFields(step, this.#portfolio);
    this.#portfolio = after;
    if (step.command.type === 'FIRE_TRIGGER') {
      this.#recordFiring(step, decision.events, fields);
    } else {
      this.#recordCommand(step, decision, fields);
    }
    return this.#outcomeOf(step, decision);
  }

  #evolved(step: Step, events: readonly DomainEvent[]): Portfolio | undefined {
    const after = events.reduce(evolve, this.#portfolio);
    const isUnbalanced = events.some((event) => {
      const entry = ledgerEntryOf(event);
      return entry !== undefined && !isBalanced(entry);
    });
    const broken = isUnbalanced ? 'ledger entries are not balanced' : brokenInvariant(after);
    if (broken === undefined) return after;
    this.#context.onDefect(broken, step.source);
    return undefined;
  }

  #reject(step: Step, decision: Extract<Decision, { type: 'rejected' }>): Outcome {
    const { source, command } = step;
    // A firing that is refused was nobody's command: the log of its user says so all the same.
    const fields = commandFields(step, this.#portfolio);
    const reason =
      command.type === 'UNREADABLE' ? command.reason : describeRejection(decision.rejection);
    if (command.type !== 'FIRE_TRIGGER') this.#audit.push(userCommandEntry(source, fields));
    if (decision.usedPrice !== undefined) this.#recordQuoteUse(step, fields);
    this.#audit.push(errorEntry(source, fields, `${decision.rejection}: ${reason}`));
    this.#recordDebug(step, fields);
    return rejectedOutcome(decision.rejection, reason);
  }

  #recordCommand(
    step: Step,
    decision: Extract<Decision, { type: 'accepted' }>,
    fields: CommandFields,
  ): void {
    const { source } = step;
    this.#audit.push(userCommandEntry(source, fields));
    if (decision.usedPrice !== undefined) this.#recordQuoteUse(step, fields);
    if (decision.events.some(isFiring)) this.#audit.push(systemEntry(source, fields));
    this.#recordMovements(source, decision.events);
    this.#recordDebug(step, fields);
  }

  #recordFiring(step: Step, events: readonly DomainEvent[], fields: CommandFields): void {
    const [event] = events;
    if (event === undefined) return;
    const { source } = step;
    if (isFiring(event)) this.#audit.push(systemEntry(source, fields));
    else this.#audit.push(errorEntry(source, fields, 'balance-limit: the trigger was cancelled'));
    this.#recordMovements(source, events);
  }

  #recordMovements(source: AuditSource, events: readonly DomainEvent[]): void {
    this.#audit.push(...accountEntries(source, events));
    for (const event of events) {
      const entry = ledgerEntryOf(event);
      if (entry !== undefined) this.#ledger.push({ ...entry, ...source });
    }
  }

  #recordQuoteUse(step: Step, fields: CommandFields): void {
    const { command, source, task, index } = step;
    if (command.type === 'UNREADABLE' || !('symbol' in command)) return;
    const quote = this.#context.freshQuote(command.symbol, this.#loaded.now);
    if (quote?.causedBy !== askerId(task.message, index)) {
      this.#audit.push(systemEntry(source, fields));
    }
  }

  #recordDebug({ source, task }: Step, fields: CommandFields): void {
    if (!this.#context.debug) return;
    const message = `message ${task.delivery.messageId} decided by ${source.server}`;
    this.#audit.push(debugEntry(source, fields, message));
  }

  #outcomeOf(step: Step, decision: Extract<Decision, { type: 'accepted' }>): Outcome {
    const { command, task, source } = step;
    if (command.type === 'DISPLAY_SUMMARY') {
      return summaryOutcome(this.#portfolio, this.#latestOf(source.user));
    }
    if (command.type === 'DUMPLOG') {
      this.#dumps.push(this.#dumpOf(task, source.position ?? 0, command));
      return { is: 'accepted', answer: { dump: 'asked', file: command.file } };
    }
    return acceptedOutcome(decision, this.#portfolio);
  }

  #dumpOf(
    { delivery, message }: Task,
    position: number,
    command: Extract<Command, { type: 'DUMPLOG' }>,
  ): DumpRequest {
    const stream = message.type === 'commands' ? message.stream : '';
    const { file, scope } = command;
    const { replyTo, messageId } = delivery;
    return { user: message.user, stream, position, scope, file, replyTo, correlationId: messageId };
  }

  /** Entries of this batch come before those that were read. */
  #latestOf(user: UserId): readonly RecentEntry[] {
    const fresh = this.#ledger.filter((line) => line.user === user).map(recentEntryOf);
    const known = this.#loaded.recent.get(user) ?? [];
    return [...fresh.reverse(), ...known].slice(0, RECENT_MAX);
  }

  #advance(message: UserCommands, index: number, outcome: Outcome): void {
    const { user, stream } = message;
    const key = streamKey(message);
    const state = {
      last: message.position + index,
      lastOutcome: JSON.stringify(outcome),
      bodyHash: message.bodyHash,
    };
    this.#streams.set(key, state);
    this.#advances.set(key, { user, stream, ...state, at: this.#loaded.now });
  }
}

const isFiring = ({ type }: DomainEvent): boolean =>
  type === 'BuyTriggerFired' || type === 'SellTriggerFired';

const armedNumber = (portfolio: Portfolio, { side, symbol }: FireTrigger): number =>
  (side === 'buy' ? portfolio.buyTriggers : portfolio.sellTriggers).get(symbol)?.arming?.number ??
  1;

/** A firing goes by the fields of the command that armed its trigger. */
function commandFields({ command }: Step, before: Portfolio): CommandFields {
  if (command.type !== 'FIRE_TRIGGER') return fieldsOf(command);
  const { side, symbol } = command;
  const triggers = side === 'buy' ? before.buyTriggers : before.sellTriggers;
  return {
    command: side === 'buy' ? 'SET_BUY_TRIGGER' : 'SET_SELL_TRIGGER',
    symbol,
    funds: triggers.get(symbol)?.arming?.price,
  };
}
