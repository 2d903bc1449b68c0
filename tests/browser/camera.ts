/** Takes pictures of a page at each width, light and dark. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { until } from '../support/until.ts';

const WIDTHS = [1280, 380, 320] as const;
const SCHEMES = ['light', 'dark'] as const;
const LEAST_HEIGHT = 900;

/** Takes the pictures `name-1280-light.png`, `name-1280-dark.png` and so on, each of the whole page. */
export type Shoot = (page: Page, name: string) => Promise<void>;

export const shootInto =
  (folder: string): Shoot =>
  async (page, name) => {
    for (const width of WIDTHS) {
      for (const colorScheme of SCHEMES) {
        await page.setViewportSize({ width, height: LEAST_HEIGHT });
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await settled(page);
        // So high that nothing scrolls, or the navigation of a phone would cover the middle.
        const height = await page.evaluate<number>('document.documentElement.scrollHeight');
        await page.setViewportSize({ width, height });
        await settled(page);
        await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.png`) });
      }
    }
  };

/** Waits until everything is loaded and the charts are drawn. */
async function settled(page: Page): Promise<void> {
  const isThere = `document.querySelector('main .card') !== null
    && !document.querySelector('.blank') && !/Loading …/.test(document.body.innerText)`;
  await until(() => page.evaluate<boolean>(isThere), { what: 'the page shows all its data' });
  const twoFrames =
    'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))';
  await page.evaluate(twoFrames);
  await page.evaluate(twoFrames);
}
