/**
 * `npm run screenshots [FOLDER]`: every page of the real system at three widths, light and dark, with a demo
 * trader in a walked market, and again with the longest names and largest numbers.
 */
import { shootInto } from './camera.ts';
import { needChromium, openBrowser, openPage } from './chromium.ts';
import { openDemoMarket } from './demo-market.ts';
import { playDemo } from './demo.ts';
import { shootExtremes } from './extreme-demo.ts';
import { screenshotFolder } from './screenshot-folder.ts';
import { startWebSystem } from './web-system.ts';

const PATHS = [
  ['first-visit', 'trade'],
  ['trade', 'trade/ABC'],
  ['portfolio', 'portfolio'],
  ['triggers', 'triggers'],
  ['trigger', 'triggers/ABC'],
  ['history', 'history'],
  ['commands', 'history?list=commands'],
  ['inbox', 'inbox'],
  ['settings', 'settings'],
] as const;
const ADMIN_PARTS = ['operations', 'system', 'users', 'parked', 'log'] as const;

const folder = await screenshotFolder('screenshots', {
  description: 'take pictures of every page, wide and narrow, light and dark',
  standard: '.daytrade/screenshots',
});
const executable = needChromium();
const shoot = shootInto(folder);

const market = await openDemoMarket();
const system = await startWebSystem({
  QUOTE_SERVER: market.address,
  QUOTE_LIFETIME_S: '5',
  TRIGGER_REFRESH_S: '5',
});
const browser = await openBrowser(executable);
try {
  const { context, page } = await openPage(browser);
  for (const path of ['login', 'signup']) {
    await page.goto(`${system.url}/${path}`);
    await shoot(page, path);
  }
  const demo = await playDemo(system, market, page);
  for (const [name, path] of PATHS) {
    await page.goto(`${system.url}/${path}`);
    if (name === 'trade') await demo.placeOrders(page);
    await shoot(page, name);
  }
  await context.close();
  const admin = await openPage(browser);
  await demo.logInAsAdministrator(admin.page);
  for (const part of ADMIN_PARTS) {
    await admin.page.goto(`${system.url}/admin/${part}`);
    await shoot(admin.page, `admin-${part}`);
  }
  await admin.context.close();
  await shootExtremes({ system, browser, shoot });
} finally {
  await browser.close();
  await system.close();
  await market.close();
}
console.log(`Screenshots are in ${folder}`);
