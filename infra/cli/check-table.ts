/** Renders the report of a check for people. Pure. */
import type { CheckReport, KindOfFinding } from '../check/check-report.ts';
import type { LogFinding } from '../check/finding-book.ts';
import type { CheckQuestion } from '../check/finding-kinds.ts';
import { showText } from '../../shared/messages/show-text.ts';
import { count, plural, table } from './output.ts';

/** The noun for what each question counts. */
const UNITS: Readonly<Record<CheckQuestion, string>> = {
  schema: 'event',
  order: 'event',
  workload: 'command',
  accounts: 'command',
  quotes: 'use',
  hits: 'hit',
  triggers: 'firing',
};

export function renderCheckTable(log: string, report: CheckReport): string {
  const sections = [
    describeLog(log, report),
    renderAnswers(report),
    ...report.findings.map(renderKind),
    ...renderFaultyUsers(report),
    verdictOfCheck(report),
  ];
  return sections.join('\n\n');
}

const FORMS: Readonly<Record<CheckReport['dialect'], string>> = {
  spec: 'It is written as SPEC §5.1 demands.',
  course:
    'It is written in another form than SPEC §5.1 demands. Where the course’s schema allows it, this is no fault.',
};

/** Describes a log in one paragraph: its size, its time, and how it is written. */
export function describeLog(log: string, report: CheckReport): string {
  const { events, users, runs, liveCommands, from, to } = report;
  const total = Object.values(events).reduce((sum, number) => sum + number, 0);
  const time = total === 0 ? '' : `, from ${timeOf(from)} to ${timeOf(to)} UTC`;
  const facts = [
    `${log}: ${count(total)} events of ${plural(users, 'user')}, ${plural(events.userCommand, 'command')}${time}.`,
    total === 0 ? '' : FORMS[report.dialect],
    runs > 1 ? `It is of at least ${count(runs)} runs.` : '',
    liveCommands > 0 ? `Besides the workload, it has ${plural(liveCommands, 'live command')}.` : '',
  ];
  return facts.filter((fact) => fact !== '').join('\n');
}

const timeOf = (unixMs: number): string =>
  new Date(unixMs).toISOString().slice(0, 19).replace('T', ' ');

const renderAnswers = ({ questions }: CheckReport): string =>
  table(
    questions.map(({ question, text, looked, faults, notChecked }) => {
      if (looked === 0 && faults === 0 && notChecked !== undefined) {
        return [text, `not checked  ${notChecked}`];
      }
      const verdict = faults === 0 ? 'ok         ' : 'WRONG      ';
      const found = faults === 0 ? '' : `, ${plural(faults, 'fault')}`;
      const rest = notChecked === undefined ? '' : `; ${notChecked}`;
      return [text, `${verdict}  ${plural(looked, UNITS[question])}${found}${rest}`];
    }),
  );

function renderKind({ kind, weight, meaning, count: number, first }: KindOfFinding): string {
  const rest = number - first.length;
  return [
    `${kind}: ${plural(number, weight)} – ${meaning}`,
    ...first.map(renderFinding),
    ...(rest > 0 ? [`  … and ${count(rest)} more`] : []),
  ].join('\n');
}

const renderFinding = (finding: LogFinding): string =>
  [
    `  ${placeOfFinding(finding)}`,
    `      expected  ${printable(finding.expected)}`,
    `      found     ${printable(finding.found)}`,
  ].join('\n');

const SHOWN_MAX = 500;

/** Replaces what does not print, because a log of another system may contain anything. */
const printable = (text: string): string =>
  text.slice(0, SHOWN_MAX).replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '\ufffd');

/** Says where a finding is: its line, its user and its transaction. */
export function placeOfFinding({ line, user, transaction }: LogFinding): string {
  const parts = [
    line === undefined ? undefined : `line ${line}`,
    user === undefined ? undefined : shownName(user),
    transaction === undefined ? undefined : `transaction ${transaction}`,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

/** Quotes a name of another system that is none of ours, because it may contain anything. */
const shownName = (name: string): string => (/^[\w.-]{1,64}$/.test(name) ? name : showText(name));

function renderFaultyUsers({ faultyUsers }: CheckReport): readonly string[] {
  const { count: number, first } = faultyUsers;
  if (number === 0) return [];
  const rows = first.map(({ user, line, kind, balanceByLog, balanceBySpec }): [string, string] => {
    const bySpec = balanceBySpec ?? 'not known';
    const balances = `balance by the log ${balanceByLog}, by SPEC ${bySpec}`;
    return [shownName(user), `first at line ${line} (${kind}); ${balances}`];
  });
  const rest = number > first.length ? [`  … and ${count(number - first.length)} more`] : [];
  return [[`Accounts with faults: ${count(number)}`, table(rows), ...rest].join('\n')];
}

/** Says in one sentence whether anything is wrong. */
export function verdictOfCheck({ questions, findings }: CheckReport): string {
  const faults = questions.reduce((sum, question) => sum + question.faults, 0);
  const kinds = findings.filter(({ weight }) => weight === 'fault').length;
  if (faults > 0) return `${plural(faults, 'fault')} of ${plural(kinds, 'kind')}.`;
  const others = findings.reduce((sum, each) => sum + each.count, 0);
  const notes = others === 0 ? '' : ` There are ${plural(others, 'remark')} that are no faults.`;
  return `Nothing is wrong.${notes}`;
}
