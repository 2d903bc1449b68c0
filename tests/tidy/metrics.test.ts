/** Alerts and dashboards ask for series that exist. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { FIGURE_SERIES } from '../../infra/figures/figures-of.ts';
import { packageRoot } from '../../shared/runtime/package-root.ts';

const read = (path: string): string => readFileSync(join(packageRoot, path), 'utf8');

const SOURCES = ['consumers', 'producers', 'infra', 'shared'];

/** The names of all series: the code makes each with `name: 'daytrade_…'`. */
const made = new Set(
  SOURCES.flatMap((folder) =>
    readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.includes('node_modules'))
      .flatMap((path) => [...read(join(folder, path)).matchAll(/name: '(daytrade_\w+)'/g)])
      .map(([, name = '']) => name),
  ),
);

const asked = (text: string): readonly string[] =>
  [...text.matchAll(/\b(daytrade_\w+?)(?:_bucket|_sum|_count)?\b(?=[{[\s)"]|$)/gm)]
    .map(([, name = '']) => name)
    .filter((name, index, all) => all.indexOf(name) === index);

type Dashboard = {
  readonly panels: readonly {
    readonly title: string;
    readonly targets?: readonly { readonly expr: string }[];
  }[];
};
const dashboard = JSON.parse(read('infra/grafana/dashboards/daytrade.json')) as Dashboard;
const expressions = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

type Rule = { readonly alert: string; readonly expr: string; readonly annotations: unknown };
const { groups } = parse(read('infra/prometheus/rules.yml')) as {
  readonly groups: readonly { readonly rules: readonly Rule[] }[];
};
const rules = groups.flatMap((group) => group.rules);

/** Series for closer examination, which neither the dashboard, nor an alert, nor the operations page uses. */
const NOT_SHOWN = [
  'daytrade_audit_insert_seconds',
  'daytrade_quote_requests_total',
  'daytrade_batches_failed_total',
  'daytrade_quote_waits_total',
  'daytrade_firings_sent_total',
  'daytrade_connection_waits_total',
  'daytrade_connection_wait_seconds_total',
];

describe('series', () => {
  test('there are some', () => {
    expect(made.size).toBeGreaterThan(15);
    expect(expressions.length).toBeGreaterThan(20);
  });

  test.each(rules)('$alert asks for series that are made', ({ expr }) => {
    expect(asked(expr).filter((name) => !made.has(name))).toEqual([]);
  });

  test('the dashboard and the operations page ask for series that are made', () => {
    expect(
      asked([...expressions, ...FIGURE_SERIES].join('\n')).filter((name) => !made.has(name)),
    ).toEqual([]);
  });

  test('every series is shown on the dashboard or the operations page, or an alert asks for it', () => {
    const all = [...expressions, ...FIGURE_SERIES, ...rules.map(({ expr }) => expr)];
    const shown = new Set(asked(all.join('\n')));
    expect([...made].filter((name) => !shown.has(name)).sort()).toEqual([...NOT_SHOWN].sort());
  });

  test.each(rules)('$alert names its section of the runbook', ({ alert, annotations }) => {
    expect(annotations).toMatchObject({ runbook: `docs/RUNBOOK.md#${alert.toLowerCase()}` });
  });
});
