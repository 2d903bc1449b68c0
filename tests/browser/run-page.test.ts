/** The page about a run draws its charts from a file, on a phone and in dark mode too. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { renderRunPage } from '../../infra/cli/run-page.ts';
import { shownRun } from '../support/shown-run.ts';
import { findChromium, openBrowser, openPage } from './chromium.ts';
import { inBrowser, START_MAX_MS } from './web-suite.ts';

inBrowser('the page about a run (skipped where Chromium is not installed)', () => {
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'daytrade page #1-'));
    writeFileSync(join(folder, 'run.html'), renderRunPage(shownRun('w.txt')));
    browser = await openBrowser(findChromium() ?? '');
  }, START_MAX_MS);
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The page, whether it is wider than the window, and the colour in a corner of its first chart. */
  const LOOK = `(() => {
    const charts = [...document.querySelectorAll('.timeline')];
    const [canvas] = document.querySelectorAll('.timeline canvas');
    const [...corner] = canvas.getContext('2d').getImageData(1, 1, 1, 1).data;
    const legends = charts.map((chart) => chart.querySelector('.legend').textContent);
    const isWide = document.documentElement.scrollWidth > innerWidth;
    return { legends, isWide, corner };
  })()`;

  test.each([
    [1100, 'light', [255, 255, 255, 255]],
    [320, 'dark', [18, 24, 33, 255]],
  ] as const)('at a width of %i, %s', async (width, colorScheme, corner) => {
    const { page, context, complaints } = await openPage(browser, { width, colorScheme });
    await page.goto(pathToFileURL(join(folder, 'run.html')).href);
    await page.waitForSelector('.timeline canvas');
    expect(await page.evaluate(LOOK)).toEqual({
      legends: ['answeredof these refused', '99 of 100 withinhalf within', 'hits'],
      isWide: false,
      corner,
    });
    expect(complaints).toEqual([]);
    await context.close();
  });
});
