// Starts the suites of slow layers first, so that no worker ends with a long suite.
import { byLayer } from './test-suites.mjs';

export default class LayerSequencer {
  sort(tests) {
    return [...tests].sort((one, other) => byLayer(one.path, other.path));
  }

  /** Jest calls this only with `--onlyFailures`, which these scripts do not offer. */
  allFailedTests(tests) {
    return tests;
  }

  /** Stores nothing: the order does not depend on earlier runs. */
  cacheResults() {}
}
