/** Logging in by the form. */
import type { Page } from 'playwright-core';
import type { WebSystem } from './web-system.ts';

/** One that the web accepts. */
export const PASSWORD = 'correct horse battery';

export type Credentials = { readonly user: string; readonly password: string };

export async function logIn(
  page: Page,
  { url }: WebSystem,
  { user, password }: Credentials,
): Promise<void> {
  await page.goto(`${url}/login`);
  await page.getByLabel('User name').fill(user);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
}

export async function signUp(
  page: Page,
  { url }: WebSystem,
  { user, password }: Credentials,
): Promise<void> {
  await page.goto(`${url}/signup`);
  await page.getByLabel('User name').fill(user);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign up' }).click();
  await page.getByRole('heading', { name: 'Portfolio' }).waitFor();
}

/** Made by the command line, which prints the password and nothing else to its output. */
export async function makeAdministrator(system: WebSystem, user: string): Promise<Credentials> {
  const password = (await system.run(['admin', 'create', user])).trim();
  return { user, password };
}
