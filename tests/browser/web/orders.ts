/** Signing up, funds, quotes and orders, in real Chromium. */
import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { until } from '../../support/until.ts';
import { seriousFindings } from '../accessibility.ts';
import { PASSWORD } from '../log-in.ts';
import {
  button,
  centsIn,
  fact,
  field,
  isFaulty,
  isFocused,
  isInView,
  notice,
} from '../page-parts.ts';
import { openTrader, type Web, type WebTests } from '../web-suite.ts';

export const testOrders: WebTests = (open) => {
  describe('signing up and trading', () => {
    let web: Web;
    let page: Page;

    openTrader(open, (opened, trader) => {
      web = opened;
      page = trader.page;
    });

    test('whoever comes is asked to log in, and signs up', async () => {
      await page.goto(`${web.system.url}/`);
      await page.getByRole('heading', { name: 'Log in' }).waitFor();
      await page.getByRole('banner').getByRole('link', { name: 'Sign up' }).click();
      await field(page, 'User name').fill('maria');
      await page.getByLabel('Password').fill('short');
      await button(page, 'Sign up').click();
      const password = page.getByLabel('Password');
      await isFaulty(password, /^A password has 10 to 200 characters; this one has 5\.$/);
      await password.fill(PASSWORD);
      expect(await password.getAttribute('type')).toBe('password');
      await button(page, 'Show').click();
      expect(await password.getAttribute('type')).toBe('text');
      expect(await field(page, 'User name').getAttribute('autocapitalize')).toBe('none');
      // A name that is too long is shown whole, and refused.
      await field(page, 'User name').fill('m'.repeat(65));
      await button(page, 'Sign up').click();
      await isFaulty(field(page, 'User name'), /at most 64 characters; this one has 65/);
      await expect(field(page, 'User name').inputValue()).resolves.toHaveLength(65);
      await field(page, 'User name').fill('maria');
      await password.fill('password1234');
      await button(page, 'Sign up').click();
      await isFaulty(password, /^Choose another password/);
      await password.fill(PASSWORD);
      await button(page, 'Sign up').click();
      await page.getByRole('heading', { name: 'Portfolio' }).waitFor();
      await page.getByRole('banner').getByText('maria').waitFor();
    });

    test('funds that are added are there at once, with the number of the transaction', async () => {
      await field(page, 'Amount to add').fill('100,000');
      await button(page, 'Add funds').click();
      await notice(page, '$100,000.00 added').waitFor();
      await notice(page, /Transaction 1,\d{3},\d{3},\d{3}/).waitFor();
      await expect(fact(page, 'Available')).resolves.toBe('$100,000.00');
    });

    test('a stock that is opened shows a price without being asked twice', async () => {
      await page.getByRole('link', { name: 'Trade', exact: true }).click();
      await page.getByRole('listitem').filter({ hasText: 'Add funds (done)' }).waitFor();
      const search = page.getByRole('combobox', { name: 'Open a symbol' });
      await search.fill('abcd');
      await isFaulty(search, /^A symbol has one to three letters; ABCD has 4\.$/);
      await expect(search.inputValue()).resolves.toBe('ABCD');
      await page.getByRole('combobox', { name: 'Open a symbol' }).fill('abc');
      await page.getByRole('combobox', { name: 'Open a symbol' }).press('Enter');
      const opened = performance.now();
      await page.getByTestId('price').getByText('$').waitFor();
      await expect(page.title()).resolves.toBe('ABC · Trade · daytrade');
      console.log(`the first quote stood after ${Math.round(performance.now() - opened)} ms`);
      await page.getByText(/Live quote|Old quote/).waitFor();
    });

    test('an order whose countdown runs out trades nothing, and can be quoted again', async () => {
      await field(page, 'Amount').fill('20000');
      await page.getByText('≈').waitFor();
      await button(page, 'Review buy').click();
      await page.getByRole('article', { name: /^Buy/ }).getByRole('timer').waitFor();
      await page.reload();
      await page.getByRole('article', { name: 'Ran out: buy ABC' }).waitFor();
      await page.reload();
      // What was asked for, not the cost of the shares that it would have bought.
      await until(async () => (await field(page, 'Ask again for').inputValue()) === '20000.00', {
        what: 'the amount is that of before',
      });
      await field(page, 'Ask again for').fill('10000');
      // The page renews its quote by commands too.
      const [again] = await Promise.all([
        page.waitForRequest((request) => request.postData()?.includes('"BUY"') === true),
        button(page, 'Quote again').click(),
      ]);
      expect(again.postDataJSON()).toMatchObject({ command: 'BUY', amount: '10000.00' });
      await page.getByRole('article', { name: /^Buy/ }).waitFor();
      await page.getByRole('article', { name: /^Ran out/ }).waitFor({ state: 'detached' });
      await button(page, 'Cancel').click();
      await notice(page, 'Buy cancelled').waitFor();
    });

    test('a pending order is shown on every page, and its end is told there', async () => {
      await field(page, 'Amount').fill('20000');
      await button(page, 'Review buy').click();
      await button(page, 'Commit buy').waitFor();
      await page.getByRole('link', { name: 'History' }).click();
      const badge = page
        .getByRole('banner')
        .getByRole('link', { name: /^Buy \d+ shares? of ABC \d+ s$/ });
      await badge.waitFor();
      await notice(page, /^Your buy of \d+ shares? of ABC ran out$/).waitFor();
      await badge.waitFor({ state: 'detached' });
      await page.getByRole('log').getByRole('link', { name: 'Quote again' }).click();
      await page.getByRole('article', { name: 'Ran out: buy ABC' }).waitFor();
      await page.locator('.order.over').getByRole('button', { name: 'Dismiss' }).click();
    });

    test('a buy that is committed in time is a position', async () => {
      await field(page, 'Amount').fill('20000');
      await button(page, 'Review buy').click();
      await button(page, 'Commit buy').click();
      await notice(page, /^Bought \d+ shares? of ABC$/).waitFor();
      await isFocused(page.getByRole('group', { name: /^Bought \d+ shares? of ABC$/ }));
      await page.keyboard.press('Escape');
      await isFocused(field(page, 'Amount'));
      await button(page, 'Get a quote').click();
      await isFocused(page.getByTestId('price'));
      await page
        .getByRole('status')
        .getByText(/^ABC costs \$[\d,.]+\.$/)
        .waitFor();
      await page.getByRole('link', { name: 'Portfolio' }).click();
      await page.getByRole('row', { name: /ABC/ }).waitFor();
      expect(Number((await fact(page, 'Cash')).replace(/[$,]/g, ''))).toBeLessThan(100_000);
    });

    test('shares are traded by count, and all of them at a price of now', async () => {
      await page.getByRole('link', { name: 'ABC' }).click();
      await page.getByRole('button', { name: 'Sell', exact: true }).click();
      await page.getByText('Live quote').waitFor();
      await page.getByText('Old quote').waitFor();
      const available = await page.getByText(/ shares of ABC available$/).innerText();
      const [quoted] = await Promise.all([
        page.waitForRequest((request) => request.postData()?.includes('"QUOTE"') === true),
        page.locator('.chips').getByRole('button', { name: 'All' }).click(),
      ]);
      expect(quoted.postDataJSON()).toEqual({ command: 'QUOTE', symbol: 'ABC' });
      const count = await field(page, 'Shares').inputValue();
      expect(available).toContain(`${count} shares of ABC available`);
      await button(page, 'Review sell').click();
      await page.getByRole('article', { name: `Sell ${count} shares of ABC` }).waitFor();
      await page.getByRole('button', { name: 'Cancel', exact: true }).click();
      await notice(page, 'Sell cancelled').last().waitFor();
      await page.getByRole('button', { name: 'Buy', exact: true }).click();
      await field(page, 'Shares').fill('2');
      await button(page, 'Review buy').click();
      await page.getByRole('article', { name: 'Buy 2 shares of ABC' }).waitFor();
      await page.getByRole('button', { name: 'Cancel', exact: true }).click();
      await notice(page, 'Buy cancelled').last().waitFor();
      await page.getByRole('link', { name: 'Portfolio' }).click();
    });

    test('prices show their age, and one button renews those that are old', async () => {
      const age = page.getByRole('row', { name: /ABC/ }).getByText(/^(just now|\d+ s ago)$/);
      await age.waitFor();
      await button(page, 'Refresh 1 price · $0.05').click();
      await button(page, 'Prices are fresh').waitFor();
    });

    test('a stock page that is looked at renews its price', async () => {
      await page.getByRole('link', { name: 'ABC' }).click();
      await page.getByText('Live quote').waitFor();
      await page.getByText(/^Latest price of ABC: \$.* ago\.$/).waitFor();
      await page.getByText('Old quote').waitFor();
      await page.waitForRequest((request) => request.postData()?.includes('"QUOTE"') === true);
      await page.getByText('Live quote').waitFor();
      await page.getByRole('link', { name: 'Portfolio' }).click();
    });

    test('a stock is found, bought and sold by the keyboard alone', async () => {
      const { keyboard } = page;
      await keyboard.press('/');
      await isFocused(page.getByRole('combobox', { name: 'Open a symbol' }));
      await keyboard.type('abc');
      await keyboard.press('Enter');
      await page.getByText(/Live quote|Old quote/).waitFor();
      await page.getByRole('heading', { name: 'Trade', exact: true }).focus();
      await keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      await keyboard.press('Escape');
      await keyboard.press('s');
      await isFocused(field(page, 'Amount'));
      await button(page, 'Review sell').waitFor();
      await page.getByRole('heading', { name: 'Trade', exact: true }).focus();
      await keyboard.press('b');
      await isFocused(field(page, 'Amount'));
      await keyboard.type('20000');
      await keyboard.press('Enter');
      await isFocused(page.locator('.confirm'));
      await keyboard.press('Escape');
      await notice(page, 'Buy cancelled').last().waitFor();
      await page.goto(`${web.system.url}/portfolio`);
    });

    test('on a phone an order that was just placed is brought before the eyes', async () => {
      await page.setViewportSize({ width: 380, height: 700 });
      await page.goto(`${web.system.url}/trade/ABC`);
      await field(page, 'Amount').fill('20000');
      await button(page, 'Review buy').click();
      const commit = button(page, 'Commit buy');
      await until(() => isInView(commit), { what: 'the order can be committed without a search' });
      await button(page, 'Cancel').click();
      await notice(page, 'Buy cancelled').last().waitFor();
      await page.setViewportSize({ width: 1280, height: 900 });
      await page.getByRole('link', { name: 'Portfolio' }).click();
    });

    test('a refusal says why once, at its field, in the trader’s words, and changes nothing', async () => {
      await page.getByRole('link', { name: 'ABC' }).click();
      await field(page, 'Amount').fill('900000');
      await button(page, 'Review buy').click();
      await isFaulty(field(page, 'Amount'), /^You do not have that much cash available/);
      await field(page, 'Amount').and(page.locator(':focus')).waitFor();
      await expect(page.getByText(/You do not have that much cash/).count()).resolves.toBe(1);
      await expect(page.getByRole('article').count()).resolves.toBe(0);
    });

    test('while an amount is typed, the page says what it leaves, and what is not available', async () => {
      await field(page, 'Amount').fill('');
      const available = await page.getByText(/^\$[\d,.]+ available$/).innerText();
      await field(page, 'Amount').fill('20000');
      await page.getByText('≈').waitFor();
      const stays = centsIn(available) - centsIn(await fact(page, 'Cost'));
      expect(centsIn(await fact(page, 'Stays in cash'))).toBe(stays);
      await field(page, 'Amount').fill('900000');
      await isFaulty(field(page, 'Amount'), /^That is \$.* more than the \$.* available\.$/);
      await expect(fact(page, 'Stays in cash')).resolves.toBe('–');
      await page.getByRole('button', { name: 'Sell', exact: true }).click();
      await isFaulty(
        field(page, 'Amount'),
        /^That is [\d,]+ shares of ABC; [\d,]+ are available\.$/,
      );
      await page.getByRole('button', { name: 'Buy', exact: true }).click();
      await page.goto(`${web.system.url}/triggers/ABC`);
      await field(page, 'Buy for').fill('900000');
      await isFaulty(field(page, 'Buy for'), /^That is \$.* more than the \$.* available\.$/);
      await page.goto(`${web.system.url}/trade/ABC`);
    });
  });
};
