/** The alert rules fire here exactly where Prometheus fires them: `promtool` runs the same file of tests. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { AlertWatch, type Alert } from '../../../infra/alerts/alert-watch.ts';
import { readAlertRules } from '../../../infra/alerts/read-rules.ts';
import type { LabelledValue, Snapshot } from '../../../infra/alerts/snapshot.ts';
import { groupBy } from '../../../infra/figures/group-by.ts';
import { parseSeries } from '../../../infra/figures/parse-series.ts';
import { packageRoot } from '../../../shared/runtime/package-root.ts';

type RuleTest = {
  readonly name: string;
  readonly input_series: readonly { readonly series: string; readonly values: string }[];
  readonly alert_rule_test: readonly {
    readonly eval_time: string;
    readonly alertname: string;
    readonly exp_alerts: readonly {
      readonly exp_labels: Readonly<Record<string, string>>;
      readonly exp_annotations: { readonly summary: string };
    }[];
  }[];
};

const EVERY_S = 15;
const rules = readAlertRules();
const text = readFileSync(join(packageRoot, 'infra/prometheus/rules.test.yml'), 'utf8');
// With the usual schema, `0x20` would be a number.
const { tests } = parse(text, { schema: 'failsafe' }) as { readonly tests: readonly RuleTest[] };

/** Reads `1x4`: a value and four repetitions; `0+1x4`: four steps of 1; `_x3`: three gaps. */
function valuesIn(values: string): readonly (number | undefined)[] {
  return values.split(' ').flatMap((part) => {
    const [, gaps] = /^_x(\d+)$/.exec(part) ?? [];
    if (gaps !== undefined) return Array<undefined>(Number(gaps)).fill(undefined);
    const [, first, step = '0', times = '0'] = /^(\d+)(?:\+(\d+))?(?:x(\d+))?$/.exec(part) ?? [];
    return Array.from(
      { length: Number(times) + 1 },
      (_, index) => Number(first) + index * Number(step),
    );
  });
}

const secondsOf = (time: string): number =>
  [...time.matchAll(/(\d+)([ms])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (unit === 'm' ? 60 : 1),
    0,
  );

/** Observes every snapshot up to a time, and returns the alerts that fire then. */
function firingAt(seconds: number, input: RuleTest['input_series']): readonly Alert[] {
  const watch = new AlertWatch(rules);
  const series = input.map(({ series: name, values }) => ({
    parsed: parseSeries(`${name} 0`, () => true),
    values: valuesIn(values),
  }));
  let alerts: readonly Alert[] = [];
  for (let at = 0; at <= seconds; at += EVERY_S) {
    const now = series.flatMap(({ parsed, values }) => {
      const value = values[at / EVERY_S];
      return value === undefined ? [] : parsed.map((each) => ({ ...each, value }));
    });
    alerts = watch.observe({ at: at * 1_000, series: groupBy(now, ({ name }) => name) });
  }
  return alerts.filter(({ isFiring }) => isFiring);
}

describe('the rules', () => {
  const cases = tests.flatMap(({ name, input_series: input, alert_rule_test: expected }) =>
    expected.map((each) => ({ name, input, ...each, at: each.eval_time, alert: each.alertname })),
  );

  test.each(cases)('$name, at $at: $alert', ({ input, at, alert, exp_alerts: expected }) => {
    const firing = firingAt(secondsOf(at), input).filter(({ rule }) => rule.name === alert);
    expect(
      firing.map(({ rule, labels, summary }) => [summary, withoutName(rule.labels, labels)]),
    ).toEqual(expected.map((each) => [each.exp_annotations.summary, each.exp_labels]));
  });

  test('every rule is tested, as silent and as firing', () => {
    for (const { name } of rules) {
      const results = cases.filter(({ alert }) => alert === name);
      expect([name, new Set(results.map((each) => each.exp_alerts.length > 0))]).toEqual([
        name,
        new Set([true, false]),
      ]);
    }
  });
});

const withoutName = (...labels: readonly LabelledValue['labels'][]): LabelledValue['labels'] =>
  Object.assign({}, ...labels) as LabelledValue['labels'];

describe('an alert', () => {
  const process = (value: number): LabelledValue => ({ labels: { name: 'quote-1' }, value });
  const snapshot = (at: number, up: number): Snapshot => ({
    at,
    series: new Map([
      ['up', [{ labels: { job: 'daytrade' }, value: 1 }]],
      ['daytrade_process_up', [process(up)]],
    ]),
  });

  test('is pending until it has held for its time, and begins anew after it was over', () => {
    const watch = new AlertWatch(rules);
    const states = [
      [0, 1],
      [1_000, 0],
      [60_000, 0],
      [61_000, 0],
      [62_000, 1],
      [63_000, 0],
    ].map(([at = 0, up = 0]) =>
      watch.observe(snapshot(at, up)).map(({ since, isFiring }) => ({ since, isFiring })),
    );
    expect(states).toEqual([
      [],
      [{ since: 1_000, isFiring: false }],
      [{ since: 1_000, isFiring: false }],
      [{ since: 1_000, isFiring: true }],
      [],
      [{ since: 63_000, isFiring: false }],
    ]);
  });

  test('has its entry of the runbook, without links, and names the entries that this refers to', () => {
    const entry = (alert: string) => rules.find(({ name }) => name === alert)?.entry;
    expect(entry('ProcessDown')).toMatchObject({
      remedy: 'As for ProcessRestarting.',
      see: ['ProcessRestarting'],
    });
    expect(entry('BrokerBlocked')?.see).toEqual(['DiskLow']);
    expect(entry('OutboxOld')?.look).toContain('parked messages of `audit`');
    expect(entry('ServiceAway')?.look).toContain('service lost and service back in `daytrade');
  });
});
