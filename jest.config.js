/**
 * Runs the tests from dist: they test what ships, and are type-checked.
 *
 * @type {import('jest').Config}
 */
export default {
  rootDir: 'dist',
  testMatch: ['<rootDir>/tests/**/*.test.js', '<rootDir>/tests/**/*.drill.js'],
  transform: {},
  setupFilesAfterEnv: ['<rootDir>/../infra/setup/test-mark.mjs'],
  testSequencer: '<rootDir>/../infra/setup/test-sequencer.mjs',
  testTimeout: 120_000,
};
