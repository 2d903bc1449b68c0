/** What a command may show a person of a fault. */
import { expect } from '@jest/globals';
import type { Ran } from './run-daytrade.ts';

/** As SetUpError has, and the verdict of a verification. */
const LINES_MAX = 6;
const INNARDS = /^\s+at |Error:|\[object|undefined|A defect/m;

/** No stack trace and nothing of the program's innards. */
export function expectNoInnards({ said }: Pick<Ran, 'said'>): void {
  expect(said).not.toMatch(INNARDS);
}

/** It failed, and says so in a few plain lines with those words. */
export function expectPlain({ exitCode, said }: Ran, ...words: readonly string[]): void {
  expect([0, null]).not.toContain(exitCode);
  expectNoInnards({ said });
  expect(said.trim().split('\n').length).toBeLessThanOrEqual(LINES_MAX);
  for (const word of words) expect(said).toContain(word);
}
