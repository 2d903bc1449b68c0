/** Many tabs, clocks that are wrong, other languages, and an outage, in real Chromium. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, BrowserContext, Page, Request } from 'playwright-core';
import { raiseAlarm } from '../../infra/chaos/broker-control.ts';
import { deferred } from '../../shared/runtime/deferred.ts';
import { ONE_EACH } from '../support/one-each.ts';
import { openTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { until } from '../support/until.ts';
import { findChromium, openBrowser, openPage, type Watched } from './chromium.ts';
import { logIn, makeAdministrator, PASSWORD, signUp } from './log-in.ts';
import { notice } from './page-parts.ts';
import { FEW_SHARDS, inBrowser, START_MAX_MS } from './web-suite.ts';
import { startWebSystem, type WebSystem } from './web-system.ts';

const ORDER_LIFETIME_S = 60;
const TABS = 7;
const HOUR_MS = 3_600_000;
/** Promised is ten seconds; the machine of a test may be busy. */
const BANNER_MAX_MS = 60_000;

const executable = findChromium() ?? '';

inBrowser('the web in Chromium (skipped where Chromium is not installed)', () => {
  let database: TestDatabase;
  let system: WebSystem;

  beforeAll(async () => {
    database = await openTestDatabase();
    // A broker of its own: an alarm would stop other suites too.
    system = await startWebSystem({
      DATABASE_URL: database.url,
      ORDER_LIFETIME_S: ORDER_LIFETIME_S.toString(),
      QUOTE_SERVER_FLAGS: '--delay-ms 0 --seed 82',
      ...FEW_SHARDS,
      ...ONE_EACH,
    });
  }, START_MAX_MS);

  afterAll(async () => {
    await system.close();
    await database.close();
  }, START_MAX_MS);

  describe.each([
    { protocol: 'h2', flags: [] },
    { protocol: 'http/1.1', flags: ['--disable-http2'] },
  ])('seven tabs by $protocol', ({ protocol, flags }) => {
    let browser: Browser;
    let tabs: readonly Page[];
    let streams: Streams;

    beforeAll(async () => {
      browser = await openBrowser(executable, flags);
      const { context, page } = await openPage(browser);
      streams = watchStreams(context);
      await signUp(page, system, { user: `tabs-${flags.length}`, password: PASSWORD });
      const others = [];
      for (let count = 1; count < TABS; count += 1) others.push(await context.newPage());
      await Promise.all(others.map((tab) => tab.goto(`${system.url}/portfolio`)));
      tabs = [page, ...others];
    }, START_MAX_MS);

    afterAll(async () => await browser.close());

    test('all trade, and have one event stream', async () => {
      await Promise.all(
        tabs.map(async (tab) => {
          await addFunds(tab, '100');
          await notice(tab, '$100.00 added').waitFor();
        }),
      );
      for (const tab of tabs) await shows(tab, '$700.00');
      expect(streams.open()).toHaveLength(1);
      const used = 'performance.getEntriesByType("navigation")[0].nextHopProtocol';
      expect(await tabs[1]?.evaluate(used)).toBe(protocol);
    }, 240_000);

    test('go on when the tab that has the stream is closed', async () => {
      const [reader] = await streams.readers();
      await reader?.close();
      tabs = tabs.filter((tab) => tab !== reader);
      await addFunds(at(tabs, 0), '50');
      for (const tab of tabs) await shows(tab, '$750.00');
      await until(() => streams.open().length === 1, { what: 'another tab has the stream' });
    }, 240_000);

    test('go on when the tab that has the stream is frozen, and it catches up when it wakes', async () => {
      const [reader] = await streams.readers();
      const frozen = at([reader].filter(isPage), 0);
      const debug = await frozen.context().newCDPSession(frozen);
      await debug.send('Page.setWebLifecycleState', { state: 'frozen' });
      const awake = tabs.filter((tab) => tab !== frozen);
      await addFunds(at(awake, 0), '25');
      for (const tab of awake) await shows(tab, '$775.00');
      await debug.send('Page.setWebLifecycleState', { state: 'active' });
      await shows(frozen, '$775.00');
      await addFunds(frozen, '5');
      for (const tab of tabs) await shows(tab, '$780.00');
      await until(() => streams.open().length === 1, { what: 'one tab has the stream' });
    }, 240_000);
  });

  describe('a clock that is wrong', () => {
    let browser: Browser;
    let trader: Watched;
    let page: Page;

    beforeAll(async () => {
      browser = await openBrowser(executable);
      trader = await openPage(browser);
      ({ page } = trader);
      await page.addInitScript(CLOCKS);
      await signUp(page, system, { user: 'clara', password: PASSWORD });
      await addFunds(page, '10,000');
      await notice(page, '$10,000.00 added').waitFor();
    }, START_MAX_MS);

    afterAll(async () => await browser.close());

    const secondsLeft = async (): Promise<number> =>
      Number(await page.getByRole('timer').first().innerText());
    const placeOrder = async (): Promise<void> => {
      await page.goto(`${system.url}/trade/ABC`);
      await page.getByRole('textbox', { name: 'Amount', exact: true }).fill('3000');
      await page.getByRole('button', { name: 'Review buy' }).click();
      await page.getByRole('button', { name: 'Commit buy' }).waitFor();
    };

    test.each([
      ['forward', HOUR_MS],
      ['back', -HOUR_MS],
    ])('set %s by an hour leaves an open order open', async (_direction, ms) => {
      await placeOrder();
      const before = await secondsLeft();
      await page.evaluate(`clocks.date += ${ms}`);
      await until(async () => (await secondsLeft()) < before, { what: 'the countdown goes on' });
      expect(await secondsLeft()).toBeGreaterThan(0);
      expect(await page.getByText('Live quote').count()).toBe(1);
      await page.getByRole('button', { name: 'Commit buy' }).click();
      await notice(page, /^Bought/)
        .last()
        .waitFor();
      expect(await page.getByText('ran out').count()).toBe(0);
      await page.reload();
    });

    test('that stood still while the device slept is set by the server again', async () => {
      await placeOrder();
      const asked = page.waitForResponse(/\/api\/v1\/session$/);
      // As after a sleep of ten minutes: the page's clock is behind all others by so much.
      await page.evaluate('clocks.page -= 600_000');
      await asked;
      await until(async () => (await secondsLeft()) <= ORDER_LIFETIME_S, {
        what: 'the countdown is right again',
      });
      await page.getByRole('button', { name: 'Cancel' }).click();
    });

    test('is checked when the page is looked at again', async () => {
      const asked = page.waitForResponse(/\/api\/v1\/session$/);
      await page.evaluate('document.dispatchEvent(new Event("visibilitychange"))');
      expect((await asked).status()).toBe(200);
      expect(trader.complaints).toEqual([]);
    });
  });

  test('in a language with a decimal comma, every amount and price takes one', async () => {
    const browser = await openBrowser(executable);
    const { page, complaints } = await openPage(browser, { locale: 'de-DE' });
    await signUp(page, system, { user: 'dieter', password: PASSWORD });
    await addFunds(page, '1,234');
    await page.getByText('Use at most two decimals').waitFor();
    await addFunds(page, '1.099,95');
    await notice(page, '$1,099.95 added').waitFor();
    await page.goto(`${system.url}/trade/ABC`);
    const amount = page.getByRole('textbox', { name: 'Amount', exact: true });
    expect(await amount.getAttribute('inputmode')).toBe('decimal');
    await amount.fill('999,50');
    await page.getByRole('button', { name: 'Review buy' }).click();
    await page.getByRole('button', { name: 'Commit buy' }).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    // The price comes after what is typed, as on a busy machine, and takes nothing from it.
    const typed = deferred();
    await page.route('**/api/v1/quotes?*', async (route) => {
      await typed.promise;
      await route.continue();
    });
    await page.goto(`${system.url}/triggers/ABC`);
    for (const [name, value] of [
      ['Buy for', '500,50'],
      ['When it falls to', '0,25'],
    ] as const) {
      const field = page.getByRole('textbox', { name, exact: true });
      expect(await field.getAttribute('inputmode')).toBe('decimal');
      await field.fill(value);
    }
    await page.getByText('When ABC costs $0.25 or less').waitFor();
    typed.resolve();
    await page
      .locator('.card', { hasText: 'ABC' })
      .locator('.strong', { hasText: '$' })
      .first()
      .waitFor();
    expect(await page.getByRole('textbox', { name: 'When it falls to' }).inputValue()).toBe('0,25');
    await page.getByRole('button', { name: 'Arm the trigger' }).click();
    await page.getByText('Buys as many shares as $500.50').waitFor();
    expect(complaints).toEqual([]);
    await browser.close();
  }, 240_000);

  describe('a broker that takes no messages', () => {
    const WHAT = 'RabbitMQ takes no messages because its memory is short';
    const REMEDY = 'Give the machine more memory';

    test('is named by a banner, to administrators with the remedy, until it is over', async () => {
      const browser = await openBrowser(executable);
      const { page } = await openPage(browser);
      await signUp(page, system, { user: 'olga', password: PASSWORD });
      const { page: office } = await openPage(browser);
      await logIn(office, system, await makeAdministrator(system, 'operator'));
      await office.getByRole('link', { name: 'Admin' }).waitFor();
      const [banner, adminsBanner] = [page, office].map((each) => each.locator('.banner'));
      const endAlarm = await raiseAlarm(system.home, 'memory');
      try {
        await banner?.getByText(WHAT).waitFor({ timeout: BANNER_MAX_MS });
        await adminsBanner?.getByText(REMEDY).waitFor({ timeout: BANNER_MAX_MS });
        expect(await banner?.innerText()).not.toContain(REMEDY);
        const late = await page.context().newPage();
        await late.goto(`${system.url}/portfolio`);
        await late.locator('.banner').getByText(WHAT).waitFor({ timeout: BANNER_MAX_MS });
      } finally {
        await endAlarm();
      }
      for (const each of [banner, adminsBanner]) {
        await each?.waitFor({ state: 'detached', timeout: BANNER_MAX_MS });
      }
      await addFunds(page, '1');
      await notice(page, '$1.00 added').waitFor();
      await browser.close();
    }, 240_000);
  });
});

/** The device's clock and the page's, each of which a test can set. */
const CLOCKS = `
  window.clocks = { date: 0, page: 0 };
  const [date, page] = [Date.now.bind(Date), performance.now.bind(performance)];
  const RealDate = Date;
  window.Date = class extends RealDate {
    constructor(...given) { super(...(given.length === 0 ? [date() + clocks.date] : given)); }
    static now() { return date() + clocks.date; }
  };
  performance.now = () => page() + clocks.page;
`;

async function addFunds(page: Page, dollars: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Amount to add', exact: true }).fill(dollars);
  await page.getByRole('button', { name: 'Add funds' }).click();
}

/** As the events tell: a tab reads its account itself only after a command of its own. */
async function shows(page: Page, available: string): Promise<void> {
  await page
    .locator('.facts > div', { hasText: 'Available' })
    .locator('dd', { hasText: available })
    .waitFor();
}

type Streams = {
  readonly open: () => readonly Request[];
  /** The tabs that read a stream, once one does. */
  readonly readers: () => Promise<readonly Page[]>;
};

function watchStreams(context: BrowserContext): Streams {
  const open = new Set<Request>();
  context.on('request', (request) => {
    if (new URL(request.url()).pathname === '/api/v1/events') open.add(request);
  });
  context.on('requestfailed', (request) => open.delete(request));
  context.on('requestfinished', (request) => open.delete(request));
  // What a tab was reading when it was closed is told by nobody.
  const watch = (page: Page): void => {
    page.on('close', () => {
      for (const request of open) if (request.frame().page() === page) open.delete(request);
    });
  };
  context.pages().forEach(watch);
  context.on('page', watch);
  return {
    open: () => [...open],
    readers: async () =>
      await until(() => open.size === 1 && [...open].map((request) => request.frame().page()), {
        what: 'one tab reads the stream',
      }),
  };
}

const isPage = (page: Page | undefined): page is Page => page !== undefined;

function at(tabs: readonly Page[], index: number): Page {
  const tab = tabs[index];
  if (tab === undefined) throw new RangeError(`there is no tab ${index}`);
  return tab;
}
