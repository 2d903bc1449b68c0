/** Decides a batch in memory. Pure, except for new arming ids and the quote cache in its context. */
import { decide } from '../../shared/domain/decide.ts';
import type { Decision } from '../../shared/domain/decision.ts';
import type { DomainEvent } from '../../shared/domain/event.ts';
import { evolve } from '../../shared/domain/evolve.ts';
import { brokenInvariant, isBalanced } from '../../shared/domain/invariant.ts';
import { ledgerEntryOf } from '../../shared/domain/ledger.ts';
import { armingId } from '../../shared/domain/identity.ts';
import { EMPTY_PORTFOLIO, withoutExpired, type Portfolio } from '../../shared/domain/portfolio.ts';
import type { Quote } from '../../shared/domain/quote.ts';
import { describeRejection, type Rejection } from '../../shared/domain/rejection.ts';
import type { Outcome } from '../../shared/messages/answer-message.ts';
import type { UserCommands } from '../../shared/messages/command-message.ts';
import type { ReceivedQuote } from '../../shared/messages/quote-message.ts';
import { showText } from '../../shared/messages/show-text.ts';
import type { Loaded, PortfolioChange } from '../../shared/ports/batch-store.ts';
import { acceptedOutcome, dumpAskedOutcome, rejectedOutcome, summaryOutcome } from './answer-of.ts';
import type { BatchContext, BatchResult, LaneResult, QuoteNeed, SliceResult } from './batch.ts';
import { BatchRecord } from './batch-record.ts';
import { Positions } from './positions.ts';
import { commandFieldsOf, stepOf, type Step } from './step.ts';
import { askerId, type LaneWork, type Slice, type Task } from './task.ts';

/**
 * Decides the commands of each lane in order, on the data that was loaded. A message after a gap gets no
 * outcomes. A lane stops at the first command that needs a quote which is not known.
 */
export function decideBatch(
  lanes: readonly LaneWork[],
  loaded: Loaded,
  context: BatchContext,
): BatchResult {
  const positions = new Positions(loaded.streams);
  const record = new BatchRecord();
  const deciders = lanes.map(
    (lane) => new LaneDecider(lane, { loaded, context, positions, record }),
  );
  return {
    lanes: deciders.map((decider) => decider.run()),
    changes: deciders.map((decider) => decider.change()),
    ledger: record.ledger,
    audit: record.audit,
    advances: positions.advances(loaded.now),
    dumps: record.dumps,
    dumpsAskedAgain: record.dumpsAskedAgain,
  };
}

type Parts = {
  readonly loaded: Loaded;
  readonly context: BatchContext;
  readonly positions: Positions;
  readonly record: BatchRecord;
};

/** Decides the commands of one user in order, each on the portfolio that the previous one left. */
class LaneDecider {
  readonly #lane: LaneWork;
  readonly #parts: Parts;
  readonly #before: Portfolio;
  #portfolio: Portfolio;

  constructor(lane: LaneWork, parts: Parts) {
    this.#lane = lane;
    this.#parts = parts;
    const { now, portfolios } = parts.loaded;
    this.#before = portfolios.get(lane.user) ?? EMPTY_PORTFOLIO;
    this.#portfolio = withoutExpired(this.#before, now, parts.context.orderLifetimeMs);
  }

  change(): PortfolioChange {
    return { user: this.#lane.user, before: this.#before, after: this.#portfolio };
  }

  run(): LaneResult {
    const { user, quoteUnavailable } = this.#lane;
    const slices: SliceResult[] = [];
    for (const slice of this.#lane.slices) {
      const result = this.#decideSlice(slice, quoteUnavailable && slices.length === 0);
      slices.push(result.slice);
      if (result.needs !== undefined) return { user, slices, needs: result.needs };
    }
    return { user, slices };
  }

  #decideSlice(
    { task, from, to }: Slice,
    quoteUnavailable: boolean,
  ): { readonly slice: SliceResult; readonly needs?: QuoteNeed } {
    const { message } = task;
    if (message.type === 'commands') {
      const expected = this.#parts.positions.gapBefore(message, from);
      if (expected !== undefined) return { slice: { task, outcomes: [], expected } };
    }
    const outcomes: Outcome[] = [];
    for (let index = from; index < to; index += 1) {
      const decided = this.#decideAt(task, index, quoteUnavailable && index === from);
      if ('symbol' in decided) return { slice: { task, outcomes }, needs: decided };
      outcomes.push(decided);
    }
    return { slice: { task, outcomes } };
  }

  #decideAt(task: Task, index: number, quoteUnavailable: boolean): Outcome | QuoteNeed {
    const { message } = task;
    const { positions, loaded, context } = this.#parts;
    const done = message.type === 'commands' ? this.#replay(task, message, index) : undefined;
    if (done !== undefined) return done;
    const at = { now: loaded.now, server: context.server, portfolio: this.#portfolio };
    const step = stepOf({ task, index, quoteUnavailable }, at);
    const decision = this.#decide(step);
    if (decision.type === 'quote-needed') {
      const { user, number } = step.source;
      const { trace } = task.delivery;
      const deadline = message.type === 'commands' ? message.deadline : undefined;
      const asker = { id: askerId(message, index), user, number, deadline, trace };
      return { symbol: decision.symbol, asker };
    }
    const outcome = this.#apply(step, decision);
    if (message.type === 'commands') positions.advance(message, index, outcome);
    return outcome;
  }

  /**
   * Returns the outcome of a command that is already done, which has no second effect; undefined if it
   * must be decided. Records a `DUMPLOG` that is asked again, so that its requester gets the answer.
   */
  #replay(task: Task, message: UserCommands, index: number): Outcome | undefined {
    const outcome = this.#parts.positions.outcomeOf(message, index);
    const command = message.commands[index]?.command;
    if (outcome?.is === 'accepted' && command?.type === 'DUMPLOG') {
      this.#parts.record.askDumpAgain(task, message.position + index, command);
    }
    return outcome;
  }

  #decide(step: Step): Decision {
    const { context, loaded } = this.#parts;
    if (context.refuse) return { type: 'rejected', rejection: 'internal' };
    const { message } = step.task;
    return decide(this.#portfolio, step.command, {
      now: loaded.now,
      number: step.source.number,
      quote: this.#quoteFor(step),
      armingId: isArming(step.command) ? context.newArmingId() : NO_ARMING,
      administrator: message.type === 'commands' && message.administrator,
      deadline: message.type === 'commands' ? message.deadline : undefined,
    });
  }

  #quoteFor(step: Step): Quote | undefined {
    const quote = this.#freshQuote(step);
    if (quote !== undefined) return { type: 'fresh', price: quote.price };
    return step.quoteUnavailable ? { type: 'unavailable' } : undefined;
  }

  #freshQuote({ command }: Step): ReceivedQuote | undefined {
    if (command.type === 'UNREADABLE' || !('symbol' in command)) return undefined;
    const { context, loaded } = this.#parts;
    return context.freshQuote(command.symbol, loaded.now);
  }

  /** Applies a decision to the portfolio, or refuses the command if its effects break an invariant. */
  #apply(step: Step, decision: Exclude<Decision, { type: 'quote-needed' }>): Outcome {
    if (decision.type === 'rejected') return this.#reject(step, decision);
    const after = this.#evolved(step, decision.events);
    if (after === undefined) return this.#reject(step, { type: 'rejected', rejection: 'internal' });
    const fields = commandFieldsOf(step, this.#portfolio);
    this.#portfolio = after;
    const { record, context } = this.#parts;
    if (step.command.type === 'FIRE_TRIGGER') record.acceptFiring(step, decision, fields);
    else {
      const foreignQuote = this.#isForeignQuote(step, decision);
      record.acceptCommand(step, decision, { fields, foreignQuote });
      if (context.debug) record.debug(step, fields);
    }
    return this.#outcomeOf(step, decision);
  }

  #reject(step: Step, decision: Extract<Decision, { type: 'rejected' }>): Outcome {
    const { command } = step;
    const { rejection } = decision;
    const reason = reasonOf(command, rejection);
    const fields = commandFieldsOf(step, this.#portfolio);
    const foreignQuote = this.#isForeignQuote(step, decision);
    const { record, context } = this.#parts;
    record.reject(step, { fields, foreignQuote, message: `${rejection}: ${reason}` });
    if (context.debug) record.debug(step, fields);
    return rejectedOutcome(rejection, reason);
  }

  /** Returns the portfolio after the events; reports and returns undefined if an invariant is broken. */
  #evolved(step: Step, events: readonly DomainEvent[]): Portfolio | undefined {
    if (events.length === 0) return this.#portfolio;
    const after = events.reduce(evolve, this.#portfolio);
    const isUnbalanced = events.some((event) => {
      const entry = ledgerEntryOf(event);
      return entry !== undefined && !isBalanced(entry);
    });
    const broken = isUnbalanced ? 'ledger entries are not balanced' : brokenInvariant(after);
    if (broken === undefined) return after;
    this.#parts.context.onDefect(broken, step.source);
    return undefined;
  }

  /** Whether the decision used a quote whose hit another command caused. */
  #isForeignQuote(step: Step, { usedPrice }: { readonly usedPrice?: unknown }): boolean {
    if (usedPrice === undefined) return false;
    return this.#freshQuote(step)?.causedBy !== askerId(step.task.message, step.index);
  }

  #outcomeOf(step: Step, decision: Extract<Decision, { type: 'accepted' }>): Outcome {
    const { command, task, source } = step;
    const { record, loaded } = this.#parts;
    if (command.type === 'DISPLAY_SUMMARY') {
      const known = loaded.recent.get(source.user) ?? [];
      return summaryOutcome(this.#portfolio, record.latestOf(source.user, known));
    }
    if (command.type === 'DUMPLOG') {
      record.askDump(task, source.position ?? 0, command);
      return dumpAskedOutcome(source, command);
    }
    return acceptedOutcome(decision, this.#portfolio);
  }
}

/** Returns the reason for a person; quotes an invalid file name, which the log cannot hold elsewhere. */
function reasonOf(command: Step['command'], rejection: Rejection): string {
  if (command.type === 'UNREADABLE') return command.reason;
  const reason = describeRejection(rejection);
  const isForItsName = command.type === 'DUMPLOG' && rejection === 'file-name-invalid';
  return isForItsName ? `${reason}, not ${showText(command.file)}` : reason;
}

/** Only a command that arms gets an arming id, because making one costs as much as deciding. */
const isArming = ({ type }: Step['command']): boolean =>
  type === 'SET_BUY_TRIGGER' || type === 'SET_SELL_TRIGGER';

const NO_ARMING = armingId('');
