/**
 * Reads the alert rules of Prometheus, and what the runbook says about each. Both files are the only
 * list of what can be wrong.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { packageRoot } from '../../shared/runtime/package-root.ts';
import { durationMs, parseExpression, type Expression } from './expression.ts';
import type { Labels } from './snapshot.ts';

export type RunbookEntry = {
  readonly means: string;
  readonly look: string;
  readonly remedy: string;
  /** The alerts whose remedies the entry refers to. */
  readonly see: readonly string[];
};

export type AlertRule = {
  readonly name: string;
  readonly expression: Expression;
  /** How long the expression must hold before the alert fires. */
  readonly forMs: number;
  readonly labels: Labels;
  /** The template of the sentence that says what is wrong. */
  readonly summary: string;
  readonly entry: RunbookEntry;
};

type YamlRule = {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Labels;
  readonly annotations: { readonly summary: string };
};
type YamlRules = { readonly groups: readonly { readonly rules: readonly YamlRule[] }[] };

/** The entry of every alert in a copy of the program without its documents. */
const NO_ENTRY: RunbookEntry = { means: '', look: '', remedy: '', see: [] };

export function readAlertRules(): readonly AlertRule[] {
  const pathOf = (path: string): string => join(packageRoot, path);
  const read = (path: string): string => readFileSync(pathOf(path), 'utf8');
  const hasRunbook = existsSync(pathOf('docs/RUNBOOK.md'));
  const entries = hasRunbook ? parseRunbook(read('docs/RUNBOOK.md')) : undefined;
  const { groups } = parse(read('infra/prometheus/rules.yml')) as YamlRules;
  return groups.flatMap(({ rules }) =>
    rules.map((rule) => {
      const entry = entries === undefined ? NO_ENTRY : entries.get(rule.alert);
      if (entry === undefined) throw new Error(`docs/RUNBOOK.md has no entry ${rule.alert}`);
      return {
        name: rule.alert,
        expression: parseExpression(rule.expr),
        forMs: rule.for === undefined ? 0 : durationMs(rule.for),
        labels: rule.labels,
        summary: rule.annotations.summary,
        entry,
      };
    }),
  );
}

/** Reads the entries of the runbook's alerts, without line breaks and links. Pure. */
export function parseRunbook(text: string): ReadonlyMap<string, RunbookEntry> {
  const [, alerts = ''] = text.split('\n## Alerts\n');
  const [section = ''] = alerts.split('\n## ');
  const entries = section.split('\n### ').slice(1);
  const names = entries.map((entry) => entry.split('\n', 1).join());
  return new Map(
    entries.map((entry, index) => {
      const part = (name: string): string =>
        plain(entry.split(`**${name}** `)[1]?.split('\n**')[0] ?? '');
      const linked = [...entry.matchAll(/\]\(#([a-z-]+)\)/g)].map(([, anchor]) => anchor);
      const see = names.filter((name) => linked.includes(name.toLowerCase()));
      return [
        names[index] ?? '',
        { means: part('Means'), look: part('Look'), remedy: part('Do'), see },
      ];
    }),
  );
}

/** Joins lines to sentences, and keeps the text of links and of what is emphasised. Backquotes stay. */
const plain = (text: string): string =>
  text
    .replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1')
    .replaceAll('*', '')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/^[a-z]/, (letter) => letter.toUpperCase());
