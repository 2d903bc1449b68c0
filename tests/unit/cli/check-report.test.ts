/** The report of a check, as a table and as a page. */
import { describe, expect, test } from '@jest/globals';
import { renderCheckPage } from '../../../infra/cli/check-page.ts';
import { renderCheckTable } from '../../../infra/cli/check-table.ts';
import { checkLines } from '../check/check-log.ts';
import { event, RIGHT_LOG } from '../check/right-log.ts';

const WRONG_LOG = [
  '<log>',
  event('UC 0 1 ADD alice - 100.00'),
  event('AT 0 1 add alice 100.01'),
  event('UC 1 2 COMMIT_BUY alice'),
  event('EE 1 2 COMMIT_BUY alice', 'no-shares: \u009b31m&lt;b&gt;'),
  event('UC 2 3 CANCEL_BUY alice'),
  event('EE 2 3 CANCEL_BUY alice', 'no-shares'),
  event('UC 3 4 CANCEL_BUY &lt;i&gt;'),
  '</log>',
];

describe('the table', () => {
  test('says that nothing is wrong', () => {
    const table = renderCheckTable('log.xml', checkLines(RIGHT_LOG).report);
    expect(table)
      .toBe(`log.xml: 31 events of 2 users, 15 commands, from 2023-11-14 22:13:20 to 2023-11-14 22:14:45 UTC.
It is written as SPEC §5.1 demands.

  Is it valid by the schema?                             ok           31 events
  Is it in order?                                        ok           28 events
  Does each command of the workload stand in it once?    not checked  no --workload was given
  Do the account transactions follow from the commands?  ok           15 commands
  Was each quote used within its life?                   ok           6 uses
  Were the hits needed?                                  ok           3 hits
  Were the triggers met when they fired?                 ok           2 firings

Nothing is wrong.`);
  });

  test('names each fault with its line, the first few of each kind, and the accounts', () => {
    const { report } = checkLines(WRONG_LOG, { firstMax: 1 });
    const [, findings = ''] = renderCheckTable('log.xml', report).split('firings\n\n');
    expect(findings)
      .toBe(`field-form: 1 fault – a value is valid by the course’s schema, but not by SPEC §5.1
  line 8, "<i>", transaction 4
      expected  a user name: 1 to 64 of A-Z a-z 0-9 _ . -
      found     username "<i>"

account-transaction-wrong: 1 fault – an account transaction has wrong funds or a wrong action
  line 3, alice, transaction 1
      expected  add 100.00 for ADD
      found     add 100.01

rejection-missing: 1 fault – a command that must be rejected has no errorEvent
  line 8, "<i>", transaction 4
      expected  account-unknown: the user has no account yet: the first ADD opens it
      found     CANCEL_BUY without errorEvent

rejection-differs: 2 faults – a command was rejected for another reason
  line 5, alice, transaction 2
      expected  no-pending-buy: there is no pending buy
      found     rejected: no-shares: \ufffd31m<b>
  … and 1 more

Accounts with faults: 2
  alice  first at line 3 (account-transaction-wrong); balance by the log 100.01, by SPEC 100.00
  … and 1 more

5 faults of 4 kinds.`);
  });
});

describe('the page', () => {
  test('holds the same, and no text of the log becomes a part of the page', () => {
    const page = renderCheckPage('a&b.xml', checkLines(WRONG_LOG).report);
    expect(page).toContain('<title>Check of a&amp;b.xml</title>');
    expect(page).toContain('<p class="bad">5 faults of 4 kinds.</p>');
    expect(page).toContain('<td class="code">add 100.00 for ADD</td>');
    expect(page).toContain('&lt;i&gt;');
    expect(page).not.toMatch(/<[ib]>/);
    expect(page).not.toMatch(/https?:/);
  });

  test('says that nothing is wrong', () => {
    const page = renderCheckPage('log.xml', checkLines(RIGHT_LOG).report);
    expect(page).toContain('<p class="good">Nothing is wrong.</p>');
  });
});
