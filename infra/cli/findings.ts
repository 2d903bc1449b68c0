/** What a verification found, as people read it. Pure. */
import type { Finding } from '../../shared/pg/verify-checks.ts';
import { count } from './output.ts';

export function renderFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  const lines = findings.flatMap(({ name, looked, offenders, first }) => [
    `  ${offenders === 0 ? 'ok    ' : 'BROKEN'}  ${name.padEnd(width)}  ${count(looked).padStart(10)}` +
      (offenders === 0 ? '' : `  ${count(offenders)} do not hold`),
    ...first.map((offender) => `            ${offender}`),
  ]);
  const broken = findings.filter(({ offenders }) => offenders > 0).length;
  const verdict = broken === 0 ? 'All invariants hold.' : `${broken} invariants do not hold.`;
  return [...lines, '', verdict].join('\n');
}
