/** A demo trader, who has done a few things already when the pictures are taken. */
import type { Page } from 'playwright-core';
import type { CommandRequest } from '../../shared/web-api/command.ts';
import { until } from '../support/until.ts';
import { logIn, makeAdministrator } from './log-in.ts';
import type { WebSystem } from './web-system.ts';

const TRADER = 'maria';
const ADMINISTRATOR = 'operator';
const PASSWORD = 'correct horse battery';
const SYMBOLS = ['ABC', 'XYZ', 'QQQ', 'FOO', 'TLR'] as const;
/** So long the market is watched, for charts that show something. */
const WATCHED_TIMES = 12;

export type Demo = {
  readonly placeOrders: (page: Page) => Promise<void>;
  readonly logInAsAdministrator: (page: Page) => Promise<void>;
};

/** Signs the trader up on the page, which stays theirs. */
export async function playDemo(system: WebSystem, page: Page): Promise<Demo> {
  await page.getByLabel('User name').fill(TRADER);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign up' }).click();
  await page.getByRole('heading', { name: 'Portfolio' }).waitFor();
  await give(page, { command: 'ADD', amount: '50000.00' });
  for (const symbol of SYMBOLS.slice(0, 4)) {
    await give(page, { command: 'BUY', symbol, amount: '6500.00' });
    await give(page, { command: 'COMMIT_BUY' });
  }
  await give(page, { command: 'SELL', symbol: 'QQQ', amount: '2500.00' });
  await give(page, { command: 'COMMIT_SELL' });
  await give(page, { command: 'SELL', symbol: 'TLR', amount: '100.00' });
  const price = await priceOf(page, 'ABC');
  const other = await priceOf(page, 'XYZ');
  await give(page, { command: 'SET_BUY_AMOUNT', symbol: 'ABC', amount: '3000.00' });
  await give(page, { command: 'SET_BUY_TRIGGER', symbol: 'ABC', price: dollars(price * 0.985) });
  await give(page, { command: 'SET_SELL_AMOUNT', symbol: 'ABC', amount: '2000.00' });
  await give(page, { command: 'SET_SELL_TRIGGER', symbol: 'ABC', price: dollars(price * 1.015) });
  await give(page, { command: 'SET_SELL_AMOUNT', symbol: 'XYZ', amount: '1500.00' });
  await give(page, { command: 'SET_SELL_TRIGGER', symbol: 'XYZ', price: dollars(other * 0.99) });
  await watch(page);
  return {
    placeOrders: async (on) => {
      await give(on, { command: 'BUY', symbol: 'XYZ', amount: '1200.00' });
      await give(on, { command: 'BUY', symbol: 'ABC', amount: '2500.00' });
      await on.getByRole('article').nth(1).waitFor();
      await on.getByRole('textbox', { name: 'Amount' }).fill('4000');
    },
    logInAsAdministrator: async (on) => {
      await logIn(on, system, await makeAdministrator(system, ADMINISTRATOR));
      await on.getByRole('link', { name: 'Admin' }).waitFor();
    },
  };
}

const dollars = (cents: number): string => (cents / 100).toFixed(2);

/** As the page itself would, in its session. */
async function give(page: Page, request: CommandRequest): Promise<void> {
  await page.evaluate(`fetch('/api/v1/commands', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
    body: ${JSON.stringify(JSON.stringify(request))},
  }).then((response) => response.text())`);
}

async function priceOf(page: Page, symbol: string): Promise<number> {
  return await page.evaluate<number>(
    `fetch('/api/v1/quotes?symbols=${symbol}').then((r) => r.json()).then((l) => l.quotes[0].price)`,
  );
}

/** A quote of each stock, again whenever the last is no longer fresh. */
async function watch(page: Page): Promise<void> {
  for (let times = 0; times < WATCHED_TIMES; times += 1) {
    for (const symbol of SYMBOLS) await give(page, { command: 'QUOTE', symbol });
    await until(
      () =>
        page.evaluate<boolean>(
          `fetch('/api/v1/quotes?symbols=ABC').then((r) => r.json()).then((l) => !l.quotes[0].fresh)`,
        ),
      { what: 'the quote is old', timeoutMs: 20_000 },
    );
  }
}
