/**
 * Runs the fenced commands of the documents as written, in their order, in a new checkout. A command runs
 * unless it is listed here with the reason why it cannot.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findSystem } from '../../shared/control/control-client.ts';
import { packageRoot } from '../../shared/runtime/package-root.ts';
import { readDocument, type DocumentCommand } from '../support/document-commands.ts';
import { plainEnvironment } from '../support/run-daytrade.ts';
import { openShell, type ShellSession } from '../support/shell-session.ts';
import { openTestBroker, type TestBroker } from '../support/test-broker.ts';
import { openTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { testManagementUrl } from '../support/test-services.ts';
import { until } from '../support/until.ts';

const LONG_MS = 300_000;
const DOCUMENTS = [
  'README.md',
  ...['RUNBOOK', 'MANAGEMENT-UI', 'DEPLOYMENT', 'WEB'].map((name) => `docs/${name}.md`),
];
const all = DOCUMENTS.map((document) => ({ document, commands: readDocument(document) }));

const NOT_RUN: readonly (readonly [command: RegExp, reason: string])[] = [
  [/^npm test/, 'it would run this suite again'],
  [/^docker /, 'there is no engine for containers'],
  [/^cd \/opt\/daytrade && npm ci/, 'it downloads every package'],
  [/^sudo /, 'it changes the machine, and needs systemd'],
  [/^daytrade\(\) \{ sudo systemd-run /, 'it needs systemd'],
  [
    /--via web --fresh$/,
    'it measures for half a minute on empty data; via-web suites run --via web',
  ],
];

/** The output that each command must print, besides an exit code of 0. */
const PRINTED: readonly (readonly [command: RegExp, output: RegExp])[] = [
  [/^daytrade --help/, /Exit codes: 0 done/],
  [/npm run workload/, /2,000 in .*[^]*system +stops now/],
  [/^daytrade status/, /Processes on [^]*Last errors/],
  [/^daytrade logs -n/, /system started/],
  [/^daytrade logs --of/, /stream=hand:|hand:/],
  [/^daytrade doctor/, /All is good/],
  [/^daytrade verify/, /All invariants hold/],
  [/^daytrade backup/, /daytrade\.backup: /],
  [/^daytrade restore/, /Restored/],
  [/^daytrade reshard/, /32/],
  [/^psql/, /ADD/],
  [/^grep -l/, /send\.jsonl/],
  [/^TRACES=file daytrade send/, /^accepted/],
  [/^rabbitmqadmin/, /Message published/],
  [/\/health/, /"status":"alive"/],
  [/\/users$/, /"user":"bea"/],
  [/\/commands$/, /"outcome":"accepted"/],
  [/\/portfolio$/, /"balance":10000/],
];

/** Commands that run until Ctrl-C, and what they print once they work. */
const UNTIL_CTRL_C: readonly (readonly [command: RegExp, output: RegExp])[] = [
  [/^npm start/, /The system is up/],
  [/curl .* -N /, /event: ready/],
];

let folder: string;
let checkout: string;
let broker: TestBroker;
let database: TestDatabase;
let shell: ShellSession;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'daytrade-documents-'));
  checkout = join(folder, 'daytrade');
  copyCheckout();
  [broker, database] = await Promise.all([openTestBroker(), openTestDatabase()]);
}, LONG_MS);

afterAll(async () => {
  if ((await findSystem(join(checkout, '.daytrade'))) !== undefined) {
    shell = openShell({ cwd: checkout, env: environment() });
    await shell.run('daytrade down');
    await shell.close();
  }
  await broker.close();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
}, LONG_MS);

/** Copies the checkout with its build, and keeps the times of all files, so that nothing is built again. */
function copyCheckout(): void {
  mkdirSync(checkout);
  const entries = [
    'consumers',
    'dist',
    'docs',
    'infra',
    'producers',
    'shared',
    'tests',
    'workloads',
  ];
  const builds = readdirSync(packageRoot).filter((name) => /^\.dist-[0-9a-f]+$/.test(name));
  const files = ['package.json', 'package-lock.json', 'tsconfig.json', 'README.md'];
  const { status, stderr } = spawnSync('cp', ['-a', ...entries, ...files, ...builds, checkout], {
    cwd: packageRoot,
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '']);
  symlinkSync(join(packageRoot, 'node_modules'), join(checkout, 'node_modules'));
}

/** Services of the suite, few processes and fast quotes: the documents must hold with these too. */
const environment = (): NodeJS.ProcessEnv => ({
  ...plainEnvironment(),
  HOME: folder,
  PATH: `${folder}/npm/bin:${process.env['PATH'] ?? ''}`,
  npm_config_prefix: `${folder}/npm`,
  npm_config_offline: 'true',
  AMQP_URL: broker.url,
  AMQP_MANAGEMENT_URL: testManagementUrl(),
  DATABASE_URL: database.url,
  QUOTE_SERVER_FLAGS: '--fixed-prices --delay-ms 0',
  ...{ TRANSACTION_PROCESSES: '1', QUOTE_PROCESSES: '1', TRIGGER_PROCESSES: '1' },
  ...{ AUDIT_PROCESSES: '1', WEB_PORT: '0' },
});

/** Replaces addresses and folders that differ from those of a reader with private services. */
async function placed(text: string): Promise<string> {
  const system = await findSystem(join(checkout, '.daytrade'));
  return text
    .replaceAll('https://localhost:8443', system?.info.web?.url ?? 'https://localhost:8443')
    .replaceAll('-V daytrade', `-V ${broker.virtualHost}`)
    .replaceAll('/var/lib/daytrade', join(checkout, '.daytrade'))
    .replaceAll('/opt/daytrade', checkout);
}

const outputOf = (
  { text }: DocumentCommand,
  table: readonly (readonly [RegExp, RegExp])[],
): RegExp | undefined => table.find(([command]) => command.test(withoutComment(text)))?.[1];

const withoutComment = (text: string): string => text.replace(/\s+#[^'"]*$/, '');
const reasonOf = ({ text }: DocumentCommand): string | undefined =>
  NOT_RUN.find(([command]) => command.test(withoutComment(text)))?.[1];
const titled = (commands: readonly DocumentCommand[]): [string, DocumentCommand][] =>
  commands.map((each) => [`line ${each.line}: ${withoutComment(each.text)}`, each]);

/** The labels of lines with two columns, such as `accepted   632`. */
const labelsIn = (lines: readonly string[]): readonly string[] =>
  lines.flatMap((line) => /^ +([a-z][a-z -]*[a-z]) {2,}\S/.exec(line)?.[1] ?? []);

/** Runs a command in the background of the shell until it prints the output. */
async function runUntil(command: string, output: RegExp): Promise<void> {
  const log = join(folder, 'background.log');
  const isSystem = command.startsWith('npm start');
  await shell.run(`{ ${command}\n} > ${log} 2>&1 & BACKGROUND=$!`);
  await until(() => output.test(readFileSync(log, 'utf8')), {
    what: `${command} prints ${output.source}`,
    timeoutMs: 120_000,
  }).catch((cause: unknown) => {
    throw new Error(`${command} printed: ${readFileSync(log, 'utf8')}`, { cause });
  });
  if (!isSystem) await shell.run('kill $BACKGROUND');
}

describe.each(all)('$document', ({ document, commands }) => {
  const run = commands.filter((command) => reasonOf(command) === undefined);
  const notRun = commands.filter((command) => reasonOf(command) !== undefined);

  beforeAll(() => {
    shell = openShell({ cwd: checkout, env: environment() });
  });
  afterAll(async () => {
    await shell.close();
  }, LONG_MS);

  if (run.length > 0) {
    test.each(titled(run))(
      '%s',
      async (_title, command) => {
        const text = await placed(command.text);
        const lasting = outputOf(command, UNTIL_CTRL_C);
        if (lasting !== undefined) {
          await runUntil(text, lasting);
          return;
        }
        const { exitCode, output } = await shell.run(text);
        expect([exitCode, output]).toEqual([
          0,
          expect.stringMatching(outputOf(command, PRINTED) ?? ''),
        ]);
        expect(output).not.toMatch(/urn:daytrade:problem/);
        for (const label of labelsIn(command.shown)) expect(output).toContain(label);
      },
      LONG_MS,
    );
  }

  if (notRun.length > 0) {
    test.each(titled(notRun))('%s is a command of a shell', (_title, { text }) => {
      const { status, stderr } = spawnSync('bash', ['-n', '-c', text], { encoding: 'utf8' });
      expect([status, stderr]).toEqual([0, '']);
    });
  }

  test('it shows commands', () => {
    expect([document, commands.length > 0]).toEqual([document, true]);
  });
});

test('no entry of the tables is left over', () => {
  const texts = all.flatMap(({ commands }) => commands.map(({ text }) => withoutComment(text)));
  const tables = [...NOT_RUN, ...PRINTED, ...UNTIL_CTRL_C].map(([command]) => command);
  expect(tables.filter((command) => !texts.some((text) => command.test(text)))).toEqual([]);
});
