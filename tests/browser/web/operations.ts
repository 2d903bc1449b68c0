/** The page on which administrators see how the system does, in real Chromium. */
import { afterAll, describe, expect, test } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { runningSystem } from '../../../infra/cli/running-system.ts';
import { virtualHostOf } from '../../../shared/amqp/broker-addresses.ts';
import { openManagement } from '../../../shared/amqp/management.ts';
import { commandsQueue } from '../../../shared/messages/address.ts';
import type { OperationsView } from '../../../shared/web-api/operations.ts';
import { until } from '../../support/until.ts';
import { seriousFindings } from '../accessibility.ts';
import { openPage, type Watched } from '../chromium.ts';
import { giveCommand } from '../give-command.ts';
import { logIn, makeAdministrator, PASSWORD, signUp } from '../log-in.ts';
import { button } from '../page-parts.ts';
import { openTrader, type Web, type WebTests } from '../web-suite.ts';

export const testOperations: WebTests = (open) => {
  describe('the operations page', () => {
    let web: Web;
    let page: Page;
    let trader: Watched;

    openTrader(open, async (opened, admin) => {
      web = opened;
      page = admin.page;
      trader = await openPage(web.browser);
      await signUp(trader.page, web.system, { user: 'olga', password: PASSWORD });
      await logIn(page, web.system, await makeAdministrator(web.system, 'sixth-operator'));
      await page.getByRole('link', { name: 'Admin' }).click();
    });

    afterAll(async () => await trader.context.close());

    const plot = (title: string): Locator => page.getByRole('region', { name: title, exact: true });

    test('says that nothing is wrong, and shows the commands that are given', async () => {
      await page.getByText('Nothing is wrong.').waitFor();
      for (let count = 0; count < 3; count += 1) {
        await giveCommand(trader.page, { command: 'ADD', amount: '10.00' });
      }
      await plot('Commands a second').getByText('add', { exact: true }).waitFor();
      await plot('Shards').getByText('transaction-1').first().waitFor();
      await plot('Memory by process').getByText('audit-1').waitFor();
      expect(await seriousFindings(page)).toEqual([]);
    });

    test('counts each command once, and remembers it after a reload', async () => {
      const before = addsIn(await laterFigures(page));
      await giveCommand(trader.page, { command: 'ADD', amount: '10.00' });
      expect(addsIn(await laterFigures(page))).toBe(before + 1);
      await page.reload();
      await plot('Commands a second').getByText('add', { exact: true }).waitFor();
    });

    test('looks back by the keyboard', async () => {
      const moment = page.getByRole('slider', { name: 'Look at' });
      await moment.press('Home');
      await page.locator('.plot-moment').first().waitFor({ state: 'attached' });
      expect(await moment.getAttribute('aria-valuetext')).toMatch(/^\d\d:\d\d:\d\d$/);
      await moment.press('End');
      expect(await moment.getAttribute('aria-valuetext')).toBe('Now');
    });

    test('says what is wrong and what to do about it, until it is done', async () => {
      const { info } = await runningSystem(web.system);
      const vhost = virtualHostOf(info.amqpUrl);
      await openManagement(info.managementUrl ?? '').ask(
        'POST',
        ['exchanges', vhost, 'amq.default', 'publish'],
        {
          routing_key: commandsQueue(0),
          payload: 'no command',
          payload_encoding: 'string',
          properties: {},
        },
      );
      const sentence = 'Messages that could not be read are in commands.parked: 1';
      const remedy = page.getByRole('article', { name: sentence });
      await remedy.getByText('Correct the sender.').waitFor();
      await page.getByRole('status').getByText(`${sentence}.`).waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      const listed = await web.system.run(['parked', 'list', '--json']);
      for (const { id } of JSON.parse(listed) as readonly { readonly id: string }[]) {
        await web.system.run(['parked', 'drop', id]);
      }
      await page.getByText('Nothing is wrong.').waitFor();
      await plot('Events').getByText('Alarm').waitFor();
      await button(page, 'System').waitFor();
    });
  });
};

const ASK = "fetch('/api/v1/admin/operations').then((response) => response.json())";

/** Waits for figures that hold everything until now: those of a sample that begins after now. */
async function laterFigures(page: Page): Promise<OperationsView> {
  const now = Date.now();
  return await until(
    async () => {
      const view = await page.evaluate<OperationsView>(ASK);
      // The first of these may have begun before.
      return view.at.filter((at) => at > now).length >= 2 && view;
    },
    { what: 'two more samples' },
  );
}

/** Returns how many ADDs the samples tell of. */
function addsIn({ at, tracks }: OperationsView): number {
  const adds = tracks.find(({ of, name }) => of === 'commands' && name === 'ADD');
  const sum = (adds?.values ?? []).reduce<number>((total, rate, index) => {
    const seconds = ((at[index] ?? 0) - (at[index - 1] ?? at[index] ?? 0)) / 1_000;
    return total + (rate ?? 0) * seconds;
  }, 0);
  return Math.round(sum);
}
