/**
 * `npm run screenshots [FOLDER]`: every page at both widths, light and dark, of the real system with
 * a demo trader in a walked market.
 */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { until } from '../support/until.ts';
import { needChromium, openBrowser, openPage } from './chromium.ts';
import { openDemoMarket } from './demo-market.ts';
import { playDemo } from './demo.ts';
import { screenshotFolder } from './screenshot-folder.ts';
import { startWebSystem } from './web-system.ts';

const SHOTS = [
  ['signup', ''],
  ['trade', 'trade/ABC'],
  ['portfolio', 'portfolio'],
  ['triggers', 'triggers/ABC'],
  ['history', 'history'],
  ['settings', 'settings'],
] as const;
const ADMIN_PARTS = ['system', 'users', 'parked', 'log'] as const;
const WIDTHS = { wide: 1280, narrow: 380 } as const;
const SCHEMES = ['light', 'dark'] as const;

const folder = await screenshotFolder('screenshots', {
  description: 'take pictures of every page, wide and narrow, light and dark',
  standard: '.daytrade/screenshots',
});
const executable = needChromium();

const market = await openDemoMarket();
const system = await startWebSystem({
  QUOTE_SERVER: market.address,
  QUOTE_LIFETIME_S: '5',
  TRIGGER_REFRESH_S: '5',
});
const browser = await openBrowser(executable);
try {
  const { context, page } = await openPage(browser);
  await page.goto(`${system.url}/login`);
  await shoot(page, 'login', '.card');
  await page.goto(`${system.url}/signup`);
  await shoot(page, 'signup', '.card');
  const demo = await playDemo(system, market, page);
  for (const [name, path] of SHOTS.slice(1)) {
    await page.goto(`${system.url}/${path}`);
    if (name === 'trade') await demo.placeOrders(page);
    await shoot(page, name, name === 'history' ? 'tbody tr' : '.card');
  }
  await context.close();
  const admin = await openPage(browser);
  await demo.logInAsAdministrator(admin.page);
  for (const part of ADMIN_PARTS) {
    await admin.page.goto(`${system.url}/admin/${part}`);
    await shoot(admin.page, `admin-${part}`, '.card');
  }
} finally {
  await browser.close();
  await system.close();
  await market.close();
}
console.log(`Screenshots are in ${folder}`);

async function shoot(page: Page, name: string, ready: string): Promise<void> {
  await page.locator(ready).first().waitFor();
  for (const [size, width] of Object.entries(WIDTHS)) {
    await page.setViewportSize({ width, height: 900 });
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.evaluate('scrollTo(0, 0)');
      await settled(page);
      const path = join(folder, `${name}-${size}-${colorScheme}.png`);
      await page.screenshot({ path, fullPage: size === 'wide' });
    }
  }
}

/** What was asked for has come, and the charts are drawn. */
async function settled(page: Page): Promise<void> {
  const isThere = "!document.querySelector('.blank') && !/Loading …/.test(document.body.innerText)";
  await until(() => page.evaluate<boolean>(isThere), { what: 'the page has what it shows' });
  const twoFrames =
    'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))';
  await page.evaluate(twoFrames);
  await page.evaluate(twoFrames);
}
