// Starts the suites of slow layers first, so that the last worker does not end with a long suite.
import { byLayer } from './test-suites.mjs';

export default class LayerSequencer {
  sort(tests) {
    return [...tests].sort((one, other) => byLayer(one.path, other.path));
  }

  /** Jest asks for failed suites only with `--onlyFailures`, which is not offered here. */
  allFailedTests(tests) {
    return tests;
  }

  /** Keeps nothing: the order does not depend on earlier runs. */
  cacheResults() {}
}
