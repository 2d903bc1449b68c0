/** Decides one command or firing, and makes the record of its decision. */
import { decide } from '../../shared/domain/decide.ts';
import type { Context } from '../../shared/domain/decision.ts';
import { evolve } from '../../shared/domain/evolve.ts';
import { armingId, type ArmingId, type StockSymbol } from '../../shared/domain/identity.ts';
import { brokenInvariant, isBalanced } from '../../shared/domain/invariant.ts';
import { ledgerEntryOf, type LedgerEntry } from '../../shared/domain/ledger.ts';
import type { Portfolio } from '../../shared/domain/portfolio.ts';
import type { Quote, ReceivedQuote } from '../../shared/domain/quote.ts';
import { describeRejection, type Rejection } from '../../shared/domain/rejection.ts';
import type { Instant } from '../../shared/domain/time.ts';
import type { CommandMessage } from '../../shared/messages/command-message.ts';
import { armingAskerId, commandAskerId } from '../../shared/messages/quote-message.ts';
import { showText } from '../../shared/messages/show-text.ts';
import type { RecentEntry } from '../../shared/ports/batch-store.ts';
import {
  fieldsOf,
  type CommandSource,
  type DecidedCommand,
  type FinalDecision,
  type GivenCommand,
  type QuoteNeed,
} from './decided-command.ts';
import type { QuoteWait } from './lanes.ts';

/** The parts of its process that a decision uses. */
export type BatchContext = {
  /** The name of this process. */
  readonly server: string;
  readonly orderLifetimeMs: number;
  /** Returns the symbol's quote if it is fresh at that instant. */
  readonly freshQuote: (symbol: StockSymbol, now: Instant) => ReceivedQuote | undefined;
  readonly newArmingId: () => ArmingId;
  /** Refuse every command as `internal`, because committing its effects failed for good. */
  readonly refuse: boolean;
  /** Add a `debugEvent` for each command. */
  readonly debug: boolean;
  /** Whether the feed is told what the batch did. */
  readonly feeds: boolean;
  /** Called with each broken invariant; its command is refused as `internal`. */
  readonly onDefect: (what: string, source: CommandSource) => void;
};

/** A command whose turn has come, with everything that its decision depends on. */
type Turn = {
  readonly given: GivenCommand;
  readonly message: CommandMessage;
  /** The user's portfolio before the command, without expired orders. */
  readonly portfolio: Portfolio;
  readonly quoteWait: QuoteWait;
  /** Returns the user's latest ledger entries, the latest first. */
  readonly recent: () => readonly RecentEntry[];
  readonly context: BatchContext;
};

/**
 * Decides a command; returns its record, or the quote that it needs. Decides without a quote first,
 * because only a command that passes the checks before its price needs one.
 */
export function decideCommand(turn: Turn): DecidedCommand | QuoteNeed {
  const { given, portfolio, quoteWait, context } = turn;
  const { command, source } = given;
  if (context.refuse) return recordOf(turn, INTERNAL);
  const decision = decide(portfolio, command, factsOf(turn, undefined, NO_ARMING));
  if (decision.type !== 'quote-needed') return recordOf(turn, decision);
  const { symbol } = decision;
  const received = context.freshQuote(symbol, source.at);
  if (received === undefined && quoteWait !== 'unavailable') return needOf(turn, symbol);
  const newArmingId = isArming(command) ? context.newArmingId() : NO_ARMING;
  const priced = decide(portfolio, command, factsOf(turn, quoteOf(received), newArmingId));
  if (priced.type === 'quote-needed') return needOf(turn, symbol);
  return recordOf(turn, priced, received);
}

const INTERNAL: FinalDecision = { type: 'rejected', rejection: 'internal' };

/** Only a command that arms gets an arming id, because making one costs as much as deciding. */
const isArming = ({ type }: GivenCommand['command']): boolean =>
  type === 'SET_BUY_TRIGGER' || type === 'SET_SELL_TRIGGER';

const NO_ARMING = armingId('');

const quoteOf = (received: ReceivedQuote | undefined): Quote =>
  received === undefined ? { type: 'unavailable' } : { type: 'fresh', price: received.price };

const factsOf = (
  { given, message }: Turn,
  quote: Quote | undefined,
  newArmingId: ArmingId,
): Context => ({
  now: given.source.at,
  number: given.source.number,
  quote,
  armingId: newArmingId,
  administrator: message.type === 'commands' && message.administrator,
  deadline: deadlineOf(message),
});

const deadlineOf = (message: CommandMessage): Instant | undefined =>
  message.type === 'commands' ? message.deadline : undefined;

function needOf({ given, message }: Turn, symbol: StockSymbol): QuoteNeed {
  const { user, number, stream, position } = given.source;
  const { trace } = given.delivery;
  const deadline = deadlineOf(message);
  return { symbol, asker: { id: idOf(given), user, number, stream, position, deadline, trace } };
}

function idOf({ command, source }: GivenCommand): string {
  if (command.type === 'FIRE_TRIGGER') return armingAskerId(command.armingId);
  const { user, stream = '', position = 0 } = source;
  return commandAskerId({ user, stream, position });
}

/** Makes the record of a command that was decided with this quote, or without one. */
function recordOf(turn: Turn, decision: FinalDecision, quote?: ReceivedQuote): DecidedCommand {
  const { given, portfolio, context } = turn;
  const { delivery, source, command } = given;
  const { after, entries, broken } = effectsOf(portfolio, decision);
  if (broken !== undefined) {
    context.onDefect(broken, source);
    return recordOf(turn, INTERNAL);
  }
  return {
    delivery,
    source,
    command,
    decision,
    reason: decision.type === 'rejected' ? reasonOf(command, decision.rejection) : undefined,
    fields: fieldsOf(command, portfolio),
    entries,
    hitBy: decision.usedPrice === undefined ? undefined : hitBy(given, quote),
    hasWaited: turn.quoteWait !== 'none',
    after,
    recent: command.type === 'DISPLAY_SUMMARY' ? turn.recent() : NOTHING,
  };
}

const NOTHING: readonly never[] = [];

const hitBy = (given: GivenCommand, quote: ReceivedQuote | undefined): DecidedCommand['hitBy'] =>
  quote?.causedBy === idOf(given) ? 'itself' : 'another';

type Effects = {
  readonly after: Portfolio;
  readonly entries: readonly LedgerEntry[];
  /** The invariant that the effects break. */
  readonly broken?: string | undefined;
};

/** Applies the events of a decision to the portfolio, and checks the invariants. */
function effectsOf(before: Portfolio, decision: FinalDecision): Effects {
  if (decision.type === 'rejected' || decision.events.length === 0) {
    return { after: before, entries: NOTHING };
  }
  const after = decision.events.reduce(evolve, before);
  const entries = decision.events.flatMap((event) => ledgerEntryOf(event) ?? NOTHING);
  const broken = entries.every(isBalanced)
    ? brokenInvariant(after)
    : 'ledger entries are not balanced';
  return { after, entries, broken };
}

/** Returns the reason for a person; quotes an invalid file name, which the log cannot hold elsewhere. */
function reasonOf(command: GivenCommand['command'], rejection: Rejection): string {
  if (command.type === 'UNREADABLE') return command.reason;
  const reason = describeRejection(rejection);
  const isForItsName = command.type === 'DUMPLOG' && rejection === 'file-name-invalid';
  return isForItsName ? `${reason}, not ${showText(command.file)}` : reason;
}
