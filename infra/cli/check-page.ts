/** Renders the report of a check as a page that opens anywhere, without any other file. */
import type { CheckReport, KindOfFinding } from '../check/check-report.ts';
import { paragraph, renderHtmlPage, type PageSection } from '../page/html-page.ts';
import { htmlTable, numberCell, type Cell } from '../page/html-table.ts';
import { describeLog, placeOfFinding, verdictOfCheck } from './check-table.ts';
import { count } from './output.ts';

export const renderCheckPage = (log: string, report: CheckReport): string =>
  renderHtmlPage({
    title: `Check of ${log}`,
    lead:
      paragraph(verdictOfCheck(report), report.isRight ? 'good' : 'bad') +
      paragraph(describeLog(log, report), 'lead'),
    sections: [
      answersSection(report),
      ...report.findings.map(kindSection),
      ...faultyUsersSection(report),
    ],
  });

const good = (text: string): Cell => ({ text, as: 'good' });
const bad = (text: string): Cell => ({ text, as: 'bad' });
const code = (text: string): Cell => ({ text, as: 'code' });

function answersSection({ questions }: CheckReport): PageSection {
  const rows = questions.map(({ text, looked, faults, notChecked }) => {
    const isUnknown = looked === 0 && faults === 0 && notChecked !== undefined;
    const rest = notChecked === undefined ? '' : `; ${notChecked}`;
    const verdict = faults === 0 ? good(`ok${rest}`) : bad(`wrong${rest}`);
    return [
      text,
      isUnknown ? `not checked: ${notChecked}` : verdict,
      numberCell(count(looked)),
      numberCell(count(faults)),
    ];
  });
  const content = htmlTable(['question', 'answer', 'looked at', 'faults'], rows);
  return { title: 'Answers', note: '', content };
}

function kindSection({ kind, weight, meaning, count: number, first }: KindOfFinding): PageSection {
  const rows = first.map((finding) => [
    placeOfFinding(finding),
    code(finding.expected),
    code(finding.found),
  ]);
  const rest = number - first.length;
  return {
    title: `${kind}: ${count(number)} × ${weight}`,
    note: meaning,
    content:
      htmlTable(['where', 'expected', 'found'], rows) +
      (rest > 0 ? paragraph(`… and ${count(rest)} more`, 'note') : ''),
  };
}

function faultyUsersSection({ faultyUsers }: CheckReport): readonly PageSection[] {
  if (faultyUsers.count === 0) return [];
  const rows = faultyUsers.first.map(({ user, line, kind, balanceByLog, balanceBySpec }) => [
    user,
    numberCell(`${line}`),
    kind,
    numberCell(balanceByLog),
    numberCell(balanceBySpec ?? 'not known'),
  ]);
  const heads = ['user', 'first at line', 'finding', 'balance by the log', 'balance by SPEC'];
  const title = `Accounts with faults: ${count(faultyUsers.count)}`;
  return [{ title, note: '', content: htmlTable(heads, rows) }];
}
