/** Checks a log that is given as lines, as `daytrade check` does. */
import type { CheckReport } from '../../../infra/check/check-report.ts';
import { LogCheck, type CheckOptions } from '../../../infra/check/log-check.ts';
import { showWorkloadCommand } from '../../../infra/check/shown-command.ts';
import { openWorkloadIndex, type WorkloadIndex } from '../../../infra/check/workload-index.ts';
import { parseUnnumberedLine } from '../../../shared/messages/workload-line.ts';

const LIFETIME_MS = 60_000;
const DEFAULTS: CheckOptions = {
  quoteLifetimeMs: LIFETIME_MS,
  orderLifetimeMs: LIFETIME_MS,
  workload: undefined,
  severalRuns: false,
  firstMax: 5,
};

export type Checked = { readonly report: CheckReport; readonly check: LogCheck };

/** Gives the log in odd pieces, so that no border of a piece matters. */
export function checkLines(
  lines: readonly string[],
  options: Partial<CheckOptions> = {},
  pieceLength = 97,
): Checked {
  const check = new LogCheck({ ...DEFAULTS, ...options });
  const text = lines.join('\n');
  for (let at = 0; at < text.length; at += pieceLength)
    check.write(text.slice(at, at + pieceLength));
  return { report: check.end(), check };
}

/** Numbers the commands from 1 and makes the index of them. */
export function indexOf(commands: readonly string[]): WorkloadIndex {
  const index = openWorkloadIndex();
  for (const [at, text] of commands.entries()) {
    const line = parseUnnumberedLine(text, at + 1);
    if (line.type === 'blank' || line.type === 'unreadable')
      throw new Error(`${text} is no command`);
    index.add(line.number, showWorkloadCommand(line.user, line.command));
  }
  return index;
}

/** Renders the findings as `kind weight line user transaction`. */
export const foundIn = ({ findings }: CheckReport): readonly string[] =>
  findings.flatMap(({ kind, weight, first }) =>
    first.map(({ line, user, transaction }) =>
      [kind, weight, line ?? '-', user ?? '-', transaction ?? '-'].join(' '),
    ),
  );
