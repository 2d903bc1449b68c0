/**
 * Collects the lines of a run that cannot be executed: counts by reason, and examples, in bounded
 * memory.
 */
import type { UnreadableLine } from '../../producers/workload/read-workload.ts';
import type { LineFault } from '../../shared/messages/command-fault.ts';
import { count } from './output.ts';

export type UnreadableLines = {
  readonly count: number;
  readonly byFault: ReadonlyMap<LineFault, number>;
  /** The first such lines of the workload. */
  readonly first: readonly UnreadableLine[];
  readonly add: (line: UnreadableLine) => void;
};

/** A report lists at most this many lines; a file with more has a general fault. */
const LISTED_MAX = 1_000;
/** Up to this many lines with the same reason are shown one by one. */
const FEW = 5;
/** The most lines that are shown one by one. */
const SHOWN_MAX = 20;

export function collectUnreadable(): UnreadableLines {
  const byFault = new Map<LineFault, number>();
  const first: UnreadableLine[] = [];
  let total = 0;
  return {
    get count() {
      return total;
    },
    byFault,
    first,
    add: (line) => {
      total += 1;
      byFault.set(line.fault, (byFault.get(line.fault) ?? 0) + 1);
      // Always keeps a few lines of each kind, however many of other kinds come before.
      if (first.length < LISTED_MAX || (byFault.get(line.fault) ?? 0) <= FEW) first.push(line);
    },
  };
}

type Row = readonly [label: string, value: string];

/**
 * Returns the rows of the summary: lines with a rare reason one by one, and a frequent reason once,
 * with its remedy.
 */
export function unreadableRows({ count: total, byFault, first }: UnreadableLines): readonly Row[] {
  if (total === 0) return [];
  const isMany = (fault: LineFault): boolean => (byFault.get(fault) ?? 0) > FEW;
  const many = [...byFault].filter(([fault]) => isMany(fault));
  const few = first.filter(({ fault }) => !isMany(fault));
  const rest = few.length - SHOWN_MAX;
  return [
    ['unreadable', count(total)],
    ...many.flatMap(([fault, times]) => manyRows(fault, times, first)),
    ...few.slice(0, SHOWN_MAX).map((line): Row => [`  ${placeOf(line)}`, line.reason]),
    ...(rest > 0 ? [['  …', `${count(rest)} more`] as const] : []),
  ];
}

function manyRows(
  fault: LineFault,
  times: number,
  first: readonly UnreadableLine[],
): readonly Row[] {
  const { what, remedy } = EXPLAINED[fault];
  const example = first.find((line) => line.fault === fault);
  return [
    [`  ${count(times)} lines`, `${what}: ${remedy}`],
    ...(example === undefined ? [] : [[`    ${placeOf(example)}`, example.reason] as const]),
  ];
}

const placeOf = ({ file, line }: UnreadableLine): string =>
  file === undefined ? `line ${line}` : `${file}, line ${line}`;

/** The reason and the remedy for many lines with the same fault. */
const EXPLAINED: Readonly<Record<LineFault, { readonly what: string; readonly remedy: string }>> = {
  'number-not-greater': {
    what: 'their numbers go backwards',
    remedy: 'give the parts as several files (workload A B …), or use --number',
  },
  'number-taken': {
    what: 'another part has their numbers',
    remedy: 'give parts of one workload only, each once; or use --number',
  },
  'no-number': {
    what: 'they have no number in brackets',
    remedy: 'use --number for a workload without numbers',
  },
  'bad-number': {
    what: 'what is in their brackets is not a number from 1',
    remedy: 'correct the numbers, or use --number',
  },
  'unknown-command': {
    what: 'they do not begin with the name of a command',
    remedy: 'see the commands in workloads/README.md; fields are separated by commas',
  },
  'field-count': {
    what: 'they have too many or too few fields',
    remedy: 'separate fields by commas, and write amounts with a point (10.00), not a comma',
  },
  'bad-user': {
    what: 'their user names are not valid',
    remedy: 'a name has 1 to 64 of A-Z a-z 0-9 _ . -',
  },
  'bad-symbol': {
    what: 'their stock symbols are not valid',
    remedy: 'a symbol has 1 to 3 letters',
  },
  'bad-amount': {
    what: 'their amounts are not valid',
    remedy: 'an amount is dollars above 0, such as 10.00, without sign or currency',
  },
  'bad-file': {
    what: 'their file names are not valid',
    remedy: 'a name has at least one character, and none that does not print',
  },
  'over-long': {
    what: 'they are longer than 4,096 bytes',
    remedy: 'see that lines end in a line feed (LF or CRLF)',
  },
  'not-utf-8': {
    what: 'they are not UTF-8',
    remedy: 'convert the file: iconv -f ISO-8859-1 -t UTF-8 FILE',
  },
};
