/** The rights of each role in the database. The migrator owns everything; the other roles have only these. */
import type { Role } from '../runtime/roles.ts';

export type DatabaseRole = Exclude<Role, 'operator'>;

/** SELECT, INSERT, UPDATE and DELETE. */
type Privileges = readonly ('S' | 'I' | 'U' | 'D')[];
export type Grants = Readonly<Partial<Record<DatabaseRole, Privileges>>>;

const S = ['S'] as const;
const SI = ['S', 'I'] as const;
const SIU = ['S', 'I', 'U'] as const;
const ALL = ['S', 'I', 'U', 'D'] as const;

/** Most tables can be read by the reader and the web. Only the web can read credentials. */
const READ = { reader: S, web: S } as const;

/** Has a line for every table, including `migrations`; a test checks this. */
export const TABLE_GRANTS: Readonly<Record<string, Grants>> = {
  // Locking a row requires UPDATE.
  users: { transaction: SIU, ...READ },
  // The audit consumers delete expired idempotency keys with their streams.
  streams: { transaction: SIU, audit: ['S', 'D'], producer: S, ...READ },
  accounts: { transaction: SIU, producer: S, ...READ },
  holdings: { transaction: SIU, producer: S, ...READ },
  orders: { transaction: ['S', 'I', 'D'], producer: S, ...READ },
  triggers: { transaction: ALL, trigger: S, producer: S, ...READ },
  ledger: { transaction: SI, producer: S, ...READ },
  quotes: { quote: SIU, trigger: S, producer: S, ...READ },
  quote_history: { quote: SI, producer: S, ...READ },
  outbox: { transaction: SI, quote: ['I'], audit: ['S', 'D'], producer: S, ...READ },
  // The audit consumers publish the feed, and delete what is published.
  feed_readers: { transaction: S, audit: S, reader: S },
  feed_outbox: { transaction: ['I'], audit: ['S', 'D'], reader: S },
  audit_events: { audit: SI, producer: S, ...READ },
  runs: { producer: SIU, ...READ },
  dumps: { transaction: SIU, audit: ['S', 'U'], producer: S, ...READ },
  migrations: { reader: S },
  shard_count: { reader: S },
  // Readers of the log check whether a month was archived meanwhile.
  audit_archives: { audit: S, producer: S, ...READ },
  web_users: { web: ALL },
  web_sessions: { web: ALL },
  web_tokens: { web: ALL },
  web_watches: { web: ['S', 'I', 'D'], reader: S },
  idempotency_keys: { transaction: SIU, producer: SIU, intake: SIU, audit: ['S', 'D'], reader: S },
  web_log: { web: SI, reader: S },
};

/** FOR UPDATE SKIP LOCKED locks rows, which requires UPDATE of at least one column. */
const COLUMN_GRANTS: readonly {
  readonly table: string;
  readonly column: string;
  readonly role: DatabaseRole;
}[] = [{ table: 'outbox', column: 'at', role: 'audit' }];

/** USAGE draws the next number; SELECT reads the last one. */
export const SEQUENCE_GRANTS: Readonly<
  Record<string, Readonly<Partial<Record<DatabaseRole, 'USAGE' | 'SELECT'>>>>
> = {
  // USAGE also for roles that only need the database's time, which the same statement returns.
  outbox_ids: {
    ...{ transaction: 'USAGE', quote: 'USAGE', audit: 'USAGE' },
    ...{ producer: 'SELECT', web: 'SELECT', reader: 'SELECT' },
  },
  transaction_numbers: { web: 'USAGE', producer: 'USAGE', intake: 'USAGE', reader: 'SELECT' },
};

/** The functions that are revoked from PUBLIC, with the roles that may call them besides the owner. */
export const FUNCTION_GRANTS: Readonly<Record<string, readonly DatabaseRole[]>> = {
  'make_audit_partition(date)': ['audit'],
  'drop_audit_month(date)': [],
};

const WORDS = { S: 'SELECT', I: 'INSERT', U: 'UPDATE', D: 'DELETE' } as const;

/** Returns the statements that give a role its grants and revoke all others. `name` must be quoted. */
export function grantStatements(role: DatabaseRole, name: string): readonly string[] {
  const tables = Object.entries(TABLE_GRANTS).flatMap(([table, grants]) => {
    const words = (grants[role] ?? []).map((letter) => WORDS[letter]);
    return words.length === 0 ? [] : [`GRANT ${words.join(', ')} ON ${table} TO ${name}`];
  });
  const columns = COLUMN_GRANTS.filter((grant) => grant.role === role).map(
    ({ table, column }) => `GRANT UPDATE (${column}) ON ${table} TO ${name}`,
  );
  const sequences = Object.entries(SEQUENCE_GRANTS).flatMap(([sequence, grants]) => {
    const word = grants[role];
    return word === undefined ? [] : [`GRANT ${word} ON SEQUENCE ${sequence} TO ${name}`];
  });
  const functions = Object.entries(FUNCTION_GRANTS).flatMap(([signature, roles]) =>
    roles.includes(role) ? [`GRANT EXECUTE ON FUNCTION ${signature} TO ${name}`] : [],
  );
  return [
    `REVOKE ALL ON ALL TABLES IN SCHEMA daytrade FROM ${name}`,
    `REVOKE ALL ON ALL SEQUENCES IN SCHEMA daytrade FROM ${name}`,
    `GRANT USAGE ON SCHEMA daytrade TO ${name}`,
    ...tables,
    ...columns,
    ...sequences,
    ...functions,
  ];
}
