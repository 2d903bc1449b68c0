/** Joins the samples that a page gets one after the other to the figures of the last hour. */
import type { FigureGroup, OperationsView } from '../../../../../shared/web-api/operations.ts';

export type FigureLine = {
  readonly of: FigureGroup;
  readonly name: string;
  /** One value for each sample; null where it was not known. */
  readonly values: readonly (number | null)[];
};

export type FigureHistory = {
  readonly at: readonly number[];
  readonly lines: readonly FigureLine[];
};

export const NO_FIGURES: FigureHistory = { at: [], lines: [] };

/** Adds later samples, and drops those that are older than the server keeps them. */
export function extendFigures(
  known: FigureHistory,
  { at, tracks, keptMs }: Pick<OperationsView, 'at' | 'tracks' | 'keptMs'>,
): FigureHistory {
  const all = [...known.at, ...at];
  const oldest = (all.at(-1) ?? 0) - keptMs;
  const dropped = all.filter((each) => each <= oldest).length;
  const keyOf = ({ of, name }: Pick<FigureLine, 'of' | 'name'>): string => `${of} ${name}`;
  const before = new Map(known.lines.map((line) => [keyOf(line), line]));
  const later = new Map(tracks.map((track) => [keyOf(track), track]));
  const lines = [...new Map([...before, ...later]).entries()].flatMap(([key, { of, name }]) => {
    const values = [
      ...(before.get(key)?.values ?? unknown(known.at.length)),
      ...(later.get(key)?.values ?? unknown(at.length)),
    ].slice(dropped);
    return values.every((value) => value === null) ? [] : [{ of, name, values }];
  });
  return { at: all.slice(dropped), lines };
}

const unknown = (count: number): readonly null[] => Array<null>(count).fill(null);

/** Returns the samples from an instant on. */
export function figuresFrom({ at, lines }: FigureHistory, from: number): FigureHistory {
  const first = at.findIndex((each) => each >= from);
  if (first === -1) return { at: [], lines: lines.map((line) => ({ ...line, values: [] })) };
  return {
    at: at.slice(first),
    lines: lines.map((line) => ({ ...line, values: line.values.slice(first) })),
  };
}

/** Returns the index of the sample nearest to an instant; the last if there is no instant. */
export function sampleAt(at: readonly number[], instant: number | undefined): number {
  if (instant === undefined) return at.length - 1;
  const next = at.findIndex((each) => each >= instant);
  if (next === -1) return at.length - 1;
  const [before, after] = [at[next - 1] ?? -Infinity, at[next] ?? Infinity];
  return instant - before < after - instant ? next - 1 : next;
}

/** Returns how much a rate per second amounts to over all samples. */
export function amountOf(at: readonly number[], perSecond: FigureLine['values']): number {
  return perSecond.reduce<number>((sum, value, index) => {
    const before = at[index - 1];
    const seconds = before === undefined ? 0 : ((at[index] ?? before) - before) / 1_000;
    return sum + (value ?? 0) * seconds;
  }, 0);
}
