import { isDeepStrictEqual } from 'node:util';
import type { AccountLine } from './account-line.ts';
import type { Model } from './model.ts';

const OFFENDERS_SHOWN = 5;

/** Compares an accounts file's lines with the model's; '' if the same, else the first offenders. */
export function sameAccounts(lines: Iterable<string>, model: Model, instant: number): string {
  const actual = [...lines].filter((line) => line.trim() !== '').map(parseLine);
  const users = actual.map(({ user }) => user);
  const expected = new Map(model.accounts(instant).map((account) => [account.user, account]));
  const offenders = [
    ...outOfOrder(users),
    ...actual.flatMap((account) => differences(account.user, expected.get(account.user), account)),
    ...[...expected.keys()]
      .filter((user) => !users.includes(user))
      .map((user) => `${user}: missing, expected ${JSON.stringify(expected.get(user))}`),
  ];
  if (offenders.length === 0) return '';
  const more = offenders.length - OFFENDERS_SHOWN;
  return [
    ...offenders.slice(0, OFFENDERS_SHOWN),
    ...(more > 0 ? [`and ${more} more`] : []),
    `(${actual.length} accounts, ${expected.size} expected)`,
  ].join('\n');
}

function parseLine(line: string): Readonly<Record<string, unknown>> & { readonly user: string } {
  const account: unknown = JSON.parse(line);
  if (typeof account !== 'object' || account === null) throw new Error(`No account: ${line}`);
  if (!('user' in account) || typeof account.user !== 'string')
    throw new Error(`An account without a user: ${line}`);
  return { ...account, user: account.user };
}

/** By code point of the name, and each once. */
function outOfOrder(users: readonly string[]): readonly string[] {
  return users.flatMap((user, index) => {
    const before = users[index - 1];
    return before !== undefined && before >= user ? [`${user}: stands after ${before}`] : [];
  });
}

function differences(
  user: string,
  expected: AccountLine | undefined,
  actual: Readonly<Record<string, unknown>>,
): readonly string[] {
  if (expected === undefined) return [`${user}: not expected, is ${JSON.stringify(actual)}`];
  const wanted = new Map<string, unknown>(Object.entries(expected));
  const keys = new Set([...wanted.keys(), ...Object.keys(actual)]);
  return [...keys]
    .filter((key) => !isDeepStrictEqual(actual[key], wanted.get(key)))
    .map((key) => `${user}.${key}: ${text(actual[key])}, expected ${text(wanted.get(key))}`);
}

function text(value: unknown): string {
  return value === undefined ? 'absent' : JSON.stringify(value);
}
