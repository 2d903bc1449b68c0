/** The page about a run, for a run of known totals. */
import { describe, expect, test } from '@jest/globals';
import { renderRunPage } from '../../../infra/cli/run-page.ts';
import { compareWithEarlier } from '../../../infra/cli/run-page-earlier.ts';
import { shownRun } from '../../support/shown-run.ts';

const run = shownRun('/tmp/<b>.workload');
const page = renderRunPage(run);

test('tells the run in a paragraph', () => {
  expect(page).toContain(
    '<p class="lead">10 users gave 1,000 commands, and all of them were answered and stored in the audit log ' +
      'within 2.00 seconds. The system accepted 600, and refused 400, most often because there is no pending buy. ' +
      'It paid for 4 quotes instead of 100, and so saved $4.80.</p>',
  );
});

test('counts one of a kind in the singular', () => {
  const { result, details } = run;
  const unreadable = { ...result.unreadable, count: 1 };
  const alone = { ...run, result: { ...result, unreadable }, details: { ...details, users: 1 } };
  expect(renderRunPage(alone)).toMatch(/1 user gave .* 1 line could not be read\./);
});

test('shows the share of each command, and why commands were refused', () => {
  expect(page).toContain('<span>600, 60 %</span>');
  expect(page).toContain('<span>400, 40 %</span>');
  expect(page).toContain('<span class="name">there is no pending buy</span>');
  expect(page).toContain('<span>300, 30 %</span>');
});

test('says who was slowest and how long that user waited for quotes', () => {
  expect(page).toContain('zoë was done last, after 2.00 s: 1.50 s of it went to 3 waits');
});

test('loads nothing, holds the licence of its charts, and shows names as text', () => {
  expect(page).not.toMatch(/<(?:script|link|img)[^>]*(?:src|href)=/);
  expect(page).toContain("default-src 'none'");
  expect(page).toContain('TradingView Lightweight Charts™');
  expect(page).toContain('Apache License');
  expect(page).toContain('<h1>Run of &lt;b&gt;.workload</h1>');
});

describe('the earlier system', () => {
  const compared = (users: number, hitMeanS: number): readonly unknown[] => {
    const details = { ...run.details, users, hitMeanS };
    const { perSecond, users: of, times } = compareWithEarlier({ ...run, details });
    return [of, perSecond, Number(times.toFixed(2))];
  };

  test('is compared at the nearest number of users, with quotes as slow', () => {
    expect(compared(1, 0)).toEqual([1, 250, 2]);
    expect(compared(60, 0)).toEqual([45, 247, 2.02]);
    expect(compared(5_000, 0.01)).toEqual([100, 205, 2.44]);
    expect(compared(5_000, 0.7)).toEqual([10, 88, 5.68]);
  });

  test('is compared also if the run had no user', () => {
    expect(compared(0, 0)).toEqual([1, 250, 2]);
  });
});
