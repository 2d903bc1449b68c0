/** The trust boundary of every codec: bytes that are not what they should be are a `ContractError`. */
import { ContractError } from '../runtime/errors.ts';
import { showText } from './show-text.ts';
import { isStorableText } from './storable-text.ts';

export type JsonRecord = Readonly<Record<string, unknown>>;

export const unreadable = (reason: string): ContractError =>
  new ContractError('message-unreadable', reason);

/** Parses one JSON object of a known version. */
export function parseRecord(body: Uint8Array, version: number): JsonRecord {
  const record = asRecord(parseJson(body), 'the body');
  const { v } = record;
  if (v !== version) {
    const reason = `version ${describeVersion(v)} is not known; expected ${version}`;
    throw new ContractError('message-version-unknown', reason);
  }
  return record;
}

/** Renders no foreign object: `JSON.stringify` overflows the stack where one is nested deep enough. */
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

export function asRecord(value: unknown, what: string): JsonRecord {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw unreadable(`${what} is not an object`);
  }
  return value as JsonRecord;
}

export function asArray(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw unreadable(`${what} is not a list`);
  return value as readonly unknown[];
}

/** A text that the database can hold: every text of a message may be stored, or be a part of what is. */
export function asString(value: unknown, what: string): string {
  if (typeof value !== 'string') throw unreadable(`${what} is not a text`);
  if (!isStorableText(value)) {
    throw unreadable(`${what} has a NUL or half of a surrogate pair, which cannot be stored`);
  }
  return value;
}

/** A whole number of at least `least` that a double counts exactly. */
export function asInteger(value: unknown, what: string, least = 1): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least) {
    throw unreadable(`${what} is not a whole number of ${least} or more`);
  }
  return value;
}

export const asOptional = <Value>(
  value: unknown,
  parse: (present: unknown) => Value,
): Value | undefined => (value === undefined || value === null ? undefined : parse(value));
