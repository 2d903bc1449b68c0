/** Answers to command messages. A batch sends one message per reply queue, with one answer per request. */
import { asArray, asInteger, asRecord, asString, parseRecord, type JsonRecord } from './json.ts';

const ANSWER_MESSAGE_VERSION = 1;

/**
 * The outcome of one command. `done`: the command was decided before, and its outcome is no longer
 * stored, because only that of a stream's last command is.
 */
export type Outcome =
  | { readonly is: 'accepted'; readonly answer?: JsonRecord }
  | { readonly is: 'rejected'; readonly reason: string; readonly message?: string }
  | { readonly is: 'done' };

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
