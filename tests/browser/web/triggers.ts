/** Triggers, the inbox and the watchlist, in real Chromium. */
import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { until } from '../../support/until.ts';
import { seriousFindings } from '../accessibility.ts';
import type { Watched } from '../chromium.ts';
import { giveCommand, giveCommands } from '../give-command.ts';
import { layoutFaults } from '../layout.ts';
import { PASSWORD, signUp } from '../log-in.ts';
import { button, field, isInView, notice, question } from '../page-parts.ts';
import { openTrader, type Web, type WebTests } from '../web-suite.ts';

export const testTriggers: WebTests = (open) => {
  describe('triggers', () => {
    let web: Web;
    let trader: Watched;
    let page: Page;

    openTrader(open, async (opened, visitor) => {
      web = opened;
      trader = visitor;
      page = trader.page;
      await signUp(page, web.system, { user: 'tilda', password: PASSWORD });
      await giveCommands(page, [
        { command: 'ADD', amount: '100000.00' },
        { command: 'BUY', symbol: 'ABC', amount: '20000.00' },
        { command: 'COMMIT_BUY' },
      ]);
      await page.goto(`${web.system.url}/trade/ABC`);
    });

    test('a trigger is set by typing or by the arrow keys, and its firing is told without reload', async () => {
      await page.getByRole('link', { name: 'Set a trigger' }).click();
      await field(page, 'Buy for').fill('10000');
      const line = page.getByRole('slider', { name: 'Trigger price to buy ABC' });
      await line.focus();
      const before = await field(page, 'When it falls to').inputValue();
      await line.press('PageDown');
      const after = await field(page, 'When it falls to').inputValue();
      expect(Number(after)).toBeLessThan(Number(before));
      await page.getByText(/^When ABC costs .* or less, buy/).waitFor();
      await button(page, 'Arm the trigger').click();
      await notice(page, 'ABC trigger armed').waitFor();
      // Half as high again as the price: met at once.
      await field(page, 'When it falls to').fill((Number(before) * 1.5).toFixed(2));
      await button(page, 'Move the trigger').click();
      await question(page, /^ABC is already below .*: this buys [\d,]+ shares? now/).waitFor();
      await button(page, 'Buy now').click();
      await notice(page, 'Your ABC trigger fired').waitFor({ timeout: 20_000 });
      await page.getByText('Fired', { exact: true }).first().waitFor();
      await page.getByText('No active triggers.').waitFor();
    });

    test('a trigger is filled in by parts, and edited and cancelled on the page of its stock', async () => {
      await page.goto(`${web.system.url}/triggers/ABC`);
      await page.getByRole('button', { name: 'Sell', exact: true }).click();
      await page.locator('.chips').getByRole('button', { name: 'All' }).click();
      const shares = await field(page, 'Shares').inputValue();
      await page.getByText(`${shares} shares available`).waitFor();
      // More than any price here, so that it does not fire before it is cancelled.
      const price = await until(
        async () => Number(await field(page, 'When it rises to').inputValue()) || undefined,
        {
          what: 'a price above zero is suggested',
        },
      );
      await field(page, 'When it rises to').fill((price * 5).toFixed(2));
      await page.getByText(/^\$[\d,.]+ \(\d+\.\d\d%\) above the latest price\. Type it/).waitFor();
      await button(page, 'Arm the trigger').click();
      await notice(page, 'ABC trigger armed').last().waitFor();
      await page.getByRole('link', { name: 'ABC', exact: true }).click();
      await page.getByText(`Sells ${shares} shares when ABC costs`).waitFor();
      await page.getByText(/above the latest price of \$/).waitFor();
      await page.getByRole('link', { name: 'Edit the ABC sell trigger' }).click();
      await button(page, 'Move the trigger').waitFor();
      await field(page, 'Sell for').waitFor();
      await page.getByRole('link', { name: 'ABC', exact: true }).click();
      await button(page, 'Cancel the ABC sell trigger').click();
      await page.getByText('None on this stock.').waitFor();
      await page.goto(`${web.system.url}/triggers/ABC`);
      await button(page, 'Arm the trigger').waitFor();
    });

    test('a trigger that stands is what its form begins with, on a narrow page too, and is cancelled', async () => {
      // Less than any price here, so that it stays.
      await field(page, 'Buy for').fill('50');
      await field(page, 'When it falls to').fill('0.01');
      await button(page, 'Arm the trigger').click();
      await page.getByText('Buys as many shares as $50.00').waitFor();
      await page.reload();
      await button(page, 'Move the trigger').waitFor();
      await until(async () => (await field(page, 'When it falls to').inputValue()) === '0.01', {
        what: 'the price is that of the trigger',
      });
      expect(await field(page, 'Buy for').inputValue()).toBe('50.00');
      await page.setViewportSize({ width: 380, height: 900 });
      await until(() => isLineOnChart(page), { what: 'the line is on the narrow chart' });
      await page.setViewportSize({ width: 1280, height: 900 });
      await until(() => isLineOnChart(page), { what: 'the line is on the wide chart' });
      // Another amount is a change, not a cancellation.
      await field(page, 'Buy for').fill('60');
      await button(page, 'Move the trigger').click();
      await page.getByText('Buys as many shares as $60.00').waitFor();
      expect(await page.getByText('The ABC buy trigger was cancelled.').count()).toBe(0);
      // A price so far away does not squash the chart, which names it.
      await page.goto(`${web.system.url}/trade/ABC`);
      await page.getByText('Beyond the chart: buy at $0.01 (below).').waitFor();
      await page.goto(`${web.system.url}/triggers/ABC`);
      await button(page, 'Cancel the ABC buy trigger').click();
      await notice(page, 'ABC trigger cancelled').waitFor();
      await page.getByText('No active triggers.').waitFor();
    });

    test('a trigger whose price is met already says so, and trades only when that is confirmed', async () => {
      await page.setViewportSize({ width: 380, height: 900 });
      const armed: string[] = [];
      page.on('request', (request) => {
        if (request.postData()?.includes('SET_SELL_') === true) armed.push(request.url());
      });
      await page.getByRole('button', { name: 'Sell', exact: true }).click();
      await page.getByText('there is no stop-loss').waitFor();
      // The form begins above the price; the last test left a cent.
      await until(async () => Number(await field(page, 'When it rises to').inputValue()) > 1, {
        what: 'the price is one to sell at',
      });
      const above = Number(await field(page, 'When it rises to').inputValue());
      await field(page, 'Sell for').fill('3000');
      await field(page, 'When it rises to').fill((above * 0.75).toFixed(2));
      await page.getByText(/^ABC is already above/).waitFor();
      await page.getByText(/^Latest price of ABC: \$.*( ago|just now)\.$/).waitFor();
      await button(page, 'Arm the trigger').click();
      const asked = question(
        page,
        /^ABC is already above \$.*: this sells [\d,]+ shares? now, at about \$/,
      );
      await asked.waitFor();
      await until(() => isInView(button(page, 'Sell now')), {
        what: 'the question is before the eyes',
      });
      expect(await seriousFindings(page)).toEqual([]);
      await page.keyboard.press('Enter');
      await button(page, 'Change it').click();
      await asked.waitFor({ state: 'detached' });
      await until(() => page.evaluate<boolean>('document.activeElement.name === "trigger-price"'), {
        what: 'the price can be typed',
      });
      expect(armed).toEqual([]);
      await button(page, 'Arm the trigger').click();
      await button(page, 'Sell now').click();
      await notice(page, /^Sold [\d,]+ shares? of ABC at/).waitFor();
      expect(armed).toHaveLength(2);
      await page.setViewportSize({ width: 1280, height: 900 });
    });

    test('a trigger that fires while no page is open is in the inbox, with an unread mark', async () => {
      await page.goto(`${web.system.url}/inbox`);
      await page.getByRole('listitem').filter({ hasText: 'New' }).first().waitFor();
      await page.getByRole('link', { name: 'Inbox', exact: true }).waitFor();
      // A page that does not follow the account.
      await page.goto(`${web.system.url}/health`);
      await fireTrigger(page);
      await page.goto(`${web.system.url}/portfolio`);
      await page.getByRole('link', { name: 'Inbox: 1 unread' }).click();
      await page.getByText('New', { exact: true }).waitFor();
      await page
        .getByText(/^Bought [\d,]+ shares? of ABC at .* in cash\.$/)
        .first()
        .waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      await page.getByRole('link', { name: 'Inbox', exact: true }).waitFor();
      await page.reload();
      await page
        .getByText(/^Bought [\d,]+ shares? of ABC at/)
        .first()
        .waitFor();
      expect(await page.getByText('New', { exact: true }).count()).toBe(0);
    });

    test('the browser notifies of a trigger that fires while the page is in the background', async () => {
      const hidden = await trader.context.newPage();
      await hidden.addInitScript(NOTIFICATIONS);
      await hidden.goto(`${web.system.url}/inbox`);
      await button(hidden, 'Notify me').click();
      await hidden.getByText('This browser notifies you').waitFor();
      await hidden.evaluate('isHidden = true');
      await fireTrigger(page);
      await until(() => hidden.evaluate<boolean>('notices.includes("Your ABC trigger fired")'), {
        what: 'the browser has notified',
      });
      await hidden.close();
    });

    test('a stock that is starred is on the watchlist of every page and browser', async () => {
      await page.goto(`${web.system.url}/trade/ABC`);
      await button(page, 'Watch ABC').click();
      await page.getByRole('button', { name: 'Watch ABC', pressed: true }).waitFor();
      const other = await trader.context.newPage();
      await other.goto(`${web.system.url}/trade`);
      const watched = other
        .getByRole('listitem')
        .filter({ hasText: /ABC\$[\d,.]+(just now|.* ago)/ });
      await watched.waitFor();
      expect(await seriousFindings(other)).toEqual([]);
      expect(await layoutFaults(other)).toEqual([]);
      await other.getByRole('link', { name: 'ABC' }).last().waitFor();
      await button(other, 'Watch ABC').click();
      await other.getByText('Nothing yet.').waitFor();
      await other.close();
      await page.goto(`${web.system.url}/portfolio`);
    });
  });
};

/** Grants notifications, and lets a test hide the page. */
const NOTIFICATIONS = `
  globalThis.notices = [];
  globalThis.isHidden = false;
  globalThis.Notification = class extends EventTarget {
    static permission = 'default';
    static requestPermission() { return Promise.resolve('granted'); }
    constructor(title) { super(); notices.push(title); }
  };
  Object.defineProperty(document, 'visibilityState', {
    get: () => (isHidden ? 'hidden' : 'visible'),
  });
`;

/** Sets a trigger that fires at once, because its price is far above that of the stock. */
async function fireTrigger(page: Page): Promise<void> {
  await giveCommand(page, { command: 'SET_BUY_AMOUNT', symbol: 'ABC', amount: '2000.00' });
  await giveCommand(page, { command: 'SET_BUY_TRIGGER', symbol: 'ABC', price: '2000.00' });
}

async function isLineOnChart(page: Page): Promise<boolean> {
  const line = await page.getByRole('slider', { name: /^Trigger price/ }).boundingBox();
  const chart = await page.locator('.chart-canvas').boundingBox();
  if (line === null || chart === null) return false;
  const middle = line.y + line.height / 2;
  return chart.y < middle && middle < chart.y + chart.height;
}
