/** Collects findings: counts all of a kind, and keeps the first few. */
import { FINDING_KINDS, type FindingKind } from './finding-kinds.ts';

/** One fault or deviation, as an auditor wants to see it. */
export type LogFinding = {
  readonly kind: FindingKind;
  /** The line of the log; undefined if the fault is that something is not there. */
  readonly line: number | undefined;
  /** Undefined if the finding is about no user. */
  readonly user: string | undefined;
  readonly transaction: number | undefined;
  readonly expected: string;
  readonly found: string;
};

export interface FindingBook {
  add(finding: LogFinding): void;
  /** Forgets the findings of a kind; returns how many there were. */
  remove(kind: FindingKind): number;
  count(kind: FindingKind): number;
  /** The first findings of a kind, in the order in which they were added. */
  first(kind: FindingKind): readonly LogFinding[];
}

/** Makes a book that keeps the first `firstMax` findings of each kind. */
export function openFindingBook(firstMax: number): FindingBook {
  const counts = new Map<FindingKind, number>();
  const firsts = new Map<FindingKind, LogFinding[]>(FINDING_KINDS.map((kind) => [kind, []]));
  const count = (kind: FindingKind): number => counts.get(kind) ?? 0;
  const first = (kind: FindingKind): LogFinding[] => firsts.get(kind) ?? [];
  return {
    add: (finding) => {
      const { kind } = finding;
      counts.set(kind, count(kind) + 1);
      if (first(kind).length < firstMax) first(kind).push(finding);
    },
    remove: (kind) => {
      const removed = count(kind);
      counts.delete(kind);
      firsts.set(kind, []);
      return removed;
    },
    count,
    first,
  };
}
