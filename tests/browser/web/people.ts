/** What users and administrators may do with passwords, tokens and sessions, in real Chromium. */
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { seriousFindings } from '../accessibility.ts';
import { openPage, type Watched } from '../chromium.ts';
import { giveCommand } from '../give-command.ts';
import { logIn, makeAdministrator, PASSWORD, signUp } from '../log-in.ts';
import {
  answerYes,
  button,
  field,
  isFaulty,
  isFocused,
  notice,
  question,
  saved,
} from '../page-parts.ts';
import { openTrader, type Web, type WebTests } from '../web-suite.ts';

export const testPeople: WebTests = (open) => {
  describe('settings and administration', () => {
    let web: Web;
    let trader: Watched;
    let page: Page;
    let admin: Watched;

    openTrader(open, async (opened, visitor) => {
      web = opened;
      trader = visitor;
      page = trader.page;
      await signUp(page, web.system, { user: 'maria', password: PASSWORD });
      await giveCommand(page, { command: 'ADD', amount: '100.00' });
      admin = await openPage(web.browser);
      await logIn(admin.page, web.system, await makeAdministrator(web.system, 'operator'));
    });

    afterAll(async () => await admin.context.close());

    afterEach(() => {
      expect(admin.complaints).toEqual([]);
    });

    test('what cannot be undone is asked first, and a token is copied', async () => {
      await trader.context.grantPermissions(['clipboard-read', 'clipboard-write']);
      await page.goto(`${web.system.url}/settings`);
      await field(page, 'What a new token is for').fill('script');
      await button(page, 'Make a token').click();
      await button(page, 'Copy').click();
      await page.getByText('Copied.').waitFor();
      const copied = await page.evaluate<string>('navigator.clipboard.readText()');
      expect(copied).toBe(await page.locator('code.secret').innerText());
      await button(page, 'Revoke the token script').click();
      await isFocused(button(page, 'Keep'));
      await page.keyboard.press('Enter');
      await isFocused(button(page, 'Revoke the token script'));
      await page.keyboard.press('Enter');
      expect(await seriousFindings(page)).toEqual([]);
      await button(page, 'Revoke').click();
      await isFocused(page.getByRole('group', { name: 'Token revoked' }));
      await button(page, 'Revoke the token script').waitFor({ state: 'detached' });
    });

    test('a user logs out everywhere else', async () => {
      const elsewhere = await openPage(web.browser);
      await logIn(elsewhere.page, web.system, { user: 'maria', password: PASSWORD });
      await elsewhere.page.getByRole('heading', { name: 'Trade', exact: true }).waitFor();
      await page.reload();
      await button(page, 'Log out everywhere else').click();
      await answerYes(page, 'End all other sessions?');
      await notice(page, 'Logged out everywhere else').waitFor();
      await elsewhere.page.getByText('Your session has ended').waitFor();
      await button(page, 'Log out everywhere else').waitFor({ state: 'detached' });
      await elsewhere.context.close();
    });

    test('a user chooses light or dark for this browser, whatever the system says', async () => {
      const ground = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
      const light = await ground();
      await button(page, 'Dark').click();
      const dark = await ground();
      expect(dark).not.toBe(light);
      await page.reload();
      await button(page, 'System').waitFor();
      expect(await ground()).toBe(dark);
      await page.emulateMedia({ colorScheme: 'dark' });
      await button(page, 'Light').click();
      expect(await ground()).toBe(light);
      await button(page, 'System').click();
      expect(await ground()).toBe(dark);
      await page.emulateMedia({ colorScheme: 'light' });
    });

    test('a trader has no administration', async () => {
      await page.goto(`${web.system.url}/admin`);
      await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
      for (const part of ['system', 'operations']) {
        const asked = `fetch('/api/v1/admin/${part}').then((response) => response.status)`;
        expect(await page.evaluate<number>(asked)).toBe(403);
      }
    });

    test('an administrator sees the system, and dumps the whole log', async () => {
      await admin.page.getByRole('link', { name: 'Admin' }).click();
      await button(admin.page, 'System').click();
      await admin.page.getByRole('row', { name: /transaction-1.*Up/ }).waitFor();
      await admin.page
        .getByRole('row', { name: /shard\.00/ })
        .first()
        .waitFor();
      expect(await seriousFindings(admin.page)).toEqual([]);
      await admin.page.getByRole('button', { name: 'Log', exact: true }).click();
      const xml = await saved(admin.page, () => button(admin.page, 'Dump the whole log').click());
      expect(xml).toContain('<username>maria</username>');
      expect(xml).toMatch(/<\/log>\s*$/);
      await admin.page.getByText(/^Done: .* complete\.$/).waitFor();
      for (const part of ['Users', 'Parked']) {
        await button(admin.page, part).click();
        await expect(admin.page.title()).resolves.toBe(`${part} · Administration · daytrade`);
        expect(await seriousFindings(admin.page)).toEqual([]);
      }
    });

    test('a name that is handed out is used with a password of its owner’s own', async () => {
      await admin.page.goto(`${web.system.url}/admin/users`);
      await field(admin.page, 'User name').fill('bob');
      await button(admin.page, 'Hand out').click();
      await admin.page.getByText('The password of bob, shown this once:').waitFor();
      const password = await admin.page.locator('code.secret').innerText();
      const bob = await openPage(web.browser);
      await logIn(bob.page, web.system, { user: 'bob', password });
      await bob.page.getByRole('heading', { name: 'Choose your own password' }).waitFor();
      const present = bob.page.getByLabel('Present password');
      await present.fill('not the one');
      await bob.page.getByLabel('New password').fill(PASSWORD);
      await button(bob.page, 'Change the password').click();
      await isFaulty(present, /^This is not your present password\.$/);
      await present.fill(password);
      await button(bob.page, 'Change the password').click();
      await bob.page.getByRole('heading', { name: 'Trade', exact: true }).waitFor();
      expect(bob.complaints).toEqual([]);
      await bob.context.close();
    });

    test('an administrator finds somebody, disables and enables them, and ends their sessions', async () => {
      await admin.page.goto(`${web.system.url}/admin/users`);
      // The focus is on the safe answer, which leaves all as it was.
      await button(admin.page, 'Disable bob').click();
      await isFocused(button(admin.page, 'Go back'));
      expect(await seriousFindings(admin.page)).toEqual([]);
      await admin.page.keyboard.press('Enter');
      await isFocused(button(admin.page, 'Disable bob'));
      await admin.page.keyboard.press('Enter');
      await answerYes(admin.page, /^Disable bob\? It ends their sessions and tokens\.$/);
      await isFocused(question(admin.page, 'bob is disabled'));
      await admin.page.getByRole('row', { name: /bob.*Trader, disabled/ }).waitFor();
      expect(await seriousFindings(admin.page)).toEqual([]);
      await button(admin.page, 'Enable bob').click();
      await answerYes(admin.page, /^Enable bob\?/);
      await button(admin.page, 'Disable bob').waitFor();
      await field(admin.page, 'Search by name').fill('OB');
      await button(admin.page, 'Disable maria').waitFor({ state: 'detached' });
      const bob = await openPage(web.browser);
      await logIn(bob.page, web.system, { user: 'bob', password: PASSWORD });
      await bob.page.getByRole('heading', { name: 'Trade', exact: true }).waitFor();
      await button(admin.page, 'Log out bob everywhere').click();
      await answerYes(admin.page, /^Log bob out everywhere\?/);
      await bob.page.getByText('Your session has ended').waitFor();
      await bob.context.close();
    });

    test('an administrator gives somebody a new password, which ends their sessions', async () => {
      const bob = await openPage(web.browser);
      await logIn(bob.page, web.system, { user: 'bob', password: PASSWORD });
      await bob.page.getByRole('heading', { name: 'Trade', exact: true }).waitFor();
      await admin.page.goto(`${web.system.url}/admin/users`);
      await button(admin.page, 'Reset the password of bob').click();
      await answerYes(admin.page, /^Give bob a new password\?/);
      await isFocused(question(admin.page, 'The password of bob, shown this once:'));
      await bob.page.getByText('Your session has ended').waitFor();
      await bob.context.close();
    });
  });
};
