/** The parts of a page by their names, and what a test waits for in them. */
import { readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';

export const button = (page: Page, name: string | RegExp): Locator =>
  page.getByRole('button', { name });

export const field = (page: Page, name: string): Locator =>
  page.getByRole('textbox', { name, exact: true });

export const notice = (page: Page, text: string | RegExp): Locator =>
  page.getByRole('log', { name: 'Notices' }).getByText(text);

export const question = (page: Page, text: string | RegExp): Locator =>
  page.getByRole('group', { name: text });

/** Answers a question with what it asks, which is its last button. */
export const answerYes = (page: Page, text: string | RegExp): Promise<void> =>
  question(page, text).getByRole('button').last().click();

/** Returns the value of a term in a list of facts. */
export async function fact(page: Page, term: string): Promise<string> {
  const row = page
    .locator('.facts > div')
    .filter({ has: page.locator('dt', { hasText: new RegExp(`^${term}`) }) });
  return (await row.locator('dd').innerText()).trim();
}

/** Waits until a field is invalid and its description says why. */
export async function isFaulty(field: Locator, why: RegExp): Promise<void> {
  await field.and(field.page().locator('[aria-invalid="true"]')).waitFor();
  const described = (await field.getAttribute('aria-describedby')) ?? '';
  await field.page().locator(`[id="${described}"]`).filter({ hasText: why }).waitFor();
}

export async function isFocused(locator: Locator): Promise<void> {
  await locator.and(locator.page().locator(':focus')).waitFor();
}

export async function isInView(locator: Locator): Promise<boolean> {
  const [box, view] = [await locator.boundingBox(), locator.page().viewportSize()];
  return box !== null && box.y >= 0 && box.y + box.height <= (view?.height ?? 0);
}

/** The text of the file that the work makes the browser save. */
export async function saved(page: Page, work: () => Promise<void>): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), work()]);
  return readFileSync(await download.path(), 'utf8');
}

/** `$1,234.50` → 123450. */
export const centsIn = (money: string): number => Number(money.replace(/\D/g, ''));
