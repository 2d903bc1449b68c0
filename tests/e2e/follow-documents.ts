/**
 * Runs the fenced commands of documents as written, in their order, in a checkout of its own, as a stranger would. A
 * command runs unless it is listed here with the reason why it cannot.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findSystem } from '../../shared/control/control-client.ts';
import { packageRoot } from '../../shared/runtime/package-root.ts';
import { readDocument } from '../support/document-commands.ts';
import { plainEnvironment } from '../support/run-daytrade.ts';
import { openShell, type ShellSession } from '../support/shell-session.ts';
import { openTestBroker, type TestBroker } from '../support/test-broker.ts';
import { openTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { testManagementUrl } from '../support/test-services.ts';
import { until } from '../support/until.ts';
import { outputOf, PRINTED, reasonOf, titled, UNTIL_CTRL_C } from './document-tables.ts';

const LONG_MS = 300_000;

let folder: string;
let checkout: string;
let broker: TestBroker;
let database: TestDatabase;
let shell: ShellSession;

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

/** Follows each document in turn; they share the checkout and its services. */
export function followDocuments(documents: readonly string[]): void {
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

  const followed = documents
    .map((document) => ({
      document,
      run: readDocument(document).filter((command) => reasonOf(command) === undefined),
    }))
    // All commands of the deployment need something that a test lacks, such as systemd.
    .filter(({ run }) => run.length > 0);

  describe.each(followed)('$document', ({ run }) => {
    beforeAll(() => {
      shell = openShell({ cwd: checkout, env: environment() });
    });
    afterAll(async () => {
      await shell.close();
    }, LONG_MS);

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
  });
}
