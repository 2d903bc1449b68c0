/** Starts with private services: interrupts, leftovers, questions. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openServices } from '../../../infra/services/open-services.ts';
import { leftProcessesOf } from '../../../infra/services/private/left-behind.ts';
import {
  dataFolder,
  ownerOf,
  removeDeleted,
} from '../../../infra/services/private/postgres-data.ts';
import { readConfig } from '../../../shared/runtime/config.ts';
import { packageRoot } from '../../../shared/runtime/package-root.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { spawnDaytrade } from '../../support/spawn-daytrade.ts';
import { until } from '../../support/until.ts';

const LONG_MS = 300_000;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'daytrade-private-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  removeDeleted(join(folder, 'left'));
});

test(
  'PostgreSQL starts even if the PID in its folder belongs to another program now',
  async () => {
    const home = join(folder, 'left');
    const options = { config: readConfig({ DAYTRADE_HOME: home }), log: recordingLogger() };
    const open = (): ReturnType<typeof openServices> =>
      openServices({ ...options, only: 'database', say: () => undefined });
    await (await open()).close();
    const { id } = JSON.parse(readFileSync(join(home, 'postgresql.json'), 'utf8')) as {
      id: string;
    };
    const data = dataFolder(home, id, ownerOf());
    writeFileSync(join(data, 'postmaster.pid'), `${process.pid}\n${data}\n1\n1\n\n127.0.0.1\n`);
    writeFileSync(join(home, 'postgresql.pid'), '');
    await (await open()).close();
  },
  LONG_MS,
);

test(
  'a command that starts PostgreSQL for itself stops it when it is interrupted',
  async () => {
    const home = join(folder, 'left');
    const verify = spawnDaytrade(['verify'], { DAYTRADE_HOME: home });
    await verify.until('Starting PostgreSQL');
    verify.kill('SIGINT');
    expect([await verify.ended, leftProcessesOf(home)]).toEqual([130, []]);
  },
  LONG_MS,
);

/** Runs it on a terminal of its own. Resolves to its exit code and its output. */
async function onTerminal(
  command: string,
  answer: string,
): Promise<readonly [number | null, string]> {
  const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let shown = '';
  child.stdout.on('data', (piece: Buffer) => void (shown += piece.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  await until(() => shown.includes('[y/N]'), { what: 'it asks' });
  child.stdin.write(answer);
  const code = await ended;
  return [code, shown];
}

test.each([
  ['n', 'n\n', 1],
  ['Ctrl-C', '\u0003', 130],
  ['Ctrl-D', '\u0004', 1],
])(
  'a question that is answered by %s changes nothing, and shows no stack trace',
  async (_what, answer, code) => {
    const home = join(folder, 'asked');
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'postgresql.json'), '{}');
    const main = join(packageRoot, 'dist/infra/cli/main.js');
    for (const command of ['reset', 'up --fresh']) {
      const line = `DAYTRADE_HOME='${home}' '${process.execPath}' '${main}' ${command}`;
      const [exitCode, shown] = await onTerminal(line, answer);
      expect([command, exitCode]).toEqual([command, code]);
      expect(shown).not.toMatch(/\n\s+at |Warning/);
    }
  },
  LONG_MS,
);
