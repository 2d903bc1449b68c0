/**
 * Renders the answer to a command sent by hand: in dollars for people, in whole cents for programs.
 * Pure.
 */
import type { Outcome } from '../../shared/messages/answer-message.ts';
import { dollars, table } from './output.ts';

export type Sent = {
  /** The command's stream, which identifies it in the logs and in the audit log. */
  readonly id: string;
  /** The transaction number. */
  readonly number: number;
};

type Row = readonly [label: string, value: string];

export const renderSentJson = (sent: Sent, outcome: Outcome): string =>
  JSON.stringify({ ...sent, ...outcome }, undefined, 2);

export function renderSent({ id, number }: Sent, outcome: Outcome): string {
  const head = outcome.is === 'rejected' ? rejectionOf(outcome) : outcome.is;
  const answer = outcome.is === 'accepted' ? rowsOf(outcome.answer ?? {}) : [];
  return `${head}\n${table([['id', id], ['number', number.toString()], ...answer])}`;
}

const rejectionOf = ({ reason, message }: Extract<Outcome, { is: 'rejected' }>): string =>
  message === undefined ? `rejected: ${reason}` : `rejected: ${reason} (${message})`;

/** The fields of an answer that are in cents, at any depth. */
const MONEY: ReadonlySet<string> = new Set([
  ...['balance', 'held', 'available', 'reserve'],
  ...['price', 'amount', 'returned', 'triggerPrice'],
]);
const TIMES: ReadonlySet<string> = new Set(['at']);
const ABSENT: ReadonlySet<unknown> = new Set([null, undefined]);

const rowsOf = (answer: Readonly<Record<string, unknown>>): readonly Row[] =>
  Object.entries(answer).flatMap(([label, value]): readonly Row[] =>
    Array.isArray(value)
      ? value.map((item: unknown, index): Row => [index === 0 ? label : '', showItem(item)])
      : [[label, show(label, value)]],
  );

/** Renders one event, order or entry as a line. */
function showItem(item: unknown): string {
  if (typeof item !== 'object' || item === null) return String(item);
  return showFields(Object.entries(item));
}

const showFields = (fields: readonly (readonly [string, unknown])[]): string =>
  fields
    .map(([name, value]) => (name === 'type' ? String(value) : `${name} ${show(name, value)}`))
    .join(', ');

function show(name: string, value: unknown): string {
  if (typeof value === 'number' && MONEY.has(name)) return signedDollars(value);
  if (typeof value === 'number' && TIMES.has(name)) return new Date(value).toISOString();
  if (typeof value === 'object' && value !== null) return showParts(Object.entries(value));
  return ABSENT.has(value) ? 'none' : String(value);
}

const showParts = (parts: readonly (readonly [string, unknown])[]): string =>
  parts.length === 0 ? 'none' : parts.map(([key, part]) => showPart(key, part)).join('; ');

/** Renders what belongs to one symbol: the shares of a holding, or the fields of a trigger. */
const showPart = (symbol: string, part: unknown): string =>
  typeof part === 'object' && part !== null
    ? `${symbol}: ${showFields(Object.entries(part))}`
    : `${symbol} ${String(part)}`;

const signedDollars = (cents: number): string =>
  cents < 0 ? `-${dollars(BigInt(-cents))}` : dollars(BigInt(cents));
