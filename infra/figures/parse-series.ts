/** Parses the text of a `/metrics` endpoint. Pure. */
import type { LabelledValue } from '../alerts/snapshot.ts';

export type NamedValue = LabelledValue & { readonly name: string };

const NAME = /^[A-Za-z_:][\w:]*/;
const REST = /^(?:\{(.*)\})? (\S+)/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/**
 * Returns the wanted series; leaves out values that are not numbers. Most lines are not wanted, and are
 * not parsed further than to their name.
 */
export function parseSeries(
  text: string,
  isWanted: (name: string) => boolean,
): readonly NamedValue[] {
  const found: NamedValue[] = [];
  for (const line of text.split('\n')) {
    const name = NAME.exec(line)?.[0];
    if (name === undefined || !isWanted(name)) continue;
    const [, labels = '', value = ''] = REST.exec(line.slice(name.length)) ?? [];
    const number = Number(value.replace('Inf', 'Infinity'));
    if (value !== '' && !Number.isNaN(number))
      found.push({ name, labels: labelsIn(labels), value: number });
  }
  return found;
}

const labelsIn = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...text.matchAll(LABEL)].map(([, label = '', value = '']) => [label, unescaped(value)]),
  );

const unescaped = (text: string): string =>
  text.replaceAll(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
