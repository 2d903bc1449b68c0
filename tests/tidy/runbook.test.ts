/** The runbook says what to do after each alert. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { packageRoot } from '../../shared/runtime/package-root.ts';

type Rule = { readonly alert: string; readonly annotations: { readonly runbook: string } };

const read = (path: string): string => readFileSync(join(packageRoot, path), 'utf8');
const { groups } = parse(read('infra/prometheus/rules.yml')) as {
  readonly groups: readonly { readonly rules: readonly Rule[] }[];
};
const rules = groups.flatMap((group) => group.rules);
const alerts = (read('docs/RUNBOOK.md').split('\n## Alerts\n')[1] ?? '').split('\n## ')[0] ?? '';
const entries = new Map(
  alerts
    .split('\n### ')
    .slice(1)
    .map((entry) => [entry.split('\n')[0] ?? '', entry]),
);

describe('docs/RUNBOOK.md', () => {
  test('each alert has its entry, and nothing else has', () => {
    expect([...entries.keys()].toSorted()).toEqual(rules.map(({ alert }) => alert).toSorted());
  });

  test.each(rules)('$alert names its entry', ({ alert, annotations }) => {
    expect(annotations.runbook).toBe(`docs/RUNBOOK.md#${alert.toLowerCase()}`);
  });

  test.each(rules)('$alert: what it means, what to look at, what to do', ({ alert }) => {
    for (const part of ['**Means**', '**Look**', '**Do**']) {
      expect(entries.get(alert)).toContain(part);
    }
  });
});
