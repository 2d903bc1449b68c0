/** A build while the system runs, and a page that is older than the system, in real Chromium. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { packageRoot } from '../../shared/runtime/package-root.ts';
import { ONE_EACH } from '../support/one-each.ts';
import { openTestBroker, type TestBroker } from '../support/test-broker.ts';
import { openTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { until } from '../support/until.ts';
import { findChromium, openBrowser, openPage, type Watched } from './chromium.ts';
import { PASSWORD, signUp } from './log-in.ts';
import { FEW_SHARDS, inBrowser } from './web-suite.ts';
import { startWebSystem, type WebSystem } from './web-system.ts';

/** A process is started again within this on a busy machine. */
const START_MAX_MS = 60_000;

inBrowser('a build while the system runs (skipped where Chromium is not installed)', () => {
  let root: string;
  let database: TestDatabase;
  let broker: TestBroker;
  let system: WebSystem;
  let browser: Browser;
  let trader: Watched;

  beforeAll(async () => {
    root = copyOfProgram();
    [database, broker] = await Promise.all([openTestDatabase(), openTestBroker()]);
    const settings = {
      DATABASE_URL: database.url,
      AMQP_URL: broker.url,
      QUOTE_SERVER_FLAGS: '--delay-ms 0',
      ...FEW_SHARDS,
      ...ONE_EACH,
      // A process that starts on a busy machine says nothing for a while.
      WATCHDOG_S: '60',
    };
    [browser, system] = await Promise.all([
      openBrowser(findChromium() ?? ''),
      startWebSystem(settings, root),
    ]);
    trader = await openPage(browser);
    await signUp(trader.page, system, { user: 'uma', password: PASSWORD });
  }, 4 * START_MAX_MS);

  afterAll(async () => {
    await browser.close();
    await system.close();
    await broker.close();
    await database.close();
    rmSync(root, { recursive: true, force: true });
  }, 240_000);

  const mainScript = async (): Promise<string> => {
    const page = await trader.context.request.get(system.url, { headers: { accept: 'text/html' } });
    return /src="(\/assets\/index-[^"]+)"/.exec(await page.text())?.[1] ?? '';
  };

  test(
    'takes nothing from it: neither its pages nor what its processes start with',
    async () => {
      const script = await mainScript();
      // What a build does first.
      rmSync(join(root, 'dist'), { recursive: true });
      expect(await mainScript()).toBe(script);
      const loaded = await trader.context.request.get(`${system.url}${script}`);
      expect(loaded.status()).toBe(200);
      const { page } = trader;
      await page.reload();
      await page.getByRole('heading', { name: 'Portfolio' }).waitFor();
      for (const name of ['web-1', 'transaction-1']) {
        const before = await system.pidOf(name);
        process.kill(before ?? 0, 'SIGKILL');
        await until(
          async () => {
            const now = await system.pidOf(name);
            return now !== undefined && now !== before;
          },
          { what: `${name} is started again`, timeoutMs: START_MAX_MS },
        );
      }
      await until(async () => (await mainScript()) === script, {
        what: 'the same page is served again',
        timeoutMs: START_MAX_MS,
      });
      await page.locator('.banner').waitFor({ state: 'detached' });
      await page.getByRole('textbox', { name: 'Amount to add' }).fill('70');
      await page.getByRole('button', { name: 'Add funds' }).click();
      await page.getByText('$70.00 added').waitFor({ timeout: START_MAX_MS });
    },
    4 * START_MAX_MS,
  );

  test(
    'is taken by a rolling restart; a page that is open says so, and loads anew politely',
    async () => {
      const { page, complaints } = trader;
      const before = await mainScript();
      buildAnew(root);
      await system.run(['rolling-restart', 'web-1']);
      await page
        .getByText('There is a new version of this page.')
        .waitFor({ timeout: START_MAX_MS });
      // What somebody types meanwhile stays.
      await page.getByRole('textbox', { name: 'Amount to add' }).fill('12');
      const after = await mainScript();
      expect(after).not.toBe(before);
      await page.getByRole('link', { name: 'History' }).click();
      await page.getByRole('heading', { name: 'History' }).waitFor();
      const running = 'new URL(document.querySelector("script[type=module]").src).pathname';
      await until(async () => (await page.evaluate(running)) === after, {
        what: 'the new page is loaded',
      });
      expect(await page.locator('.banner').count()).toBe(0);
      expect(complaints).toEqual([]);
    },
    4 * START_MAX_MS,
  );
});

/** With its packages and its build, as it is. `cp` keeps times exactly, so that nothing seems changed. */
function copyOfProgram(): string {
  const root = mkdtempSync(join(tmpdir(), 'daytrade-program-'));
  const left = /^(node_modules|coverage|\..*)$/;
  const parts = readdirSync(packageRoot).filter((name) => !left.test(name));
  execFileSync('cp', ['-a', ...parts.map((name) => join(packageRoot, name)), root]);
  symlinkSync(join(packageRoot, 'node_modules'), join(root, 'node_modules'));
  return root;
}

/** As after a change of the client and its build, which would take a minute here. */
function buildAnew(root: string): void {
  execFileSync('cp', ['-a', join(packageRoot, 'dist'), root]);
  const page = join(root, 'dist/web-client/index.html');
  const html = readFileSync(page, 'utf8');
  const [, name = ''] = /\/assets\/(index-[^"]+\.js)"/.exec(html) ?? [];
  const newer = 'index-newer.js';
  const assets = join(root, 'dist/web-client/assets');
  renameSync(join(assets, name), join(assets, newer));
  writeFileSync(page, html.replaceAll(name, newer));
  for (const path of readdirSync(assets).map((file) => join(assets, file))) {
    // Other files import the main script. The compressed ones, which only a build makes, have its old name.
    if (/\.(br|gz)$/.test(path)) rmSync(path);
    else writeFileSync(path, readFileSync(path, 'utf8').replaceAll(name, newer));
  }
  appendFileSync(join(root, 'producers/web/client/src/main.tsx'), '\n');
  const stamps = `
    import { writeFileSync } from 'node:fs';
    import { clientFingerprintOf, fingerprintOf } from './infra/setup/fingerprint.mjs';
    writeFileSync('dist/.fingerprint', fingerprintOf('.'));
    writeFileSync('dist/.fingerprint-web-client', clientFingerprintOf('.'));
  `;
  execFileSync(process.execPath, ['--input-type=module', '-e', stamps], { cwd: root });
}
