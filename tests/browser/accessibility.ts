/** What axe finds on a page that a person with a disability would stumble over. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { until } from '../support/until.ts';

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What of its results is read here; its own types need those of a browser. */
type AxeResults = {
  readonly violations: readonly {
    readonly id: string;
    readonly impact?: string | null;
    readonly nodes: readonly {
      readonly target: readonly string[];
      readonly failureSummary?: string;
    }[];
  }[];
};

/** Serious and critical findings, a line each. */
export async function seriousFindings(page: Page): Promise<readonly string[]> {
  // Through the debugger, which the page's policy does not concern.
  await page.evaluate(SOURCE);
  // A colour that is on its way to another is neither.
  await until(() => page.evaluate<boolean>('document.getAnimations().length === 0'), {
    what: 'nothing moves on the page',
  });
  const results = await page.evaluate<AxeResults>('axe.run(document)');
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(
        ({ target, failureSummary }) => `${id} ${target.join(' ')}: ${failureSummary ?? ''}`,
      ),
    );
}
