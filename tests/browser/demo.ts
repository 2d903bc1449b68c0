/** A demo trader, who has done a few things already when the pictures are taken. */
import type { Page } from 'playwright-core';
import type { CommandRequest } from '../../shared/web-api/command.ts';
import { openPool } from '../../shared/pg/pool.ts';
import { recordingLogger } from '../support/recording-logger.ts';
import { until } from '../support/until.ts';
import { moveToPast, tellPast, type DemoMarket, type Moment } from './demo-market.ts';
import { giveCommand } from './give-command.ts';
import { logIn, makeAdministrator, PASSWORD } from './log-in.ts';
import type { WebSystem } from './web-system.ts';

const TRADER = 'maria';
const ADMINISTRATOR = 'operator';
const SYMBOLS = ['ABC', 'XYZ', 'QQQ', 'FOO', 'TLR'] as const;
const HOUR_MS = 3_600_000;

/** What she did, and how many hours ago. */
const PAST: readonly (readonly [number, ...CommandRequest[]])[] = [
  [300, { command: 'ADD', amount: '40000.00' }],
  [299, { command: 'BUY', symbol: 'ABC', amount: '9000.00' }, { command: 'COMMIT_BUY' }],
  [251, { command: 'BUY', symbol: 'XYZ', amount: '7500.00' }, { command: 'COMMIT_BUY' }],
  [203, { command: 'ADD', amount: '10000.00' }],
  [179, { command: 'BUY', symbol: 'FOO', amount: '6500.00' }, { command: 'COMMIT_BUY' }],
  [130, { command: 'BUY', symbol: 'QQQ', amount: '8000.00' }, { command: 'COMMIT_BUY' }],
  [83, { command: 'SELL', symbol: 'ABC', amount: '2500.00' }, { command: 'COMMIT_SELL' }],
  [58, { command: 'BUY', symbol: 'TLR', amount: '900000.00' }],
  [34, { command: 'SELL', symbol: 'QQQ', amount: '1500.00' }, { command: 'CANCEL_SELL' }],
];

export type Demo = {
  readonly placeOrders: (page: Page) => Promise<void>;
  readonly logInAsAdministrator: (page: Page) => Promise<void>;
};

/** Signs the trader up on the page, which stays theirs. */
export async function playDemo(system: WebSystem, market: DemoMarket, page: Page): Promise<Demo> {
  await page.getByLabel('User name').fill(TRADER);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign up' }).click();
  await page.getByRole('heading', { name: 'Portfolio' }).waitFor();
  // A page that follows the account would know what is moved to the past as of now.
  await page.goto(`${system.url}/docs`);
  await playPast(system, market, page);
  for (const symbol of SYMBOLS) {
    await untilOld(page, symbol);
    await giveCommand(page, { command: 'QUOTE', symbol });
  }
  return {
    placeOrders: async (on) => {
      await giveCommand(on, { command: 'BUY', symbol: 'XYZ', amount: '1200.00' });
      await giveCommand(on, { command: 'BUY', symbol: 'ABC', amount: '2500.00' });
      await on.getByRole('article').nth(1).waitFor();
      await on.getByRole('textbox', { name: 'Amount' }).fill('4000');
    },
    logInAsAdministrator: async (on) => {
      await logIn(on, system, await makeAdministrator(system, ADMINISTRATOR));
      await on.getByRole('link', { name: 'Admin' }).waitFor();
    },
  };
}

async function playPast(system: WebSystem, market: DemoMarket, page: Page): Promise<void> {
  const now = Date.now();
  const moments: Moment[] = [];
  for (const [hoursAgo, ...requests] of [...PAST, ...triggersOf(market)]) {
    market.at = now - hoursAgo * HOUR_MS;
    for (const request of requests) {
      if ('symbol' in request) await untilOld(page, request.symbol);
      const { number } = await giveCommand(page, request);
      moments.push({ number, at: market.at + moments.length });
    }
  }
  market.at = undefined;
  const url = await system.databaseUrl();
  const pool = openPool({ url, name: 'demo', size: 1, log: recordingLogger() });
  await moveToPast(pool, moments);
  await tellPast(pool, SYMBOLS);
  await pool.end();
}

/** Two that wait near the price of now, and one that fired. */
function triggersOf(market: DemoMarket): typeof PAST {
  const [abc, xyz] = [market.priceOf('ABC'), market.priceOf('XYZ')];
  return [
    [
      26,
      { command: 'SET_SELL_AMOUNT', symbol: 'XYZ', amount: '1500.00' },
      { command: 'SET_SELL_TRIGGER', symbol: 'XYZ', price: dollars(xyz * 0.5) },
    ],
    [
      0.5,
      { command: 'SET_BUY_AMOUNT', symbol: 'ABC', amount: '3000.00' },
      { command: 'SET_BUY_TRIGGER', symbol: 'ABC', price: dollars(abc * 0.985) },
      { command: 'SET_SELL_AMOUNT', symbol: 'ABC', amount: '2000.00' },
      { command: 'SET_SELL_TRIGGER', symbol: 'ABC', price: dollars(abc * 1.015) },
    ],
  ];
}

const dollars = (cents: number): string => (cents / 100).toFixed(2);

/** A quote that may still be used would be of another time. */
async function untilOld(page: Page, symbol: string): Promise<void> {
  const isOld = `fetch('/api/v1/quotes?symbols=${symbol}')
    .then((response) => response.json()).then(({ quotes }) => quotes.every(({ fresh }) => !fresh))`;
  await until(() => page.evaluate<boolean>(isOld), { what: `the quote of ${symbol} is old` });
}
