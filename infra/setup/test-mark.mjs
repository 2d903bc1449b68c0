// Runs before each suite: marks the programs that the suite starts (see left-behind.mjs).
import { expect } from '@jest/globals';
import { markOf, withMark } from './left-behind.mjs';
import { nameOf } from './test-suites.mjs';

const { TEST_MARK: runMark, PATH } = process.env;
if (runMark !== undefined) {
  process.env.PATH = withMark(PATH, markOf(runMark, nameOf(expect.getState().testPath)));
}
