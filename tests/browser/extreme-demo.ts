/** Pictures of the extremes: the longest names, the largest numbers, many triggers, the longest messages. */
import type { Browser, Page } from 'playwright-core';
import { openPool } from '../../shared/pg/pool.ts';
import { recordingLogger } from '../support/recording-logger.ts';
import type { Shoot } from './camera.ts';
import { openPage } from './chromium.ts';
import { giveExtremes, giveManyTriggers, LONGEST_NAME } from './extreme-account.ts';
import { giveCommand } from './give-command.ts';
import { logIn, makeAdministrator, PASSWORD, signUp } from './log-in.ts';
import type { WebSystem } from './web-system.ts';

const LONGEST_ADMINISTRATOR = 'M'.repeat(64);
const LONGEST_TROUBLE = {
  what: 'RabbitMQ takes no messages because the disk of its machine is almost full.',
  remedy:
    'Free some of the disk, or move its data folder to a larger one; commands that are sent meanwhile wait.',
};
const PATHS = [
  ['trade', 'trade/WWW'],
  ['first-visit', 'trade'],
  ['portfolio', 'portfolio'],
  ['triggers', 'triggers'],
  ['trigger', 'triggers/WWW'],
  ['history', 'history'],
  ['commands', 'history?list=commands'],
  ['inbox', 'inbox'],
  ['settings', 'settings'],
] as const;

type Extremes = {
  readonly system: WebSystem;
  readonly browser: Browser;
  readonly shoot: Shoot;
};

export async function shootExtremes({ system, browser, shoot }: Extremes): Promise<void> {
  const { page, context } = await openPage(browser);
  await signUp(page, system, { user: LONGEST_NAME, password: PASSWORD });
  await giveCommand(page, { command: 'ADD', amount: '1000000000.00' });
  await giveCommand(page, { command: 'BUY', symbol: 'WWW', amount: '100000000000.00' });
  const url = await system.databaseUrl();
  const pool = openPool({ url, name: 'extremes', size: 1, log: recordingLogger() });
  await giveExtremes(pool, LONGEST_NAME);
  await giveManyTriggers(pool, LONGEST_NAME);
  await pool.end();
  for (const [name, path] of PATHS) {
    await page.goto(`${system.url}/${path}`);
    await shoot(page, `extreme-${name}`);
  }
  await shootRefusals(page, system, shoot);
  await shootSecrets(page, system, shoot);
  await shootOutage(page, system, shoot);
  await context.close();
  const admin = await openPage(browser);
  await shootAdministration(admin.page, system, shoot);
  await admin.context.close();
}

/** Shows an amount that exceeds the means, and a trigger that would trade at once. */
async function shootRefusals(page: Page, system: WebSystem, shoot: Shoot): Promise<void> {
  await page.goto(`${system.url}/trade/WWW`);
  await page.getByRole('button', { name: 'Sell', exact: true }).click();
  await page.getByRole('textbox', { name: 'Amount', exact: true }).fill('99999999999999');
  await shoot(page, 'extreme-refusal');
  await page.goto(`${system.url}/triggers/WWW`);
  await page.getByRole('textbox', { name: 'Buy for' }).fill('1000000000');
  await page.getByRole('textbox', { name: 'When it falls to' }).fill('999999999');
  await page.getByRole('button', { name: /^(Move|Arm) the trigger$/ }).click();
  await shoot(page, 'extreme-question');
}

async function shootSecrets(page: Page, system: WebSystem, shoot: Shoot): Promise<void> {
  await page.goto(`${system.url}/settings`);
  await page.getByRole('textbox', { name: 'What a new token is for' }).fill('W'.repeat(60));
  await page.getByRole('button', { name: 'Make a token' }).click();
  await page.locator('code.secret').waitFor();
  await page.getByRole('button', { name: /^Revoke the token/ }).click();
  await page.getByLabel('Present password').fill('W'.repeat(200));
  await page.getByLabel('New password').fill('W'.repeat(201));
  await page.getByRole('button', { name: 'Show' }).last().click();
  await page.getByRole('button', { name: 'Change the password' }).click();
  await shoot(page, 'extreme-secrets');
}

/** Shows the banner of an outage; the events after it never come. */
async function shootOutage(page: Page, system: WebSystem, shoot: Shoot): Promise<void> {
  let isTold = false;
  await page.route('**/api/v1/events*', async (route) => {
    if (isTold) return;
    isTold = true;
    const body = `event: trouble\ndata: ${JSON.stringify(LONGEST_TROUBLE)}\n\n`;
    await route.fulfill({ status: 200, contentType: 'text/event-stream', body });
  });
  await page.goto(`${system.url}/settings`);
  await page.locator('.banner').waitFor();
  await shoot(page, 'extreme-outage');
}

async function shootAdministration(page: Page, system: WebSystem, shoot: Shoot): Promise<void> {
  await parkMessage(system);
  await logIn(page, system, await makeAdministrator(system, LONGEST_ADMINISTRATOR));
  await page.getByRole('link', { name: 'Admin' }).waitFor();
  for (const part of ['operations', 'system', 'parked', 'log', 'users']) {
    await page.goto(`${system.url}/admin/${part}`);
    await shoot(page, `extreme-admin-${part}`);
  }
  await page.getByRole('button', { name: `Reset the password of ${LONGEST_NAME}` }).click();
  await shoot(page, 'extreme-admin-question');
  await page.getByRole('button', { name: 'Reset', exact: true }).click();
  await page.locator('code.secret').waitFor();
  await shoot(page, 'extreme-admin-password');
}

/** Publishes what is no command, as an operator might by hand. */
async function parkMessage({ addresses }: WebSystem): Promise<void> {
  const [, origin = '', user = '', password = ''] =
    /management UI +(\S+)\/ +user (\S+), password (\S+)/.exec(addresses) ?? [];
  const answer = await fetch(`${origin}/api/exchanges/daytrade/intake/publish`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${user}:${password}`)}` },
    body: JSON.stringify({
      properties: {},
      routing_key: '',
      payload: `HELLO,${'W'.repeat(2_000)}`,
      payload_encoding: 'string',
    }),
  });
  if (!answer.ok) throw new Error(`the broker answered ${answer.status}: ${await answer.text()}`);
}
