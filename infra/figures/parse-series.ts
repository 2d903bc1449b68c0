/** Parses the text of a `/metrics` endpoint. Pure. */
import type { LabelledValue } from '../alerts/snapshot.ts';

export type NamedValue = LabelledValue & { readonly name: string };

const LINE = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})? (\S+)/gm;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** Returns the wanted series; leaves out values that are not numbers. */
export const parseSeries = (
  text: string,
  isWanted: (name: string) => boolean,
): readonly NamedValue[] =>
  [...text.matchAll(LINE)].flatMap(([, name = '', labels = '', value = '']) => {
    if (!isWanted(name)) return [];
    const number = Number(value.replace('Inf', 'Infinity'));
    return Number.isNaN(number) ? [] : [{ name, labels: labelsIn(labels), value: number }];
  });

const labelsIn = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...text.matchAll(LABEL)].map(([, label = '', value = '']) => [label, unescaped(value)]),
  );

const unescaped = (text: string): string =>
  text.replaceAll(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
