/** How pages look at each width and on paper, and what axe finds on them, in real Chromium. */
import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { openPool } from '../../../shared/pg/pool.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { seriousFindings } from '../accessibility.ts';
import { openPage } from '../chromium.ts';
import { giveExtremes, LONGEST_NAME } from '../extreme-account.ts';
import { giveCommand, giveCommands } from '../give-command.ts';
import { layoutFaults } from '../layout.ts';
import { logIn, makeAdministrator, PASSWORD, signUp } from '../log-in.ts';
import { button } from '../page-parts.ts';
import { openTrader, type Web, type WebTests } from '../web-suite.ts';

export const testLayout: WebTests = (open) => {
  describe('the layout of pages', () => {
    let web: Web;
    let page: Page;

    openTrader(open, async (opened, trader) => {
      web = opened;
      page = trader.page;
      await signUp(page, web.system, { user: 'lena', password: PASSWORD });
      await giveCommands(page, [
        { command: 'ADD', amount: '100000.00' },
        { command: 'BUY', symbol: 'ABC', amount: '20000.00' },
        { command: 'COMMIT_BUY' },
        // One trigger fires at once, and another never.
        { command: 'SET_BUY_AMOUNT', symbol: 'ABC', amount: '2000.00' },
        { command: 'SET_BUY_TRIGGER', symbol: 'ABC', price: '2000.00' },
        { command: 'SET_SELL_AMOUNT', symbol: 'ABC', amount: '3000.00' },
        { command: 'SET_SELL_TRIGGER', symbol: 'ABC', price: '3000.00' },
      ]);
    });

    test('the longest name and the largest numbers hide no control, from 320 px on', async () => {
      const { page: extreme, context } = await openPage(web.browser, { width: 320 });
      await signUp(extreme, web.system, { user: LONGEST_NAME, password: PASSWORD });
      await giveCommand(extreme, { command: 'ADD', amount: '1000000000.00' });
      const url = await web.system.databaseUrl();
      const pool = openPool({ url, name: 'extremes', size: 1, log: recordingLogger() });
      await giveExtremes(pool, LONGEST_NAME);
      await pool.end();
      for (const path of [
        ...['trade/WWW', 'portfolio', 'triggers/WWW', 'history', 'history?list=commands'],
        'inbox',
        'settings',
      ]) {
        expect(await faultsOf(extreme, path)).toEqual([]);
      }
      await context.close();
      const admin = await openPage(web.browser, { width: 320 });
      await logIn(admin.page, web.system, await makeAdministrator(web.system, 'fifth-operator'));
      await admin.page.getByRole('link', { name: 'Admin' }).waitFor();
      for (const part of ['operations', 'system', 'users', 'parked', 'log']) {
        expect(await faultsOf(admin.page, `admin/${part}`)).toEqual([]);
      }
      await admin.page.goto(`${web.system.url}/admin/users`);
      await admin.page.setViewportSize({ width: 320, height: 900 });
      await button(admin.page, `Reset the password of ${LONGEST_NAME}`).click();
      expect(await layoutFaults(admin.page)).toEqual([]);
      await admin.context.close();
    });

    test.each(['trade', 'trade/ABC', 'portfolio', 'triggers/ABC', 'history', 'inbox', 'settings'])(
      'axe finds nothing serious on /%s, light or dark, wide or narrow',
      async (path) => {
        await page.goto(`${web.system.url}/${path}`);
        await page.locator('.card').first().waitFor();
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          for (const width of [380, 1280]) {
            await page.setViewportSize({ width, height: 900 });
            expect(await seriousFindings(page)).toEqual([]);
            const overflow = await page.evaluate<number>(
              'document.documentElement.scrollWidth - innerWidth',
            );
            expect(overflow).toBeLessThanOrEqual(0);
          }
        }
      },
    );

    test('axe finds nothing serious where one logs in or signs up', async () => {
      const stranger = await openPage(web.browser);
      for (const path of ['login', 'signup']) {
        await stranger.page.goto(`${web.system.url}/${path}`);
        await button(stranger.page, path === 'login' ? 'Log in' : 'Sign up').waitFor();
        expect(await seriousFindings(stranger.page)).toEqual([]);
      }
      expect(stranger.complaints).toEqual([]);
      await stranger.context.close();
    });

    test('a page prints as clean tables on A4, from a dark screen too', async () => {
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
      await page.setViewportSize(A4);
      for (const path of ['history', 'history?list=commands', 'portfolio']) {
        await page.goto(`${web.system.url}/${path}`);
        await page.locator('tbody tr').first().waitFor();
        const { display, background } = await page.evaluate<Printed>(PRINTED);
        expect([display, background]).toEqual(['table-row', 'rgb(255, 255, 255)']);
        expect(await page.locator('button:visible, .toolbar:visible, input:visible').count()).toBe(
          0,
        );
        expect(await layoutFaults(page)).toEqual([]);
      }
      await page.emulateMedia({ media: null, colorScheme: 'light' });
      await page.setViewportSize({ width: 1280, height: 900 });
    });
  });
};

/** Gives a page that was resized a second to be drawn anew. */
async function lastingFaults(page: Page): Promise<readonly string[]> {
  for (let tries = 0; tries < 5; tries += 1) {
    if ((await layoutFaults(page)).length === 0) return [];
    await page.waitForTimeout(200);
  }
  return await layoutFaults(page);
}

/** The faults of a page's layout at several widths. */
async function faultsOf(page: Page, path: string): Promise<readonly string[]> {
  await page.goto(new URL(`/${path}`, page.url()).href);
  await page.locator('.card').first().waitFor();
  await page.getByText('Loading …').first().waitFor({ state: 'detached' });
  const faults: string[] = [];
  for (const width of [320, 380, 1000, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    faults.push(...(await lastingFaults(page)).map((fault) => `/${path} at ${width} px: ${fault}`));
  }
  return faults;
}

/** A sheet of A4 without its margins, in pixels. */
const A4 = { width: 703, height: 1_031 };

type Printed = { readonly display: string; readonly background: string };

const PRINTED = `({
  display: getComputedStyle(document.querySelector('tbody tr')).display,
  background: getComputedStyle(document.body).backgroundColor,
})`;
