/** Checks the audit log of a simulated run as `daytrade check` checks any log. */
import { LogCheck } from '../../infra/check/log-check.ts';
import { showWorkloadCommand } from '../../infra/check/shown-command.ts';
import { openWorkloadIndex } from '../../infra/check/workload-index.ts';
import { LOG_HEAD, LOG_TAIL, renderEntry } from '../../shared/pg/audit-entry-xml.ts';
import type { AuditRow } from '../support/memory-tables.ts';
import type { Parts } from './parts.ts';
import type { ScriptLine } from './script.ts';

/** Most findings are shown at once, to see how they hang together. */
const FIRST_MAX = 20;

/**
 * Empty if nothing is wrong; otherwise lists what is. A process that is paused during a hit records it late,
 * when another's quote may be fresh; `Checkers` checks when hits are made.
 */
export function checkWrittenLog(
  { database, settings }: Parts,
  lines: ReadonlyMap<number, ScriptLine>,
): string {
  const workload = openWorkloadIndex();
  for (const { number, user, command } of lines.values()) {
    workload.add(number, showWorkloadCommand(user, command));
  }
  const check = new LogCheck({ ...settings, workload, severalRuns: false, firstMax: FIRST_MAX });
  check.write(LOG_HEAD);
  for (const row of [...database.tables.audit].sort(byPlace)) check.write(renderEntry(rowOf(row)));
  check.write(LOG_TAIL);
  return check
    .end()
    .findings.filter(({ kind }) => kind !== 'hit-while-fresh')
    .flatMap(({ first }) => first)
    .map(({ kind, line = 0, user = '', transaction = 0, expected, found }) => {
      return `${kind} at line ${line}, ${user}, ${transaction}: expected ${expected}, found ${found}`;
    })
    .join('; ');
}

const byPlace = (one: AuditRow, other: AuditRow): number =>
  Number(one.outboxId) - Number(other.outboxId) || one.index - other.index;

const rowOf = (row: AuditRow): Parameters<typeof renderEntry>[0] => ({
  outbox_id: BigInt(row.outboxId),
  index: row.index,
  at: BigInt(row.at),
  kind: row.kind,
  server: row.server,
  number: BigInt(row.number),
  user_id: row.user,
  command: row.command ?? null,
  symbol: row.symbol ?? null,
  file: row.file ?? null,
  funds: row.funds ?? null,
  action: row.action ?? null,
  message: row.message ?? null,
  quote_server_time: row.quoteServerTime === undefined ? null : BigInt(row.quoteServerTime),
  cryptokey: row.cryptokey ?? null,
});
