/** The result of a check, from which the table, the JSON and the page are made. */
import { renderDollars } from '../../shared/domain/money.ts';
import type { AuditKind } from '../../shared/messages/audit-entry.ts';
import type { FindingBook, LogFinding } from './finding-book.ts';
import {
  FINDING_KINDS,
  kindEntry,
  QUESTIONS,
  type FindingKind,
  type CheckQuestion,
} from './finding-kinds.ts';
import type { TallyFacts } from './tally.ts';
import type { UserReplay } from './user-replay.ts';

type CheckedQuestion = {
  readonly question: CheckQuestion;
  readonly text: string;
  /** The number of things that were looked at: events, commands, quotes, hits or firings. */
  readonly looked: number;
  readonly faults: number;
  /** Why the answer is missing, or covers a part only. */
  readonly notChecked: string | undefined;
};

export type KindOfFinding = {
  readonly kind: FindingKind;
  readonly question: CheckQuestion;
  readonly meaning: string;
  /** `note`: nothing is wrong; `deviation`: another form that the course's schema allows; else a fault. */
  readonly weight: 'fault' | 'deviation' | 'note';
  readonly count: number;
  readonly first: readonly LogFinding[];
};

/** A user whose account has a fault. Balances are in dollars. */
type FaultyUser = {
  readonly user: string;
  /** The line of the first offender. */
  readonly line: number;
  readonly kind: FindingKind;
  /** The sum of the account transactions of the log. */
  readonly balanceByLog: string;
  /** The balance by SPEC; undefined if the user could not be replayed to the end. */
  readonly balanceBySpec: string | undefined;
};

export type CheckReport = {
  /** `spec`: most events are written as SPEC §5.1 demands; `course`: in another form of the course's schema. */
  readonly dialect: 'spec' | 'course';
  readonly events: Readonly<Record<AuditKind, number>>;
  readonly users: number;
  readonly runs: number;
  /** The times of the first and the last event, in Unix milliseconds; 0 if there is none. */
  readonly from: number;
  readonly to: number;
  /** How many commands the log has beside the workload's: from the web, or sent by hand. */
  readonly liveCommands: number;
  readonly questions: readonly CheckedQuestion[];
  readonly findings: readonly KindOfFinding[];
  readonly faultyUsers: { readonly count: number; readonly first: readonly FaultyUser[] };
  /** Whether nothing is wrong. */
  readonly isRight: boolean;
};

export type CheckedLog = {
  readonly book: FindingBook;
  readonly facts: TallyFacts;
  readonly runs: number;
  readonly replayed: Iterable<UserReplay>;
  readonly hasWorkload: boolean;
  readonly firstMax: number;
};

export function makeCheckReport(log: CheckedLog): CheckReport {
  const { book, facts, runs, firstMax } = log;
  foldMissingKinds(book, facts);
  const findings = kindsFound(book, facts);
  const questions = answersOf(findings, log);
  const faulty = faultyIn(log.replayed);
  const { events, users, from, to, liveCommands } = facts;
  return {
    dialect: facts.isPlain ? 'spec' : 'course',
    ...{ events, users, runs, from, to, liveCommands, questions, findings },
    faultyUsers: { count: faulty.length, first: faulty.slice(0, firstMax) },
    isRight: questions.every(({ faults }) => faults === 0),
  };
}

/** The findings that a log has at every place where it lacks an event of the kind. */
const MISSING: readonly (readonly [AuditKind, FindingKind])[] = [
  ['userCommand', 'event-without-command'],
  ['quoteServer', 'quote-missing'],
  ['accountTransaction', 'account-transaction-missing'],
  ['systemEvent', 'system-event-missing'],
  ['errorEvent', 'rejection-missing'],
];

/** Replaces these findings by one if the log has no event of the kind at all. */
function foldMissingKinds(book: FindingBook, { events }: TallyFacts): void {
  for (const [kind, finding] of MISSING) {
    const [first] = book.first(finding);
    if (events[kind] > 0 || first === undefined) continue;
    const count = book.remove(finding);
    const expected = `${kind}, for the first time here, and ${count - 1} times more`;
    book.add({ ...first, kind: 'kind-missing', expected, found: 'none in the log' });
  }
}

const kindsFound = (book: FindingBook, facts: TallyFacts): readonly KindOfFinding[] =>
  FINDING_KINDS.filter((kind) => book.count(kind) > 0).map((kind) => {
    const { question, meaning } = kindEntry(kind);
    const weight = weightOf(kind, facts);
    return { kind, question, meaning, weight, count: book.count(kind), first: book.first(kind) };
  });

function weightOf(kind: FindingKind, { isPlain, users }: TallyFacts): KindOfFinding['weight'] {
  const { weight } = kindEntry(kind);
  if (weight === 'form') return isPlain ? 'fault' : 'deviation';
  if (weight === 'of-others') return users > 1 ? 'fault' : 'note';
  return 'fault';
}

const answersOf = (
  findings: readonly KindOfFinding[],
  { facts, hasWorkload }: CheckedLog,
): readonly CheckedQuestion[] =>
  (Object.keys(QUESTIONS) as CheckQuestion[]).map((question) => ({
    question,
    text: QUESTIONS[question],
    looked: facts.looked[question],
    faults: findings
      .filter((each) => each.question === question && each.weight === 'fault')
      .reduce((sum, { count }) => sum + count, 0),
    notChecked: reasonNotChecked(question, { skipped: facts.skipped, hasWorkload }),
  }));

function reasonNotChecked(
  question: CheckQuestion,
  { skipped, hasWorkload }: { readonly skipped: number; readonly hasWorkload: boolean },
): string | undefined {
  if (question === 'workload' && !hasWorkload) return 'no --workload was given';
  const isPartial = question === 'accounts' && skipped > 0;
  return isPartial ? `${skipped} commands could not be replayed` : undefined;
}

const faultyIn = (users: Iterable<UserReplay>): readonly FaultyUser[] =>
  [...users]
    .flatMap(({ user, first, logBalance, portfolio, stoppedAt }) => {
      if (first === undefined) return [];
      const balanceByLog = renderDollars(logBalance);
      const isReplayed = stoppedAt === undefined;
      const balanceBySpec = isReplayed ? renderDollars(portfolio.balance) : undefined;
      return [{ user, ...first, balanceByLog, balanceBySpec }];
    })
    .sort((one, other) => one.line - other.line);
