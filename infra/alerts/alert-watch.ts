/**
 * Evaluates the alert rules at each snapshot. An alert is *pending* from the first snapshot in which
 * its expression holds, *firing* once it has held for the rule's time, and over at the first snapshot
 * in which it does not hold.
 */
import { evaluateExpression } from './evaluate-expression.ts';
import { selectorsIn } from './expression.ts';
import type { AlertRule } from './read-rules.ts';
import { renderAlert } from './render-alert.ts';
import { labelKey, type LabelledValue, type Snapshot } from './snapshot.ts';

export type Alert = {
  readonly rule: AlertRule;
  readonly labels: LabelledValue['labels'];
  readonly summary: string;
  /** The time of the first snapshot in which it held. */
  readonly since: number;
  readonly isFiring: boolean;
};

export class AlertWatch {
  readonly #rules: readonly AlertRule[];
  /** The series that rules look back on, and how far. */
  readonly #ranged: ReadonlyMap<string, number>;
  /** Earlier snapshots of these series alone. */
  #past: readonly Snapshot[] = [];
  readonly #since = new Map<string, number>();

  constructor(rules: readonly AlertRule[]) {
    this.#rules = rules;
    const selectors = rules.flatMap(({ expression }) => selectorsIn(expression));
    this.#ranged = new Map(
      selectors.flatMap(({ name, rangeMs }) => (rangeMs === undefined ? [] : [[name, rangeMs]])),
    );
  }

  /** Returns the alerts that hold now, in the order of the rules. */
  observe(snapshot: Snapshot): readonly Alert[] {
    const alerts = this.#rules.flatMap((rule) =>
      evaluateExpression(rule.expression, { past: this.#past, present: snapshot }).map((found) =>
        this.#alertOf(rule, found, snapshot.at),
      ),
    );
    const held = new Set(alerts.map(keyOf));
    for (const key of this.#since.keys()) if (!held.has(key)) this.#since.delete(key);
    this.#keep(snapshot);
    return alerts;
  }

  #alertOf(rule: AlertRule, found: LabelledValue, at: number): Alert {
    const key = keyOf({ rule, labels: found.labels });
    const since = this.#since.get(key) ?? at;
    this.#since.set(key, since);
    const { labels } = found;
    const summary = renderAlert(rule.summary, found);
    return { rule, labels, summary, since, isFiring: at - since >= rule.forMs };
  }

  #keep({ at, series }: Snapshot): void {
    const longestMs = Math.max(0, ...this.#ranged.values());
    const kept = [...series].filter(([name]) => this.#ranged.has(name));
    this.#past = [
      ...this.#past.filter((before) => before.at >= at - longestMs),
      { at, series: new Map(kept) },
    ];
  }
}

/** Returns what tells an alert apart from all others. */
export const keyOf = ({ rule, labels }: Pick<Alert, 'rule' | 'labels'>): string =>
  `${rule.name} ${labelKey(labels)}`;
