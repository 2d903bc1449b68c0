/** Renders the findings of a verification for people. Pure. */
import type { Finding } from '../../shared/pg/verify-checks.ts';
import { count } from './output.ts';

const MARKS = { ok: 'ok         ', broken: 'BROKEN     ', notChecked: 'not checked' } as const;

export function renderFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  const lines = findings.flatMap(({ name, looked, offenders, first, notChecked }) => [
    notChecked === undefined
      ? `  ${offenders === 0 ? MARKS.ok : MARKS.broken}  ${name.padEnd(width)}  ${count(looked).padStart(10)}` +
        (offenders === 0 ? '' : `  ${count(offenders)} do not hold`)
      : `  ${MARKS.notChecked}  ${name.padEnd(width)}  ${notChecked}`,
    ...first.map((offender) => `                 ${offender}`),
  ]);
  return [...lines, '', verdictOf(findings)].join('\n');
}

function verdictOf(findings: readonly Finding[]): string {
  const broken = findings.filter(({ offenders }) => offenders > 0).length;
  const unknown = findings.filter(({ notChecked }) => notChecked !== undefined).length;
  if (broken > 0) return `${broken} invariants do not hold.`;
  if (unknown > 0) return `All invariants that were checked hold; ${unknown} were not checked.`;
  return 'All invariants hold.';
}
