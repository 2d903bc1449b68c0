/** Rows that a run writes, a command. Pure. */
import type { StatementFigures } from '../../infra/capacity/statements.ts';

/** Rows that were written, a command, by table and verb: what the limit writes too. */
export type RowRates = {
  readonly accounts: number;
  readonly holdings: number;
  readonly ordersNew: number;
  readonly ordersGone: number;
  readonly triggers: number;
  readonly triggersGone: number;
  readonly ledger: number;
  readonly auditEvents: number;
};

export function rowRatesOf(statements: readonly StatementFigures[], commands: number): RowRates {
  const rate = (beginning: string): number =>
    statements
      .filter(({ text }) => text.startsWith(beginning))
      .reduce((sum, { rows }) => sum + rows, 0) / commands;
  return {
    accounts: rate('INSERT INTO accounts'),
    holdings: rate('INSERT INTO holdings'),
    ordersNew: rate('INSERT INTO orders'),
    ordersGone: rate('DELETE FROM orders'),
    triggers: rate('INSERT INTO triggers'),
    triggersGone: rate('DELETE FROM triggers'),
    ledger: rate('INSERT INTO ledger'),
    auditEvents: rate('COPY audit_events'),
  };
}
