/** The answer to a command that was sent by hand: dollars for people, whole cents for programs. Pure. */
import type { Outcome } from '../../shared/messages/answer-message.ts';
import { dollars, table } from './output.ts';

export type Sent = {
  /** The command's stream: it finds the command in logs and in the audit log. */
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

/** Fields of an answer that are cents, wherever they stand in it. */
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

/** One event, order or entry on a line. */
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

/** Under its symbol: shares of a holding, or the fields of a trigger. */
const showPart = (symbol: string, part: unknown): string =>
  typeof part === 'object' && part !== null
    ? `${symbol}: ${showFields(Object.entries(part))}`
    : `${symbol} ${String(part)}`;

const signedDollars = (cents: number): string =>
  cents < 0 ? `-${dollars(BigInt(-cents))}` : dollars(BigInt(cents));
