/** Checks the text that a command shows a person after a fault. */
import { expect } from '@jest/globals';
import type { Ran } from './run-daytrade.ts';

/** The most lines: a SetUpError has so many, and the verdict of a verification. */
const LINES_MAX = 6;
const INNARDS = /^\s+at |Error:|\[object|undefined|A defect/m;

/** Expects no stack trace and no other innards of the program. */
export function expectNoInnards({ said }: Pick<Ran, 'said'>): void {
  expect(said).not.toMatch(INNARDS);
}

/** Expects a failed command whose few plain lines contain the words. */
export function expectPlain({ exitCode, said }: Ran, ...words: readonly string[]): void {
  expect([0, null]).not.toContain(exitCode);
  expectNoInnards({ said });
  expect(said.trim().split('\n').length).toBeLessThanOrEqual(LINES_MAX);
  for (const word of words) expect(said).toContain(word);
}
