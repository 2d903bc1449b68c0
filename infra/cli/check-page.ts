/** Renders the report of a check as a page that opens anywhere, without any other file. Pure. */
import type { CheckReport, KindOfFinding } from '../check/check-report.ts';
import { escapeHtml } from '../../shared/runtime/escape-html.ts';
import { describeLog, placeOfFinding, verdictOfCheck } from './check-table.ts';
import { count } from './output.ts';

const STYLE = `
  :root { color-scheme: light dark; }
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }
  table { border-collapse: collapse; width: 100%; }
  th, td { text-align: left; vertical-align: top; padding: .35rem .8rem .35rem 0; border-bottom: 1px solid #8884; }
  td.number { text-align: right; font-variant-numeric: tabular-nums; }
  td.expected, td.found { font-family: ui-monospace, monospace; font-size: 13px; overflow-wrap: anywhere; }
  .fault { color: light-dark(#b00020, #ff8a8a); font-weight: 600; }
  .ok { color: light-dark(#1b6e2f, #7fd694); font-weight: 600; }
  h2 { font-size: 1.05rem; margin: 2rem 0 .3rem; }
  p { white-space: pre-line; }`;

export function renderCheckPage(log: string, report: CheckReport): string {
  const verdict = verdictOfCheck(report);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(`Check of ${log}`)}</title>
<style>${STYLE}
</style>
</head>
<body>
<h1>Check of an audit log</h1>
<p>${escapeHtml(describeLog(log, report))}</p>
<p class="${report.isRight ? 'ok' : 'fault'}">${escapeHtml(verdict)}</p>
${answersTable(report)}
${report.findings.map(kindSection).join('\n')}
${faultyUsersSection(report)}
</body>
</html>
`;
}

const tableOf = (heads: readonly string[], rows: readonly string[]): string =>
  `<table>
<thead><tr>${heads.map((head) => `<th>${head}</th>`).join('')}</tr></thead>
<tbody>
${rows.map((row) => `<tr>${row}</tr>`).join('\n')}
</tbody>
</table>`;

const cell = (text: string, kind = ''): string =>
  `<td${kind === '' ? '' : ` class="${kind}"`}>${escapeHtml(text)}</td>`;

const answersTable = ({ questions }: CheckReport): string =>
  tableOf(
    ['question', 'answer', 'looked at', 'faults'],
    questions.map(({ text, looked, faults, notChecked }) => {
      const isUnknown = looked === 0 && faults === 0 && notChecked !== undefined;
      const verdict = faults === 0 ? 'ok' : 'wrong';
      const rest = notChecked === undefined ? '' : `; ${notChecked}`;
      return [
        cell(text),
        isUnknown
          ? cell(`not checked: ${notChecked}`)
          : cell(`${verdict}${rest}`, faults === 0 ? 'ok' : 'fault'),
        cell(count(looked), 'number'),
        cell(count(faults), 'number'),
      ].join('');
    }),
  );

function kindSection({ kind, weight, meaning, count: number, first }: KindOfFinding): string {
  const rows = first.map((finding) =>
    [
      cell(placeOfFinding(finding)),
      cell(finding.expected, 'expected'),
      cell(finding.found, 'found'),
    ].join(''),
  );
  const rest = number - first.length;
  return `<h2>${escapeHtml(`${kind}: ${count(number)} × ${weight}`)}</h2>
<p>${escapeHtml(meaning)}</p>
${tableOf(['where', 'expected', 'found'], rows)}
${rest > 0 ? `<p>… and ${count(rest)} more</p>` : ''}`;
}

function faultyUsersSection({ faultyUsers }: CheckReport): string {
  if (faultyUsers.count === 0) return '';
  const rows = faultyUsers.first.map(({ user, line, kind, balanceByLog, balanceBySpec }) =>
    [
      cell(user),
      cell(`${line}`, 'number'),
      cell(kind),
      cell(balanceByLog, 'number'),
      cell(balanceBySpec ?? 'not known', 'number'),
    ].join(''),
  );
  const heads = ['user', 'first at line', 'finding', 'balance by the log', 'balance by SPEC'];
  return `<h2>Accounts with faults: ${count(faultyUsers.count)}</h2>
${tableOf(heads, rows)}`;
}
