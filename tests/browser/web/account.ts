/** The portfolio, its history, and a network that drops, in real Chromium. */
import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { deferred } from '../../../shared/runtime/deferred.ts';
import type { PortfolioView } from '../../../shared/web-api/portfolio.ts';
import type { ValueHistory } from '../../../shared/web-api/quote.ts';
import { until } from '../../support/until.ts';
import type { Watched } from '../chromium.ts';
import { giveCommand, giveCommands } from '../give-command.ts';
import { PASSWORD, signUp } from '../log-in.ts';
import { button, centsIn, fact, field, notice, saved } from '../page-parts.ts';
import { openTrader, type Web, type WebTests } from '../web-suite.ts';

export const testAccount: WebTests = (open) => {
  describe('the account', () => {
    let web: Web;
    let trader: Watched;
    let page: Page;

    openTrader(open, async (opened, visitor) => {
      web = opened;
      trader = visitor;
      page = trader.page;
      await signUp(page, web.system, { user: 'maria', password: PASSWORD });
      await giveCommands(page, [
        { command: 'ADD', amount: '100000.00' },
        { command: 'BUY', symbol: 'ABC', amount: '20000.00' },
        { command: 'COMMIT_BUY' },
        // The price is asked for every second because of a trigger, so that the value has a curve.
        { command: 'SET_BUY_AMOUNT', symbol: 'ABC', amount: '50.00' },
        { command: 'SET_BUY_TRIGGER', symbol: 'ABC', price: '0.01' },
        { command: 'BUY', symbol: 'ABC', amount: '20000.00' },
        { command: 'CANCEL_BUY' },
        { command: 'BUY', symbol: 'ABC', amount: '900000.00' },
        // Expires while the network drops.
        { command: 'BUY', symbol: 'ABC', amount: '20000.00' },
      ]);
      await page.reload();
    });

    test('a lost answer is asked for again, and nothing is done twice', async () => {
      await page.getByRole('link', { name: 'Portfolio' }).click();
      const cash = Number((await fact(page, 'Cash')).replace(/[$,]/g, ''));
      let lost = 0;
      await page.route('**/api/v1/commands', async (route) => {
        if (lost > 0) {
          await route.fallback();
          return;
        }
        lost += 1;
        await route.fetch();
        await route.abort('connectionreset');
      });
      await field(page, 'Amount to add').fill('1000');
      await button(page, 'Add funds').click();
      await notice(page, '$1,000.00 added').waitFor();
      await page.unroute('**/api/v1/commands');
      expect(lost).toBe(1);
      await page.reload();
      await page.getByRole('heading', { name: 'Portfolio' }).waitFor();
      await page.locator('.facts').first().waitFor();
      expect(Number((await fact(page, 'Cash')).replace(/[$,]/g, ''))).toBe(cash + 1_000);
    });

    test('a network that drops is said, and what was asked meanwhile is done when it is back', async () => {
      await trader.context.setOffline(true);
      await page.getByText('Connection lost').waitFor();
      await field(page, 'Amount to add').fill('500');
      await button(page, 'Add funds').click();
      await page.getByText('No answer yet for your last command').waitFor();
      await trader.context.setOffline(false);
      await notice(page, '$500.00 added').waitFor();
      await page.locator('.banner').waitFor({ state: 'detached' });
    });

    test('what could not be loaded is loaded when the network is back, or by a button', async () => {
      await trader.context.setOffline(true);
      await button(page, '1W').click();
      await page.getByText('The server cannot be reached right now.').waitFor();
      await trader.context.setOffline(false);
      await page.locator('.chart-canvas').waitFor();
      await page.route('**/api/v1/value-history?*', (route) => route.abort());
      await button(page, '1M').click();
      await button(page, 'Try again').waitFor();
      await page.unroute('**/api/v1/value-history?*');
      await button(page, 'Try again').click();
      await page.locator('.chart-canvas').waitFor();
    });

    test('a page whose file does not arrive says so, and is loaded anew by a button', async () => {
      await page.goto(`${web.system.url}/portfolio`);
      await page.route('**/assets/history-*', (route) => route.abort());
      await page.getByRole('link', { name: 'History' }).click();
      await page.getByText('This page could not be loaded.').waitFor();
      await page.unroute('**/assets/history-*');
      await button(page, 'Load the page anew').click();
      await page.getByRole('heading', { name: 'History' }).waitFor();
      await page.goto(`${web.system.url}/portfolio`);
    });

    test('a page that waits for the portfolio does not show it as empty', async () => {
      const asked = deferred();
      await page.route('**/api/v1/events*', async (route) => {
        await asked.promise;
        await route.continue();
      });
      await page.goto(`${web.system.url}/triggers/ABC`);
      await page.getByText('Loading …').first().waitFor();
      expect(await page.getByText('No active triggers.').count()).toBe(0);
      expect(await page.getByText('$0.00 available').count()).toBe(0);
      asked.resolve();
      await page.getByText(/^\$[\d,.]+ available$/).waitFor();
      await page.unroute('**/api/v1/events*');
      await page.goto(`${web.system.url}/portfolio`);
    });

    test('a server that restarts is waited for, and the page goes on as it was', async () => {
      await field(page, 'Amount to add').fill('125');
      await Promise.all([
        web.system.run(['rolling-restart', 'web-1']),
        page.getByText('Connection lost').waitFor({ timeout: 60_000 }),
      ]);
      await page.locator('.banner').waitFor({ state: 'detached' });
      await expect(field(page, 'Amount to add').inputValue()).resolves.toBe('125');
      await button(page, 'Add funds').click();
      await notice(page, '$125.00 added').waitFor();
    }, 240_000);

    test('two tabs show the same, and one that logs out takes the other with it', async () => {
      const other = await trader.context.newPage();
      await other.goto(`${web.system.url}/portfolio`);
      await field(other, 'Amount to add').fill('250');
      await button(other, 'Add funds').click();
      await notice(other, '$250.00 added').waitFor();
      const available = other.locator('.facts > div', { hasText: 'Available' }).locator('dd');
      const shown = await available.innerText();
      await page
        .locator('.facts > div', { hasText: 'Available' })
        .locator('dd', { hasText: shown })
        .waitFor();
      await button(other, 'Log out').click();
      await page.getByRole('heading', { name: 'Log in' }).waitFor();
      await page.getByText('Your session has ended').waitFor();
      await other.close();
      await field(page, 'User name').fill('maria');
      await page.getByLabel('Password').fill(PASSWORD);
      await button(page, 'Log in').click();
      await page.getByRole('heading', { name: 'Portfolio' }).waitFor();
    });

    test('the profit and loss of all positions, closed ones too, add up to that of the portfolio', async () => {
      await buyAndSellAll(page, 'XYZ');
      await page.getByRole('link', { name: 'Portfolio' }).click();
      await page.getByRole('row', { name: /XYZ Closed/ }).waitFor();
      await page
        .getByText(/^What changed since the day started, at midnight UTC \(\d\d:\d\d/)
        .waitFor();
      // Prices move with each hit, so all figures are read at one instant.
      const { head, rows, total } = await page.evaluate<Figures>(FIGURES);
      expect(rows.length).toBeGreaterThan(1);
      const sumOf = (index: number) => rows.reduce((sum, row) => sum + signedCents(row[index]), 0);
      const columns = ['P/L today', 'Unrealised', 'Realised'];
      for (const [index, term] of columns.entries()) {
        expect(signedCents(head[term])).toBe(sumOf(index));
        expect(signedCents(total[index])).toBe(sumOf(index));
      }
      expect(signedCents(head['P/L total'])).toBe(sumOf(1) + sumOf(2));
    });

    test('a new account has its real curve in every range', async () => {
      for (const range of ['1h', '1d', '1w', '1M', 'all']) {
        const { points } = await page.evaluate<ValueHistory>(
          `fetch('/api/v1/value-history?range=${range}').then((response) => response.json())`,
        );
        expect(new Set(points.map(({ value }) => value)).size).toBeGreaterThan(3);
      }
      await button(page, 'All').click();
      await page.getByRole('img', { name: /^Total value: from \$100,000.00 to/ }).waitFor();
    });

    test('the history is filtered, searched, and saved as CSV and as XML', async () => {
      await page.getByRole('link', { name: 'History' }).click();
      await page
        .getByRole('row', { name: /Bought/ })
        .first()
        .waitFor();
      await page.getByLabel('Kind').selectOption('Funds added');
      await page
        .getByRole('row', { name: /Bought/ })
        .first()
        .waitFor({ state: 'detached' });
      const csv = await saved(page, () =>
        page.getByRole('link', { name: 'Export as CSV' }).click(),
      );
      expect(csv.split('\n').filter((line) => line.includes('FundsAdded'))).toHaveLength(5);
      await page.getByRole('row', { name: /Funds added .*\+\$100,000.00 \$100,000.00/ }).waitFor();
      await button(page, 'Orders and commands').click();
      const order = 'ABC \\$[\\d,.]+ \\d+ \\$[\\d,.]+';
      for (const [kind, row] of [
        ['Buy', `Buy ${order} of \\$20,000.00 Committed`],
        ['Buy', `Buy ${order} of \\$20,000.00 Expired`],
        ['Cancel buy', `Cancel buy ${order} Cancelled`],
        ['Commit buy', `Commit buy ${order} Committed`],
      ] as const) {
        // The renewals of prices fill the first page of all kinds.
        await page.getByLabel('Kind').selectOption(kind);
        await page
          .getByRole('row', { name: new RegExp(row) })
          .first()
          .waitFor();
      }
      await page.getByLabel('Kind').selectOption('Any kind');
      await page.getByLabel('Status').selectOption('Refused');
      await page.getByRole('row', { name: /Buy .* Refused.*You do not have that much/ }).waitFor();
      const shown = page
        .locator('main')
        .getByText(/\b1,000,\d{3},\d{3}\b/)
        .first();
      const [number = ''] = /1,000,\d{3},\d{3}/.exec(await shown.innerText()) ?? [];
      const [answer] = await Promise.all([
        page.waitForResponse(/\/api\/v1\/history\?.*q=/),
        page.getByLabel('Search').fill(number),
      ]);
      expect(await answer.json()).toMatchObject({
        items: [{ number: Number(number.replace(/,/g, '')) }],
      });
      await page.getByRole('row', { name: /Buy .* Refused.*You do not have that much/ }).waitFor();
      // Filter, list and page are in the address, and so survive Back.
      expect(new URL(page.url()).searchParams.get('text')).toBe(number);
      await page.getByRole('link', { name: 'Portfolio' }).click();
      await page.getByRole('heading', { name: 'Portfolio' }).waitFor();
      await page.goBack();
      await page.getByRole('row', { name: /Buy .* Refused.*You do not have that much/ }).waitFor();
      await expect(page.getByLabel('Status').inputValue()).resolves.toBe('rejected');
      await expect(page.getByLabel('Search').inputValue()).resolves.toBe(number);
      await expect(page.title()).resolves.toBe('Orders and commands · History · daytrade');
      await page.getByLabel('Search').fill('no such thing');
      await page.getByText('Nothing here.').waitFor();
      const xml = await saved(page, () =>
        page.getByRole('link', { name: /Download my log/ }).click(),
      );
      expect(xml).toMatch(/^<\?xml version="1.0"\?>\s*<log>/);
      expect(xml).toMatch(/<\/log>\s*$/);
    });

    test('a moment of the value chart opens the portfolio of that time', async () => {
      await page.getByRole('link', { name: 'Portfolio' }).click();
      const slider = page.getByRole('slider', { name: /^Total value at a time/ });
      await slider.press('Home');
      await slider.press('Enter');
      await page.getByText(/^As of /).waitFor();
      const at = Number(new URL(page.url()).searchParams.get('at'));
      const past = await page.evaluate<PortfolioView>(
        `fetch('/api/v1/portfolio?at=${at}').then((answer) => answer.json())`,
      );
      expect(past.now).toBe(at);
      await until(async () => centsIn(await fact(page, 'Cash')) === past.balance, {
        what: 'the page shows the cash of that time',
      });
      await expect(page.getByRole('button', { name: /Refresh/ }).count()).resolves.toBe(0);
      await page.getByRole('link', { name: 'Day before' }).click();
      await page.getByText(/your account was opened at/).waitFor();
      await page.goBack();
      await page.getByRole('link', { name: 'Back to now' }).click();
      await page.getByRole('heading', { name: 'Positions' }).waitFor();
      const box = await page.locator('.chart-canvas').boundingBox();
      await page.locator('.chart-canvas').click({ position: { x: (box?.width ?? 0) / 3, y: 60 } });
      await page.getByText(/^As of /).waitFor();
      await page.getByRole('link', { name: 'Back to now' }).click();
      await page.getByText(/^As of /).waitFor({ state: 'detached' });
    });

    test('a line of the history leads to its moment on the chart, which marks the trades', async () => {
      await page.getByRole('link', { name: 'History' }).click();
      const bought = page.getByRole('row', { name: /Bought ABC/ }).first();
      const when = bought.locator('a:has(time)');
      const [time, shares] = [
        await when.innerText(),
        await bought.getByRole('cell').nth(3).innerText(),
      ];
      await when.click();
      await page.getByText(`From your history: ${time}.`).waitFor();
      await page.getByText(/^Your trades: \d+ buys?/).waitFor();
      await page.getByText(/^Today \(UTC\): low \$[\d,.]+, high \$[\d,.]+\.$/).waitFor();
      // The keys start at the moment; a screen reader is told the value of the slider alone.
      const slider = page.getByRole('slider', { name: 'Price of ABC at a time' });
      const told = async (): Promise<string> => (await slider.getAttribute('aria-valuetext')) ?? '';
      expect(await told()).toContain(`Bought ${shares.replace(/\D/g, '')} share`);
      await slider.press('End');
      const last = await told();
      await page.locator('.crosshair-reading').getByText(last).waitFor();
      await slider.press('ArrowLeft');
      const before = await told();
      expect(before).not.toBe(last);
      await page.locator('.crosshair-reading').getByText(before).waitFor();
      await slider.press('Escape');
      await page.getByText(before).waitFor({ state: 'detached' });
      // The pointer moves the crosshair without a word to the screen reader; so does a finger.
      const still = await told();
      const reading = page.locator('.crosshair-reading').getByText(/: \$[\d,.]+\./);
      await page.locator('.chart-canvas').hover();
      await reading.waitFor();
      await page.mouse.move(0, 0);
      await reading.waitFor({ state: 'detached' });
      const box = await page.locator('.chart-canvas').boundingBox();
      const touch = { pointerType: 'touch', clientX: (box?.x ?? 0) + 200, bubbles: true };
      await page.locator('.chart-canvas').dispatchEvent('pointermove', touch);
      await reading.waitFor();
      expect(await told()).toBe(still);
      await page.getByRole('link', { name: 'Remove the mark' }).click();
      await page.getByText(/From your history/).waitFor({ state: 'detached' });
    });
  });
};

type Figures = {
  readonly head: Readonly<Record<string, string>>;
  /** The profit of each position: of the day, unrealised and realised. */
  readonly rows: readonly (readonly string[])[];
  readonly total: readonly string[];
};

const FIGURES = `(() => {
  const cells = (row) => ['P/L today', 'Unrealised', 'Realised'].map(
    (term) => row.querySelector('[data-label="' + term + '"]')?.innerText ?? '');
  const head = [...document.querySelectorAll('.worth-changes > div')].map(
    (pair) => [pair.querySelector('dt').innerText, pair.querySelector('dd').innerText]);
  return {
    head: Object.fromEntries(head),
    rows: [...document.querySelectorAll('main tbody tr')].map(cells),
    total: cells(document.querySelector('main tfoot tr')),
  };
})()`;

/** `▼ −$3.10 (−1.25%)` → -310; 0 for an empty cell. */
function signedCents(text = ''): number {
  const [, sign, money = ''] = /([−+]?)\$([\d,.]+)/.exec(text) ?? [];
  return centsIn(money) * (sign === '−' ? -1 : 1);
}

/** Buys some shares, and sells all of them at another price. */
async function buyAndSellAll(page: Page, symbol: string): Promise<void> {
  await giveCommand(page, { command: 'BUY', symbol, amount: '5000.00' });
  await giveCommand(page, { command: 'COMMIT_BUY' });
  await until(
    async () => {
      const { holdings } = await page.evaluate<PortfolioView>(
        `fetch('/api/v1/portfolio').then((response) => response.json())`,
      );
      const shares = holdings.find((holding) => holding.symbol === symbol)?.available ?? 0;
      if (shares === 0) return true;
      const quoted = await giveCommand(page, { command: 'QUOTE', symbol });
      const cents = 'price' in quoted ? (quoted.price ?? 0) * shares : 0;
      // Is not done if the quote has expired meanwhile and the price fell.
      await giveCommand(page, { command: 'SELL', symbol, amount: (cents / 100).toFixed(2) });
      await giveCommand(page, { command: 'COMMIT_SELL' });
      return false;
    },
    { what: `all ${symbol} is sold` },
  );
}
