/** Renders an outcome for the web API. Pure. */
import type { Outcome } from '../../../../shared/messages/answer-message.ts';
import type { JsonRecord } from '../../../../shared/messages/json.ts';
import type {
  Accepted,
  CommandAnswer,
  CommandRequest,
  OrderDetails,
} from '../../../../shared/web-api/command.ts';

type AnsweredCommand = {
  readonly number: number;
  readonly request: CommandRequest;
  readonly orderLifetimeMs: number;
};

/**
 * Renders an outcome. `done` does not occur: the stream of a web command has one position, whose outcome
 * is kept.
 */
export function answerOf(outcome: Outcome, command: AnsweredCommand): CommandAnswer {
  const { number } = command;
  switch (outcome.is) {
    case 'rejected':
      return {
        number,
        outcome: 'rejected',
        code: outcome.reason,
        message: outcome.message ?? outcome.reason,
      };
    case 'done':
      return { number, outcome: 'accepted' };
    case 'accepted':
      return acceptedOf(outcome.answer ?? {}, command);
  }
}

function acceptedOf(
  answer: JsonRecord,
  { number, request, orderLifetimeMs }: AnsweredCommand,
): CommandAnswer {
  if (request.command === 'DISPLAY_SUMMARY') {
    return { number, outcome: 'accepted', summary: { ...answer } };
  }
  const events = recordsIn(answer['events']);
  const order = events.map((event) => orderOf(event, orderLifetimeMs)).find((found) => found);
  const { balance, price } = answer;
  return {
    number,
    outcome: 'accepted',
    ...(typeof balance === 'number' && { balance }),
    ...(typeof price === 'number' && { price }),
    ...(order !== undefined && { order }),
    ...(events.length > 0 && { events: events.map((event) => ({ ...event })) }),
    ...(request.command === 'DUMPLOG' && dumpOf(answer, request.file)),
  };
}

/** Returns the fields of a dump. Stored answers of earlier versions have neither a state nor a path. */
function dumpOf(
  { dump: state, path, code, message }: JsonRecord,
  file: string,
): Pick<Accepted, 'dump' | 'dumpState' | 'dumpPath' | 'dumpFault'> {
  return {
    dump: file,
    ...((state === 'asked' || state === 'written' || state === 'not-written') && {
      dumpState: state,
    }),
    ...(typeof path === 'string' && { dumpPath: path }),
    ...(typeof code === 'string' &&
      typeof message === 'string' && { dumpFault: { code, message } }),
  };
}

const ORDER_EVENT = /^(Buy|Sell)(Placed|Committed|Cancelled)$/;

/** Returns the order that an event is about; undefined if it is about something else. */
function orderOf(event: JsonRecord, orderLifetimeMs: number): OrderDetails | undefined {
  const { type, symbol, shares, price, at } = event;
  const [, side] = typeof type === 'string' ? (ORDER_EVENT.exec(type) ?? []) : [];
  if (side === undefined || typeof symbol !== 'string') return undefined;
  if (typeof shares !== 'number' || typeof price !== 'number' || typeof at !== 'number') {
    return undefined;
  }
  return {
    side: side === 'Buy' ? 'buy' : 'sell',
    symbol,
    shares,
    price,
    cost: shares * price,
    placedAt: at,
    expiresAt: at + orderLifetimeMs,
  };
}

const isRecord = (value: unknown): value is JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const recordsIn = (value: unknown): readonly JsonRecord[] =>
  Array.isArray(value) ? value.filter(isRecord) : [];
