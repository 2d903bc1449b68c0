import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const onlyIn = (folder, drivers) => ({
  regex: `^(${drivers.join('|')})(/|$)`,
  message: `Only ${folder} talks to this library.`,
});
const DRIVERS = {
  amqp: onlyIn('shared/amqp', ['amqplib']),
  pg: onlyIn('shared/pg', ['pg', 'pg-copy-streams', 'node-pg-migrate']),
  logs: onlyIn('shared/runtime/logger.ts', ['winston']),
  metrics: onlyIn('shared/runtime/metrics.ts', ['prom-client']),
};
const driversBut = (allowed) =>
  Object.entries(DRIVERS)
    .filter(([name]) => name !== allowed)
    .map(([, pattern]) => pattern);

/** Requires constant query texts: values go in as parameters. */
const SQL_THROUGH_PARAMETERS = {
  selector:
    'CallExpression[callee.property.name="query"] > TemplateLiteral.arguments[expressions.length>0], CallExpression[callee.property.name="query"] > BinaryExpression.arguments',
  message: 'SQL through parameters only: keep the text constant and pass values apart.',
};

/** Requires handlers to return the fate of a message: only the messaging kernel acks. */
const NO_ACKS = {
  selector: 'CallExpression[callee.property.name="ack"]',
  message: 'Return the fate of a message; only shared/amqp acks.',
};

const PURE_GLOBALS = [
  'process',
  'console',
  'Buffer',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'performance',
].map((name) => ({ name, message: 'The domain is pure: take it from the context.' }));

const FUNCTION_LINES_MAX = 50;
/**
 * The files with a longer function, and the reason. Each bound is the present length, so that the
 * function grows no more.
 */
const LONGER_FUNCTIONS = [
  // Closures over the state of what is under way, which all their functions share.
  { files: ['consumers/transaction/lanes.ts'], max: 73 },
  // A straight list of what the web opens, and closes in the opposite order.
  { files: ['producers/web/server/start.ts'], max: 58 },
];
const linesPerFunction = (max) => ({ 'max-lines-per-function': ['error', { max }] });

export default defineConfig(
  {
    ignores: [
      'dist',
      'build',
      '.dist-*',
      'coverage',
      '.daytrade*',
      'node_modules',
      'producers/web/client/dist',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-restricted-imports': ['error', { patterns: driversBut() }],
      'no-restricted-syntax': ['error', SQL_THROUGH_PARAMETERS],
    },
  },
  {
    files: ['shared/domain/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^(?!\\./)', message: 'The domain imports only itself.' }] },
      ],
      'no-restricted-globals': ['error', ...PURE_GLOBALS],
      'no-restricted-properties': [
        'error',
        {
          object: 'Date',
          property: 'now',
          message: 'The domain is pure: take it from the context.',
        },
        { object: 'Math', property: 'random', message: 'The domain is pure.' },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'NewExpression[callee.name="Date"]', message: 'The domain is pure.' },
      ],
    },
  },
  {
    files: ['consumers/**/*.ts', 'producers/**/*.ts', 'infra/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', SQL_THROUGH_PARAMETERS, NO_ACKS] },
  },
  {
    files: ['shared/amqp/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: driversBut('amqp') }] },
  },
  {
    files: ['shared/pg/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: driversBut('pg') }] },
  },
  {
    files: ['shared/runtime/logger.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: driversBut('logs') }] },
  },
  {
    // The browser application shares only pure code with the servers.
    files: ['producers/web/client/**/*.{ts,tsx}'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '/(amqp|pg|runtime|ports|consumers|infra|server)/',
              message: 'The client reaches the rest through the API alone.',
            },
            { regex: '^node:', message: 'There is no Node in a browser.' },
          ],
        },
      ],
      'no-restricted-properties': [
        'error',
        ...['innerHTML', 'outerHTML', 'dangerouslySetInnerHTML'].map((property) => ({
          property,
          message: 'Markup is made by components, so that text stays text.',
        })),
      ],
    },
  },
  {
    files: ['shared/runtime/metrics.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: driversBut('metrics') }] },
  },
  {
    // Tests are free: a suite is one function.
    files: ['shared', 'consumers', 'producers', 'infra'].map((folder) => `${folder}/**/*.{ts,tsx}`),
    rules: linesPerFunction(FUNCTION_LINES_MAX),
  },
  ...LONGER_FUNCTIONS.map(({ files, max }) => ({ files, rules: linesPerFunction(max) })),
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: {
      globals: {
        AbortController: 'readonly',
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
      },
    },
  },
  prettier,
);
