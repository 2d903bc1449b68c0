/**
 * `npm run screenshots:management [FOLDER]`: the broker's management UI as an operator sees it, of the
 * real system under a small load; the pictures of docs/MANAGEMENT-UI.md.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { until } from '../support/until.ts';
import { needChromium, openBrowser, openPage } from './chromium.ts';
import { screenshotFolder } from './screenshot-folder.ts';
import { startWebSystem, type WebSystem } from './web-system.ts';

/** Few enough for one picture of all queues. */
const SHARDS = '4';
const LOAD = { commands: '12000', rate: '400' };
/** Narrow enough to be read in a page of text, and so high that nothing is scrolled below its header. */
const SIZE = { width: 980, height: 1600 };
/** The queues of one process alone are left out: their names are long, and come and go with it. */
const LASTING = '^(?!replies|quotes.feed)';

const folder = await screenshotFolder('screenshots:management', {
  description: 'take the pictures of docs/MANAGEMENT-UI.md',
  standard: 'docs/images',
});
const executable = needChromium();
const files = mkdtempSync(join(tmpdir(), 'daytrade-load-'));
const system = await startWebSystem({ SHARDS, QUOTE_SERVER_FLAGS: '--delay-ms 50' });
const browser = await openBrowser(executable);
try {
  const { page } = await openPage(browser, SIZE);
  const show = await logIn(page, system);
  await publishByHand(page, show);
  const load = underLoad(system);
  await takeShard(page, show);
  await takeQueues(page, show);
  await load;
  await takeParked(page, show);
} finally {
  await browser.close();
  await system.close();
  rmSync(files, { recursive: true, force: true });
}
console.log(`Screenshots are in ${folder}`);

type Show = (path: string, heading: string) => Promise<void>;

/** Types what `up` told; gives what opens a page of the UI. */
async function logIn(page: Page, { addresses }: WebSystem): Promise<Show> {
  const [, origin = '', user = '', password = ''] =
    /management UI +(\S+)\/ +user (\S+), password (\S+)/.exec(addresses) ?? [];
  await page.goto(origin);
  await page.locator('input[name=username]').fill(user);
  await page.locator('input[name=password]').fill(password);
  await page.locator('input[type=submit]').click();
  await page.getByRole('heading', { name: 'Overview' }).first().waitFor();
  return async (path, heading) => {
    await page.goto(`${origin}/#/${path}`);
    await page.locator('#main h1', { hasText: heading }).waitFor();
  };
}

/** A part of a page, which is folded at first. */
async function unfold(page: Page, title: string): Promise<Locator> {
  const heading = page.locator('#main h2', { hasText: title });
  await heading.click();
  return heading.locator('..');
}

async function shoot(what: Locator, name: string): Promise<void> {
  await what.screenshot({ path: join(folder, `${name}.png`) });
}

/** Lines that are parked, for they are none, and good ones under an id. */
async function publishByHand(page: Page, show: Show): Promise<void> {
  await show('exchanges/daytrade/intake', 'intake');
  const form = await unfold(page, 'Publish message');
  const publish = async (lines: string): Promise<void> => {
    await form.locator('textarea').fill(lines);
    await form.locator('input[type=submit]').click();
    const said = page.locator('.form-popup-info', { hasText: 'Message published.' });
    await said.locator('span').click();
    await said.waitFor({ state: 'detached' });
  };
  await publish('HELLO,alice');
  await form.locator('input[name=props_1_mfkey]').fill('message_id');
  await form.locator('input[name=props_1_mfvalue]').fill('alice-1');
  await publish('ADD,alice,1000.00\nBUY,alice,ABC,100.00\nCOMMIT_BUY,alice');
  await shoot(form, 'management-publish');
}

async function takeParked(page: Page, show: Show): Promise<void> {
  await show('queues/daytrade/intake.parked', 'intake.parked');
  const form = await unfold(page, 'Get messages');
  await form.locator('input[type=submit]').click();
  // It slides into its place.
  await form.locator('.msg-payload').hover();
  await shoot(form, 'management-parked');
}

async function underLoad(running: WebSystem): Promise<void> {
  const file = join(files, 'load');
  await running.run(['generate', '--commands', LOAD.commands, '--users', '200', '--out', file]);
  await running.run(['publish', file, '--rate', LOAD.rate]);
}

async function takeShard(page: Page, show: Show): Promise<void> {
  await show('queues/daytrade/commands.shard.00', 'commands.shard.00');
  const consumers = await unfold(page, 'Consumers');
  // The broker counts in steps of five seconds.
  await hasRates(page.locator('#main'));
  const from = await page.locator('#main').boundingBox();
  const to = await consumers.boundingBox();
  if (from === null || to === null) throw new TypeError('the page shows no consumers');
  const clip = { ...from, height: to.y + to.height - from.y };
  await page.screenshot({ path: join(folder, 'management-shard.png'), clip });
}

async function takeQueues(page: Page, show: Show): Promise<void> {
  await show('queues', 'Queues');
  await page.locator('#queues-filter-regex-mode').check();
  await page.locator('#queues-name').fill(LASTING);
  await page.locator('#queues-name').press('Enter');
  const table = page.locator('#main table.list');
  await until(async () => !(await table.innerText()).includes('replies'), {
    what: 'they are filtered',
  });
  await hasRates(table);
  await shoot(table, 'management-queues');
}

async function hasRates(part: Locator): Promise<void> {
  await until(async () => /[1-9]\d*(\.\d+)?\/s/.test(await part.innerText()), {
    what: 'the rates of the load are shown',
    timeoutMs: 40_000,
  });
}
