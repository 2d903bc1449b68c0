/** A suite of the web: tests that share a browser, and a real system on a database and a virtual host of its own. */
import { afterAll, afterEach, beforeAll, describe, expect } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { ONE_EACH } from '../support/one-each.ts';
import { openTestBroker } from '../support/test-broker.ts';
import { openTestDatabase } from '../support/test-database.ts';
import { testManagementUrl } from '../support/test-services.ts';
import { findChromium, openBrowser, openPage, type Watched } from './chromium.ts';
import { startWebSystem, type Environment, type WebSystem } from './web-system.ts';

/** Longer than a system takes to start or to stop on a busy machine. */
export const START_MAX_MS = 240_000;

/** Skips tests by name where there is no browser. */
export const inBrowser: typeof describe | typeof describe.skip =
  findChromium() === undefined ? describe.skip : describe;

export type Web = {
  readonly system: WebSystem;
  readonly browser: Browser;
  readonly close: () => Promise<void>;
};

/** Few queues, which a system declares and drains faster. */
export const FEW_SHARDS: Environment = { SHARDS: '4' };

/** Short times, so that a test waits only for seconds until a quote is old or an order has expired. */
const SETTINGS = {
  // A page that loads on a busy machine must still show the order.
  ORDER_LIFETIME_S: '10',
  // Prices move with each hit, and a trigger's stock is asked for every second.
  QUOTE_SERVER_FLAGS: '--prices hits --delay-ms 0 --seed 82',
  QUOTE_LIFETIME_S: '3',
  TRIGGER_REFRESH_S: '1',
  PAGE_REFRESH_S: '6',
  SHOW_COSTS: '1',
  ...FEW_SHARDS,
  ...ONE_EACH,
};

/** Declares the tests of a subject. They have users of their own; `open` returns the web once it is open. */
export type WebTests = (open: () => Web) => void;

/** Declares a suite, whose subjects are tested one after the other. */
export function describeWeb(...subjects: readonly WebTests[]): void {
  inBrowser('the web in Chromium (skipped where Chromium is not installed)', () => {
    let web: Web | undefined;
    beforeAll(async () => {
      web = await openWeb();
    }, START_MAX_MS);
    afterAll(async () => await web?.close(), START_MAX_MS);
    const open = (): Web => {
      if (web === undefined) throw new Error('the web is not open yet');
      return web;
    };
    for (const test of subjects) test(open);
  });
}

/** Opens a page for the tests of a subject, and prepares it. After each test, it must have no complaints. */
export function openTrader(
  open: () => Web,
  prepare: (web: Web, trader: Watched) => Promise<void> | void,
): void {
  let trader: Watched;
  beforeAll(async () => {
    const web = open();
    trader = await openPage(web.browser);
    await prepare(web, trader);
  }, START_MAX_MS);
  afterEach(() => {
    expect(trader.complaints).toEqual([]);
  });
  afterAll(async () => await trader.context.close());
}

async function openWeb(): Promise<Web> {
  const [database, broker] = await Promise.all([openTestDatabase(), openTestBroker()]);
  const [browser, system] = await Promise.all([
    openBrowser(findChromium() ?? ''),
    startWebSystem({
      DATABASE_URL: database.url,
      AMQP_URL: broker.url,
      AMQP_MANAGEMENT_URL: testManagementUrl(),
      ...SETTINGS,
    }),
  ]);
  return {
    system,
    browser,
    close: async () => {
      await browser.close();
      await system.close();
      await broker.close();
      await database.close();
    },
  };
}
