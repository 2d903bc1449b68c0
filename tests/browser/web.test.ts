/** The web as people use it: real Chromium, the real system. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { Browser, Locator, Page } from 'playwright-core';
import type { PortfolioView } from '../../shared/web-api/portfolio.ts';
import type { ValueHistory } from '../../shared/web-api/quote.ts';
import { deferred } from '../../shared/runtime/deferred.ts';
import { ONE_EACH } from '../support/one-each.ts';
import { openPool } from '../../shared/pg/pool.ts';
import { recordingLogger } from '../support/recording-logger.ts';
import { openTestBroker, type TestBroker } from '../support/test-broker.ts';
import { openTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { testManagementUrl } from '../support/test-services.ts';
import { until } from '../support/until.ts';
import { seriousFindings } from './accessibility.ts';
import { findChromium, openBrowser, openPage, type Watched } from './chromium.ts';
import { giveExtremes } from './extreme-account.ts';
import { giveCommand } from './give-command.ts';
import { layoutFaults } from './layout.ts';
import { logIn, makeAdministrator, signUp } from './log-in.ts';
import { startWebSystem, type WebSystem } from './web-system.ts';

const ORDER_LIFETIME_S = 6;
const PASSWORD = 'correct horse battery';
const ADMINISTRATOR = 'operator';

const executable = findChromium();
const inBrowser = executable === undefined ? describe.skip : describe;

inBrowser('the web in Chromium (skipped where Chromium is not installed)', () => {
  let database: TestDatabase;
  let broker: TestBroker;
  let system: WebSystem;
  let browser: Browser;
  let trader: Watched;
  let page: Page;

  beforeAll(async () => {
    [database, broker] = await Promise.all([openTestDatabase(), openTestBroker()]);
    [browser, system] = await Promise.all([
      openBrowser(executable ?? ''),
      startWebSystem({
        DATABASE_URL: database.url,
        AMQP_URL: broker.url,
        AMQP_MANAGEMENT_URL: testManagementUrl(),
        ORDER_LIFETIME_S: ORDER_LIFETIME_S.toString(),
        // Prices move with each hit, and a trigger's stock is asked for every second.
        QUOTE_SERVER_FLAGS: '--prices hits --delay-ms 0 --seed 82',
        QUOTE_LIFETIME_S: '3',
        TRIGGER_REFRESH_S: '1',
        PAGE_REFRESH_S: '6',
        SHOW_COSTS: '1',
        ...ONE_EACH,
      }),
    ]);
    trader = await openPage(browser);
    page = trader.page;
  }, 240_000);

  afterAll(async () => {
    await browser.close();
    await system.close();
    await broker.close();
    await database.close();
  }, 240_000);

  afterEach(() => {
    expect(trader.complaints).toEqual([]);
  });

  const button = (name: string | RegExp, on: Page = page) => on.getByRole('button', { name });
  const field = (name: string, on: Page = page) => on.getByRole('textbox', { name, exact: true });
  const notice = (text: string | RegExp, on: Page = page) =>
    on.getByRole('log', { name: 'Notices' }).getByText(text);
  const question = (text: RegExp) => page.getByRole('group', { name: text });
  const fact = async (term: string): Promise<string> => {
    const row = page
      .locator('.facts > div')
      .filter({ has: page.locator('dt', { hasText: new RegExp(`^${term}`) }) });
    return (await row.locator('dd').innerText()).trim();
  };

  test('whoever comes is asked to log in, and signs up', async () => {
    await page.goto(`${system.url}/`);
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    await page.getByRole('banner').getByRole('link', { name: 'Sign up' }).click();
    await field('User name').fill('maria');
    await page.getByLabel('Password').fill('short');
    await button('Sign up').click();
    const password = page.getByLabel('Password');
    await isFaulty(password, /^A password has 10 to 200 characters; this one has 5\.$/);
    await password.fill(PASSWORD);
    expect(await password.getAttribute('type')).toBe('password');
    await button('Show').click();
    expect(await password.getAttribute('type')).toBe('text');
    expect(await field('User name').getAttribute('autocapitalize')).toBe('none');
    // A name that is too long is shown whole, and refused.
    await field('User name').fill('m'.repeat(65));
    await button('Sign up').click();
    await isFaulty(field('User name'), /at most 64 characters; this one has 65/);
    await expect(field('User name').inputValue()).resolves.toHaveLength(65);
    await field('User name').fill('maria');
    await password.fill('password1234');
    await button('Sign up').click();
    await isFaulty(password, /^Choose another password/);
    await password.fill(PASSWORD);
    await button('Sign up').click();
    await page.getByRole('heading', { name: 'Portfolio' }).waitFor();
    await page.getByRole('banner').getByText('maria').waitFor();
  });

  test('funds that are added are there at once, with the number of the transaction', async () => {
    await field('Amount to add').fill('100,000');
    await button('Add funds').click();
    await notice('$100,000.00 added').waitFor();
    await notice(/Transaction 1,\d{3},\d{3},\d{3}/).waitFor();
    await expect(fact('Available')).resolves.toBe('$100,000.00');
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
    await field('Amount').fill('20000');
    await page.getByText('≈').waitFor();
    await button('Review buy').click();
    await page.getByRole('article', { name: /^Buy/ }).getByRole('timer').waitFor();
    await page.reload();
    await page.getByRole('article', { name: 'Ran out: buy ABC' }).waitFor();
    await page.reload();
    // What was asked for, not the cost of the shares that it would have bought.
    await until(async () => (await field('Ask again for').inputValue()) === '20000.00', {
      what: 'the amount is that of before',
    });
    await field('Ask again for').fill('10000');
    const [again] = await Promise.all([
      page.waitForRequest('**/api/v1/commands'),
      button('Quote again').click(),
    ]);
    expect(again.postDataJSON()).toMatchObject({ command: 'BUY', amount: '10000.00' });
    await page.getByRole('article', { name: /^Buy/ }).waitFor();
    await page.getByRole('article', { name: /^Ran out/ }).waitFor({ state: 'detached' });
    await button('Cancel').click();
    await notice('Buy cancelled').waitFor();
  });

  test('a pending order is shown on every page, and its end is told there', async () => {
    await field('Amount').fill('20000');
    await button('Review buy').click();
    await button('Commit buy').waitFor();
    await page.getByRole('link', { name: 'History' }).click();
    const badge = page
      .getByRole('banner')
      .getByRole('link', { name: /^Buy \d+ shares? of ABC \d s$/ });
    await badge.waitFor();
    await notice(/^Your buy of \d+ shares? of ABC ran out$/).waitFor();
    await badge.waitFor({ state: 'detached' });
    await page.getByRole('log').getByRole('link', { name: 'Quote again' }).click();
    await page.getByRole('article', { name: 'Ran out: buy ABC' }).waitFor();
    await page.locator('.order.over').getByRole('button', { name: 'Dismiss' }).click();
  });

  test('a buy that is committed in time is a position', async () => {
    await field('Amount').fill('20000');
    await button('Review buy').click();
    await button('Commit buy').click();
    await notice(/^Bought \d+ shares? of ABC$/).waitFor();
    await isFocused(page.getByRole('group', { name: /^Bought \d+ shares? of ABC$/ }));
    await page.keyboard.press('Escape');
    await isFocused(field('Amount'));
    await button('Get a quote').click();
    await isFocused(page.getByTestId('price'));
    await page
      .getByRole('status')
      .getByText(/^ABC costs \$[\d,.]+\.$/)
      .waitFor();
    await page.getByRole('link', { name: 'Portfolio' }).click();
    await page.getByRole('row', { name: /ABC/ }).waitFor();
    expect(Number((await fact('Cash')).replace(/[$,]/g, ''))).toBeLessThan(100_000);
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
    const count = await field('Shares').inputValue();
    expect(available).toContain(`${count} shares of ABC available`);
    await button('Review sell').click();
    await page.getByRole('article', { name: `Sell ${count} shares of ABC` }).waitFor();
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await notice('Sell cancelled').last().waitFor();
    await page.getByRole('button', { name: 'Buy', exact: true }).click();
    await field('Shares').fill('2');
    await button('Review buy').click();
    await page.getByRole('article', { name: 'Buy 2 shares of ABC' }).waitFor();
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await notice('Buy cancelled').last().waitFor();
    await page.getByRole('link', { name: 'Portfolio' }).click();
  });

  test('prices show their age, and one button renews those that are old', async () => {
    const age = page.getByRole('row', { name: /ABC/ }).getByText(/^(just now|\d+ s ago)$/);
    await age.waitFor();
    await button('Refresh 1 price · $0.05').click();
    await button('Prices are fresh').waitFor();
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
    await isFocused(field('Amount'));
    await button('Review sell').waitFor();
    await page.getByRole('heading', { name: 'Trade', exact: true }).focus();
    await keyboard.press('b');
    await isFocused(field('Amount'));
    await keyboard.type('20000');
    await keyboard.press('Enter');
    await isFocused(page.locator('.confirm'));
    await keyboard.press('Escape');
    await notice('Buy cancelled').last().waitFor();
    await page.goto(`${system.url}/portfolio`);
  });

  test('on a phone an order that was just placed is brought before the eyes', async () => {
    await page.setViewportSize({ width: 380, height: 700 });
    await page.goto(`${system.url}/trade/ABC`);
    await field('Amount').fill('20000');
    await button('Review buy').click();
    const commit = button('Commit buy');
    await until(() => isInView(commit), { what: 'the order can be committed without a search' });
    await button('Cancel').click();
    await notice('Buy cancelled').last().waitFor();
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.getByRole('link', { name: 'Portfolio' }).click();
  });

  test('a refusal says why once, at its field, in the trader’s words, and changes nothing', async () => {
    await page.getByRole('link', { name: 'ABC' }).click();
    await field('Amount').fill('900000');
    await button('Review buy').click();
    await isFaulty(field('Amount'), /^You do not have that much cash available/);
    await field('Amount').and(page.locator(':focus')).waitFor();
    await expect(page.getByText(/You do not have that much cash/).count()).resolves.toBe(1);
    await expect(page.getByRole('article').count()).resolves.toBe(0);
  });

  test('while an amount is typed, the page says what it leaves, and what is not available', async () => {
    await field('Amount').fill('');
    const available = await page.getByText(/^\$[\d,.]+ available$/).innerText();
    await field('Amount').fill('20000');
    await page.getByText('≈').waitFor();
    const stays = centsIn(available) - centsIn(await fact('Cost'));
    expect(centsIn(await fact('Stays in cash'))).toBe(stays);
    await field('Amount').fill('900000');
    await isFaulty(field('Amount'), /^That is \$.* more than the \$.* available\.$/);
    await expect(fact('Stays in cash')).resolves.toBe('–');
    await page.getByRole('button', { name: 'Sell', exact: true }).click();
    await isFaulty(field('Amount'), /^That is [\d,]+ shares of ABC; [\d,]+ are available\.$/);
    await page.getByRole('button', { name: 'Buy', exact: true }).click();
    await page.goto(`${system.url}/triggers/ABC`);
    await field('Buy for').fill('900000');
    await isFaulty(field('Buy for'), /^That is \$.* more than the \$.* available\.$/);
    await page.goto(`${system.url}/trade/ABC`);
  });

  test('a trigger is set by typing or by the arrow keys, and its firing is told without reload', async () => {
    await page.getByRole('link', { name: 'Set a trigger' }).click();
    await field('Buy for').fill('10000');
    const line = page.getByRole('slider', { name: 'Trigger price to buy ABC' });
    await line.focus();
    const before = await field('When it falls to').inputValue();
    await line.press('PageDown');
    const after = await field('When it falls to').inputValue();
    expect(Number(after)).toBeLessThan(Number(before));
    await page.getByText(/^When ABC costs .* or less, buy/).waitFor();
    await button('Arm the trigger').click();
    await notice('ABC trigger armed').waitFor();
    // Half as high again as the price: met at once.
    await field('When it falls to').fill((Number(before) * 1.5).toFixed(2));
    await button('Move the trigger').click();
    await question(/^ABC is already below .*: this buys [\d,]+ shares? now/).waitFor();
    await button('Buy now').click();
    await notice('Your ABC trigger fired').waitFor({ timeout: 20_000 });
    await page.getByText('Fired', { exact: true }).first().waitFor();
    await page.getByText('No active triggers.').waitFor();
  });

  test('a trigger is filled in by parts, and edited and cancelled on the page of its stock', async () => {
    await page.goto(`${system.url}/triggers/ABC`);
    await page.getByRole('button', { name: 'Sell', exact: true }).click();
    await page.locator('.chips').getByRole('button', { name: 'All' }).click();
    const shares = await field('Shares').inputValue();
    await page.getByText(`${shares} shares available`).waitFor();
    // More than any price here, so that it does not fire before it is cancelled.
    const price = await until(
      async () => Number(await field('When it rises to').inputValue()) || undefined,
      {
        what: 'a price above zero is suggested',
      },
    );
    await field('When it rises to').fill((price * 5).toFixed(2));
    await page.getByText(/^\$[\d,.]+ \(\d+\.\d\d%\) above the latest price\. Type it/).waitFor();
    await button('Arm the trigger').click();
    await notice('ABC trigger armed').last().waitFor();
    await page.getByRole('link', { name: 'ABC', exact: true }).click();
    await page.getByText(`Sells ${shares} shares when ABC costs`).waitFor();
    await page.getByText(/above the latest price of \$/).waitFor();
    await page.getByRole('link', { name: 'Edit the ABC sell trigger' }).click();
    await button('Move the trigger').waitFor();
    await field('Sell for').waitFor();
    await page.getByRole('link', { name: 'ABC', exact: true }).click();
    await button('Cancel the ABC sell trigger').click();
    await page.getByText('None on this stock.').waitFor();
    await page.goto(`${system.url}/triggers/ABC`);
    await button('Arm the trigger').waitFor();
  });

  test('a trigger that stands is what its form begins with, on a narrow page too, and is cancelled', async () => {
    // Less than any price here, so that it stays.
    await field('Buy for').fill('50');
    await field('When it falls to').fill('0.01');
    await button('Arm the trigger').click();
    await page.getByText('Buys as many shares as $50.00').waitFor();
    await page.reload();
    await button('Move the trigger').waitFor();
    await until(async () => (await field('When it falls to').inputValue()) === '0.01', {
      what: 'the price is that of the trigger',
    });
    expect(await field('Buy for').inputValue()).toBe('50.00');
    await page.setViewportSize({ width: 380, height: 900 });
    await until(() => isLineOnChart(page), { what: 'the line is on the narrow chart' });
    await page.setViewportSize({ width: 1280, height: 900 });
    await until(() => isLineOnChart(page), { what: 'the line is on the wide chart' });
    // Another amount is a change, not a cancellation.
    await field('Buy for').fill('60');
    await button('Move the trigger').click();
    await page.getByText('Buys as many shares as $60.00').waitFor();
    expect(await page.getByText('The ABC buy trigger was cancelled.').count()).toBe(0);
    // A price so far away does not squash the chart, which names it.
    await page.goto(`${system.url}/trade/ABC`);
    await page.getByText('Beyond the chart: buy at $0.01 (below).').waitFor();
    await page.goto(`${system.url}/triggers/ABC`);
    await button('Cancel the ABC buy trigger').click();
    await notice('ABC trigger cancelled').waitFor();
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
    await until(async () => Number(await field('When it rises to').inputValue()) > 1, {
      what: 'the price is one to sell at',
    });
    const above = Number(await field('When it rises to').inputValue());
    await field('Sell for').fill('3000');
    await field('When it rises to').fill((above * 0.75).toFixed(2));
    await page.getByText(/^ABC is already above/).waitFor();
    await page.getByText(/^Latest price of ABC: \$.*( ago|just now)\.$/).waitFor();
    await button('Arm the trigger').click();
    const asked = question(
      /^ABC is already above \$.*: this sells [\d,]+ shares? now, at about \$/,
    );
    await asked.waitFor();
    await until(() => isInView(button('Sell now')), { what: 'the question is before the eyes' });
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await button('Change it').click();
    await asked.waitFor({ state: 'detached' });
    await until(() => page.evaluate<boolean>('document.activeElement.name === "trigger-price"'), {
      what: 'the price can be typed',
    });
    expect(armed).toEqual([]);
    await button('Arm the trigger').click();
    await button('Sell now').click();
    await notice(/^Sold [\d,]+ shares? of ABC at/).waitFor();
    expect(armed).toHaveLength(2);
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  test('a trigger that fires while no page is open is in the inbox, with an unread mark', async () => {
    await page.goto(`${system.url}/inbox`);
    await page.getByRole('listitem').filter({ hasText: 'New' }).first().waitFor();
    await page.getByRole('link', { name: 'Inbox', exact: true }).waitFor();
    // A page that does not follow the account.
    await page.goto(`${system.url}/health`);
    await fireTrigger(page);
    await page.goto(`${system.url}/portfolio`);
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
    await hidden.goto(`${system.url}/inbox`);
    await button('Notify me', hidden).click();
    await hidden.getByText('This browser notifies you').waitFor();
    await hidden.evaluate('isHidden = true');
    await fireTrigger(page);
    await until(() => hidden.evaluate<boolean>('notices.includes("Your ABC trigger fired")'), {
      what: 'the browser has notified',
    });
    await hidden.close();
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
    await button('All').click();
    await page.getByRole('img', { name: /^Total value: from \$100,000.00 to/ }).waitFor();
  });

  test('a stock that is starred is on the watchlist of every page and browser', async () => {
    await page.goto(`${system.url}/trade/ABC`);
    await button('Watch ABC').click();
    await page.getByRole('button', { name: 'Watch ABC', pressed: true }).waitFor();
    const other = await trader.context.newPage();
    await other.goto(`${system.url}/trade`);
    const watched = other
      .getByRole('listitem')
      .filter({ hasText: /ABC\$[\d,.]+(just now|.* ago)/ });
    await watched.waitFor();
    expect(await seriousFindings(other)).toEqual([]);
    expect(await layoutFaults(other)).toEqual([]);
    await other.getByRole('link', { name: 'ABC' }).last().waitFor();
    await button('Watch ABC', other).click();
    await other.getByText('Nothing yet.').waitFor();
    await other.close();
    await page.goto(`${system.url}/portfolio`);
  });

  test('a lost answer is asked for again, and nothing is done twice', async () => {
    await page.getByRole('link', { name: 'Portfolio' }).click();
    const cash = Number((await fact('Cash')).replace(/[$,]/g, ''));
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
    await field('Amount to add').fill('1000');
    await button('Add funds').click();
    await notice('$1,000.00 added').waitFor();
    await page.unroute('**/api/v1/commands');
    expect(lost).toBe(1);
    await page.reload();
    await page.getByRole('heading', { name: 'Portfolio' }).waitFor();
    await page.locator('.facts').first().waitFor();
    expect(Number((await fact('Cash')).replace(/[$,]/g, ''))).toBe(cash + 1_000);
  });

  test('a network that drops is said, and what was asked meanwhile is done when it is back', async () => {
    await trader.context.setOffline(true);
    await page.getByText('Connection lost').waitFor();
    await field('Amount to add').fill('500');
    await button('Add funds').click();
    await page.getByText('No answer yet for your last command').waitFor();
    await trader.context.setOffline(false);
    await notice('$500.00 added').waitFor();
    await page.locator('.banner').waitFor({ state: 'detached' });
  });

  test('what could not be loaded is loaded when the network is back, or by a button', async () => {
    await trader.context.setOffline(true);
    await button('1W').click();
    await page.getByText('The server cannot be reached right now.').waitFor();
    await trader.context.setOffline(false);
    await page.locator('.chart-canvas').waitFor();
    await page.route('**/api/v1/value-history?*', (route) => route.abort());
    await button('1M').click();
    await button('Try again').waitFor();
    await page.unroute('**/api/v1/value-history?*');
    await button('Try again').click();
    await page.locator('.chart-canvas').waitFor();
  });

  test('a page whose file does not arrive says so, and is loaded anew by a button', async () => {
    await page.goto(`${system.url}/portfolio`);
    await page.route('**/assets/history-*', (route) => route.abort());
    await page.getByRole('link', { name: 'History' }).click();
    await page.getByText('This page could not be loaded.').waitFor();
    await page.unroute('**/assets/history-*');
    await button('Load the page anew').click();
    await page.getByRole('heading', { name: 'History' }).waitFor();
    await page.goto(`${system.url}/portfolio`);
  });

  test('a page that waits for the portfolio does not show it as empty', async () => {
    const asked = deferred();
    await page.route('**/api/v1/events*', async (route) => {
      await asked.promise;
      await route.continue();
    });
    await page.goto(`${system.url}/triggers/ABC`);
    await page.getByText('Loading …').first().waitFor();
    expect(await page.getByText('No active triggers.').count()).toBe(0);
    expect(await page.getByText('$0.00 available').count()).toBe(0);
    asked.resolve();
    await page.getByText(/^\$[\d,.]+ available$/).waitFor();
    await page.unroute('**/api/v1/events*');
    await page.goto(`${system.url}/portfolio`);
  });

  test('a server that restarts is waited for, and the page goes on as it was', async () => {
    await field('Amount to add').fill('125');
    await Promise.all([
      system.run(['rolling-restart', 'web-1']),
      page.getByText('Connection lost').waitFor({ timeout: 60_000 }),
    ]);
    await page.locator('.banner').waitFor({ state: 'detached' });
    await expect(field('Amount to add').inputValue()).resolves.toBe('125');
    await button('Add funds').click();
    await notice('$125.00 added').waitFor();
  }, 240_000);

  test('two tabs show the same, and one that logs out takes the other with it', async () => {
    const other = await trader.context.newPage();
    await other.goto(`${system.url}/portfolio`);
    await field('Amount to add', other).fill('250');
    await button('Add funds', other).click();
    await notice('$250.00 added', other).waitFor();
    const available = other.locator('.facts > div', { hasText: 'Available' }).locator('dd');
    const shown = await available.innerText();
    await page
      .locator('.facts > div', { hasText: 'Available' })
      .locator('dd', { hasText: shown })
      .waitFor();
    await button('Log out', other).click();
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    await page.getByText('Your session has ended').waitFor();
    await other.close();
    await field('User name').fill('maria');
    await page.getByLabel('Password').fill(PASSWORD);
    await button('Log in').click();
    await page.getByRole('heading', { name: 'Portfolio' }).waitFor();
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
    const csv = await saved(page, () => page.getByRole('link', { name: 'Export as CSV' }).click());
    expect(csv.split('\n').filter((line) => line.includes('FundsAdded'))).toHaveLength(5);
    await page.getByRole('row', { name: /Funds added .*\+\$100,000.00 \$100,000.00/ }).waitFor();
    await button('Orders and commands').click();
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

  test('a page prints as clean tables on A4, from a dark screen too', async () => {
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await page.setViewportSize(A4);
    for (const path of ['history', 'history?list=commands', 'portfolio']) {
      await page.goto(`${system.url}/${path}`);
      await page.locator('tbody tr').first().waitFor();
      const { display, background } = await page.evaluate<Printed>(PRINTED);
      expect([display, background]).toEqual(['table-row', 'rgb(255, 255, 255)']);
      expect(await page.locator('button:visible, .toolbar:visible, input:visible').count()).toBe(0);
      expect(await layoutFaults(page)).toEqual([]);
    }
    await page.emulateMedia({ media: null, colorScheme: 'light' });
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  test('what cannot be undone is asked first, and a token is copied', async () => {
    await trader.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto(`${system.url}/settings`);
    await field('What a new token is for').fill('script');
    await button('Make a token').click();
    await button('Copy').click();
    await page.getByText('Copied.').waitFor();
    const copied = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(copied).toBe(await page.locator('code.secret').innerText());
    await button('Revoke the token script').click();
    await isFocused(button('Keep'));
    await page.keyboard.press('Enter');
    await isFocused(button('Revoke the token script'));
    await page.keyboard.press('Enter');
    expect(await seriousFindings(page)).toEqual([]);
    await button('Revoke').click();
    await isFocused(page.getByRole('group', { name: 'Token revoked' }));
    await button('Revoke the token script').waitFor({ state: 'detached' });
  });

  test('a user logs out everywhere else', async () => {
    const elsewhere = await openPage(browser);
    await logIn(elsewhere.page, system, { user: 'maria', password: PASSWORD });
    await elsewhere.page.getByRole('heading', { name: 'Trade', exact: true }).waitFor();
    await page.reload();
    await button('Log out everywhere else').click();
    await page
      .getByRole('group', { name: 'End all other sessions?' })
      .getByRole('button')
      .last()
      .click();
    await notice('Logged out everywhere else').waitFor();
    await elsewhere.page.getByText('Your session has ended').waitFor();
    await button('Log out everywhere else').waitFor({ state: 'detached' });
    await elsewhere.context.close();
  });

  test('a user chooses light or dark for this browser, whatever the system says', async () => {
    const ground = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    const light = await ground();
    await button('Dark').click();
    const dark = await ground();
    expect(dark).not.toBe(light);
    await page.reload();
    await button('System').waitFor();
    expect(await ground()).toBe(dark);
    await page.emulateMedia({ colorScheme: 'dark' });
    await button('Light').click();
    expect(await ground()).toBe(light);
    await button('System').click();
    expect(await ground()).toBe(dark);
    await page.emulateMedia({ colorScheme: 'light' });
  });

  test('a trader has no administration', async () => {
    await page.goto(`${system.url}/admin`);
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
    const status = await page.evaluate("fetch('/api/v1/admin/system').then((r) => r.status)");
    expect(status).toBe(403);
  });

  test('an administrator sees the system, and dumps the whole log', async () => {
    const admin = await openPage(browser);
    await logIn(admin.page, system, await makeAdministrator(system, ADMINISTRATOR));
    await admin.page.getByRole('link', { name: 'Admin' }).click();
    await admin.page.getByRole('row', { name: /transaction-1.*Up/ }).waitFor();
    await admin.page
      .getByRole('row', { name: /shard\.00/ })
      .first()
      .waitFor();
    expect(await seriousFindings(admin.page)).toEqual([]);
    await admin.page.getByRole('button', { name: 'Log', exact: true }).click();
    const xml = await saved(admin.page, () => button('Dump the whole log', admin.page).click());
    expect(xml).toContain('<username>maria</username>');
    expect(xml).toMatch(/<\/log>\s*$/);
    await admin.page.getByText(/^Done: .* complete\.$/).waitFor();
    for (const part of ['Users', 'Parked']) {
      await button(part, admin.page).click();
      await expect(admin.page.title()).resolves.toBe(`${part} · Administration · daytrade`);
      expect(await seriousFindings(admin.page)).toEqual([]);
    }
    expect(admin.complaints).toEqual([]);
    await admin.context.close();
  });

  test('a name that is handed out is used with a password of its owner’s own', async () => {
    const admin = await openPage(browser);
    await logIn(admin.page, system, await makeAdministrator(system, 'second-operator'));
    await admin.page.getByRole('link', { name: 'Admin' }).click();
    await button('Users', admin.page).click();
    await field('User name', admin.page).fill('bob');
    await button('Hand out', admin.page).click();
    await admin.page.getByText('The password of bob, shown this once:').waitFor();
    const password = await admin.page.locator('code.secret').innerText();
    await admin.context.close();
    const bob = await openPage(browser);
    await logIn(bob.page, system, { user: 'bob', password });
    await bob.page.getByRole('heading', { name: 'Choose your own password' }).waitFor();
    const present = bob.page.getByLabel('Present password');
    await present.fill('not the one');
    await bob.page.getByLabel('New password').fill(PASSWORD);
    await button('Change the password', bob.page).click();
    await isFaulty(present, /^This is not your present password\.$/);
    await present.fill(password);
    await button('Change the password', bob.page).click();
    await bob.page.getByRole('heading', { name: 'Trade', exact: true }).waitFor();
    expect(bob.complaints).toEqual([]);
    await bob.context.close();
  });

  test('an administrator finds somebody, disables and enables them, and ends their sessions', async () => {
    const admin = await openPage(browser);
    await logIn(admin.page, system, await makeAdministrator(system, 'fourth-operator'));
    await admin.page.getByRole('link', { name: 'Admin' }).waitFor();
    await admin.page.goto(`${system.url}/admin/users`);
    admin.page.on('dialog', (dialog) => void dialog.accept());
    await button('Disable bob', admin.page).click();
    await admin.page.getByRole('row', { name: /bob.*Trader, disabled/ }).waitFor();
    expect(await seriousFindings(admin.page)).toEqual([]);
    await button('Enable bob', admin.page).click();
    await button('Disable bob', admin.page).waitFor();
    await field('Search by name', admin.page).fill('OB');
    await button('Disable maria', admin.page).waitFor({ state: 'detached' });
    const bob = await openPage(browser);
    await logIn(bob.page, system, { user: 'bob', password: PASSWORD });
    await bob.page.getByRole('heading', { name: 'Trade', exact: true }).waitFor();
    await button('Log out bob everywhere', admin.page).click();
    await bob.page.getByText('Your session has ended').waitFor();
    await bob.context.close();
    expect(admin.complaints).toEqual([]);
    await admin.context.close();
  });

  test('an administrator gives somebody a new password, which ends their sessions', async () => {
    const bob = await openPage(browser);
    await logIn(bob.page, system, { user: 'bob', password: PASSWORD });
    await bob.page.getByRole('heading', { name: 'Trade', exact: true }).waitFor();
    const admin = await openPage(browser);
    await logIn(admin.page, system, await makeAdministrator(system, 'third-operator'));
    await admin.page.getByRole('link', { name: 'Admin' }).waitFor();
    await admin.page.goto(`${system.url}/admin/users`);
    admin.page.once('dialog', (dialog) => void dialog.accept());
    await button('Reset the password of bob', admin.page).click();
    await admin.page.getByText('The password of bob, shown this once:').waitFor();
    await bob.page.getByText('Your session has ended').waitFor();
    expect(admin.complaints).toEqual([]);
    await admin.context.close();
    await bob.context.close();
  });

  test('the longest name and the largest numbers hide no control, from 320 px on', async () => {
    const { page: extreme, context } = await openPage(browser, { width: 320 });
    await signUp(extreme, system, { user: LONGEST_NAME, password: PASSWORD });
    await giveCommand(extreme, { command: 'ADD', amount: '1000000000.00' });
    const url = await system.databaseUrl();
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
    const admin = await openPage(browser, { width: 320 });
    await logIn(admin.page, system, await makeAdministrator(system, 'fifth-operator'));
    await admin.page.getByRole('link', { name: 'Admin' }).waitFor();
    for (const part of ['system', 'users', 'parked', 'log']) {
      expect(await faultsOf(admin.page, `admin/${part}`)).toEqual([]);
    }
    await admin.context.close();
  });

  test.each(['trade', 'trade/ABC', 'portfolio', 'triggers/ABC', 'history', 'inbox', 'settings'])(
    'axe finds nothing serious on /%s, light or dark, wide or narrow',
    async (path) => {
      await page.goto(`${system.url}/${path}`);
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
    const stranger = await openPage(browser);
    for (const path of ['login', 'signup']) {
      await stranger.page.goto(`${system.url}/${path}`);
      await button(path === 'login' ? 'Log in' : 'Sign up', stranger.page).waitFor();
      expect(await seriousFindings(stranger.page)).toEqual([]);
    }
    expect(stranger.complaints).toEqual([]);
    await stranger.context.close();
  });
});

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

/** A sheet of A4 without its margins, in pixels. */
const A4 = { width: 703, height: 1_031 };

type Printed = { readonly display: string; readonly background: string };

const PRINTED = `({
  display: getComputedStyle(document.querySelector('tbody tr')).display,
  background: getComputedStyle(document.body).backgroundColor,
})`;

const LONGEST_NAME = 'W'.repeat(64);

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

/** The text of the file that the work makes the browser save. */
async function saved(page: Page, work: () => Promise<void>): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), work()]);
  return readFileSync(await download.path(), 'utf8');
}

async function isInView(locator: Locator): Promise<boolean> {
  const [box, view] = [await locator.boundingBox(), locator.page().viewportSize()];
  return box !== null && box.y >= 0 && box.y + box.height <= (view?.height ?? 0);
}

/** Waits until a field is invalid and its description says why. */
async function isFaulty(field: Locator, why: RegExp): Promise<void> {
  await field.and(field.page().locator('[aria-invalid="true"]')).waitFor();
  const described = (await field.getAttribute('aria-describedby')) ?? '';
  await field.page().locator(`[id="${described}"]`).filter({ hasText: why }).waitFor();
}

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

async function isFocused(locator: Locator): Promise<void> {
  await locator.and(locator.page().locator(':focus')).waitFor();
}

const centsIn = (money: string): number => Number(money.replace(/\D/g, ''));

async function isLineOnChart(page: Page): Promise<boolean> {
  const line = await page.getByRole('slider', { name: /^Trigger price/ }).boundingBox();
  const chart = await page.locator('.chart-canvas').boundingBox();
  if (line === null || chart === null) return false;
  const middle = line.y + line.height / 2;
  return chart.y < middle && middle < chart.y + chart.height;
}
