/** Answers to command messages. A batch sends one message per reply queue, with one answer per request. */
import type { DomainEvent } from '../domain/event.ts';
import type { Order } from '../domain/order.ts';
import { available, held, type Portfolio } from '../domain/portfolio.ts';
import type { BuyTrigger, SellTrigger } from '../domain/trigger.ts';
import {
  asArray,
  asInteger,
  asOptional,
  asRecord,
  asString,
  parseRecord,
  type JsonRecord,
} from './json.ts';

const ANSWER_MESSAGE_VERSION = 1;

/**
 * The outcome of one command. `done`: the command was decided before, and its outcome is no longer
 * stored, because only that of a stream's last command is. `number` is the command's transaction number, if it may
 * differ from the one in the message: its key was used before, or it is a dump, which an audit process answers.
 */
export type Outcome = (
  | { readonly is: 'accepted'; readonly answer?: JsonRecord }
  | { readonly is: 'rejected'; readonly reason: string; readonly message?: string }
  | { readonly is: 'done' }
) & { readonly number?: number };

export type Answer = {
  /** The id of the message that is answered. */
  readonly id: string;
  readonly user: string;
  readonly stream: string;
  /** The position of the first outcome. */
  readonly position: number;
  /** The outcomes of the message's commands, in order. */
  readonly outcomes: readonly Outcome[];
  /** Set if positions before the message's are missing: the sender must resend from this position on. */
  readonly expected?: number;
};

export type AnswerMessage = { readonly from: string; readonly answers: readonly Answer[] };

/** Renders an answer message as `parseAnswerMessage` reads it. */
export const renderAnswerMessage = (message: AnswerMessage): Buffer =>
  Buffer.from(JSON.stringify({ v: ANSWER_MESSAGE_VERSION, ...message }));

/** Parses an answer message. Throws a `ContractError` if the body is not one. */
export function parseAnswerMessage(body: Uint8Array): AnswerMessage {
  const record = parseRecord(body, ANSWER_MESSAGE_VERSION);
  const answers = asArray(record['answers'], 'the answers').map(parseAnswer);
  return { from: asString(record['from'], 'the sender'), answers };
}

function parseAnswer(value: unknown): Answer {
  const record = asRecord(value, 'an answer');
  const { expected } = record;
  return {
    id: asString(record['id'], 'the id'),
    user: asString(record['user'], 'the user'),
    stream: asString(record['stream'], 'the stream'),
    position: asInteger(record['position'], 'the position'),
    outcomes: asArray(record['outcomes'], 'the outcomes').map(parseOutcome),
    ...(expected !== undefined && { expected: asInteger(expected, 'the expected position') }),
  };
}

/** Parses an outcome, as messages and the store have it. Throws a `ContractError` if it is not one. */
export function parseOutcome(value: unknown): Outcome {
  const record = asRecord(value, 'an outcome');
  const number = asOptional(record['number'], (each) => asInteger(each, 'the number'));
  const outcome = parseKind(record);
  return number === undefined ? outcome : { ...outcome, number };
}

function parseKind(record: JsonRecord): Outcome {
  switch (record['is']) {
    case 'done':
      return { is: 'done' };
    case 'rejected': {
      const { message } = record;
      const reason = asString(record['reason'], 'the reason');
      return typeof message === 'string'
        ? { is: 'rejected', reason, message }
        : { is: 'rejected', reason };
    }
    default: {
      const { answer } = record;
      if (answer === undefined) return { is: 'accepted' };
      return { is: 'accepted', answer: asRecord(answer, 'the answer') };
    }
  }
}

/** Flattens an event: an order gives its fields, an arming its price; bigints become numbers. */
export function renderEventAnswer({ type, ...fields }: DomainEvent): JsonRecord {
  const plain: Record<string, unknown> = { type };
  for (const [name, value] of Object.entries(fields)) {
    if (name === 'order') Object.assign(plain, renderOrder(value as Order));
    else if (name === 'arming') plain['triggerPrice'] = Number((value as { price: bigint }).price);
    else plain[name] = typeof value === 'bigint' ? Number(value) : value;
  }
  return plain;
}

const renderOrder = ({ symbol, shares, price, at }: Order): JsonRecord => ({
  symbol,
  shares: Number(shares),
  price: Number(price),
  at,
});

/** Renders the answer to `DISPLAY_SUMMARY`; `latest` are the user's latest ledger entries, the latest first. */
export const renderSummaryAnswer = (
  portfolio: Portfolio,
  latest: readonly unknown[],
): JsonRecord => ({
  balance: Number(portfolio.balance),
  held: Number(held(portfolio)),
  available: Number(available(portfolio)),
  holdings: Object.fromEntries(
    [...portfolio.holdings].map(([symbol, shares]) => [symbol, Number(shares)]),
  ),
  pendingBuys: portfolio.buys.map(renderOrder),
  pendingSells: portfolio.sells.map(renderOrder),
  buyTriggers: renderTriggers(portfolio.buyTriggers),
  sellTriggers: renderTriggers(portfolio.sellTriggers),
  latest,
});

const renderTriggers = (triggers: ReadonlyMap<string, BuyTrigger | SellTrigger>): JsonRecord =>
  Object.fromEntries(
    [...triggers].map(([symbol, { amount, arming }]) => [
      symbol,
      {
        amount: Number(amount),
        price: arming === undefined ? null : Number(arming.price),
        ...(arming !== undefined && 'shares' in arming && { shares: Number(arming.shares) }),
      },
    ]),
  );
