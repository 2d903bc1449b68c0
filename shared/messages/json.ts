/** The trust boundary of every codec. Each parser here throws a `ContractError` for an invalid value. */
import { ContractError } from '../runtime/errors.ts';
import { showText } from './show-text.ts';
import { isStorableText } from './storable-text.ts';

export type JsonRecord = Readonly<Record<string, unknown>>;

/** Makes the error for a value that is not valid. */
export const unreadable = (reason: string): ContractError =>
  new ContractError('message-unreadable', reason);

/** Parses a JSON object of the given version. */
export function parseRecord(body: Uint8Array, version: number): JsonRecord {
  const record = asRecord(parseJson(body), 'the body');
  const { v } = record;
  if (v !== version) {
    const reason = `version ${describeVersion(v)} is not known; expected ${version}`;
    throw new ContractError('message-version-unknown', reason);
  }
  return record;
}

/** Never renders a foreign object, because `JSON.stringify` overflows the stack if one is nested deeply. */
function describeVersion(version: unknown): string {
  if (typeof version === 'number') return version.toString();
  if (typeof version === 'string') return showText(version);
  return version === undefined ? 'none' : `of type ${typeof version}`;
}

function parseJson(body: Uint8Array): unknown {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ContractError('message-unreadable', 'the body is not JSON', { cause });
  }
}

/** Parses an object. `what` names the value in the error, here and below. */
export function asRecord(value: unknown, what: string): JsonRecord {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw unreadable(`${what} is not an object`);
  }
  return value as JsonRecord;
}

/** Parses an array. */
export function asArray(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw unreadable(`${what} is not a list`);
  return value as readonly unknown[];
}

/** Parses a text that the database can store, since any text of a message may be stored. */
export function asString(value: unknown, what: string): string {
  if (typeof value !== 'string') throw unreadable(`${what} is not a text`);
  if (!isStorableText(value)) {
    throw unreadable(`${what} has a NUL or half of a surrogate pair, which cannot be stored`);
  }
  return value;
}

/** Parses a whole number of at least `least` that a double represents exactly. */
export function asInteger(value: unknown, what: string, least = 1): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least) {
    throw unreadable(`${what} is not a whole number of ${least} or more`);
  }
  return value;
}

/** Parses a value that may be absent: undefined or null. */
export const asOptional = <Value>(
  value: unknown,
  parse: (present: unknown) => Value,
): Value | undefined => (value === undefined || value === null ? undefined : parse(value));
