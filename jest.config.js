/** Tests run from dist: what is tested is what ships, and is type-checked. @type {import('jest').Config} */
export default {
  rootDir: 'dist',
  testMatch: ['<rootDir>/tests/**/*.test.js'],
  transform: {},
  testTimeout: 30_000,
};
