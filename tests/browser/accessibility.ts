/** What axe finds on a page that a person with a disability would stumble over. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { until } from '../support/until.ts';

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

type Violation = {
  readonly id: string;
  readonly impact?: string | null;
  readonly nodes: readonly {
    readonly target: readonly string[];
    readonly failureSummary?: string;
  }[];
};

/** Returns the violations alone: all that axe looked at would be megabytes, serialised for nothing. */
const RUN = `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
  violations.map(({ id, impact, nodes }) => ({
    id,
    impact,
    nodes: nodes.map(({ target, failureSummary }) => ({ target, failureSummary })),
  })))`;

/** Serious and critical findings, a line each. */
export async function seriousFindings(page: Page): Promise<readonly string[]> {
  // Through the debugger, which the page's policy does not concern. The value of axe itself is not wanted.
  if (!(await page.evaluate<boolean>(`'axe' in globalThis`))) {
    await page.evaluate(`${SOURCE}; undefined`);
  }
  // A colour that is on its way to another is neither.
  await until(() => page.evaluate<boolean>('document.getAnimations().length === 0'), {
    what: 'nothing moves on the page',
  });
  const violations = await page.evaluate<readonly Violation[]>(RUN);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(
        ({ target, failureSummary }) => `${id} ${target.join(' ')}: ${failureSummary ?? ''}`,
      ),
    );
}
