/** Creates the database's roles and gives each its grants. Doing it again changes nothing. */
import pg from 'pg';
import { grantStatements, type DatabaseRole } from './grants.ts';
import { SCHEMA } from './pool.ts';
import { scramVerifier } from './scram-verifier.ts';

export type RoleLogin = {
  readonly role: DatabaseRole;
  readonly name: string;
  readonly password: string;
};

/** The advisory lock under which one system at a time grants in this database. */
const GRANTS_LOCK = 7_003_007;

/**
 * SQLSTATE codes and the message of a transaction that lost to a system of the same owner in another
 * database of the server: roles belong to the whole server, but advisory locks to one database.
 */
const ROLE_EXISTS_CODES: readonly unknown[] = ['23505', '42710'];
const ROLE_CHANGED = 'tuple concurrently updated';
/** Each lost attempt means that another system committed, so this many systems may start at once. */
const ATTEMPTS_MAX = 20;

/** Applies the grants of all logins. Rejects if the user of the URL may not create roles. */
export async function applyGrants(url: string, logins: readonly RoleLogin[]): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    options: `-c search_path=${SCHEMA} -c client_min_messages=warning`,
    connectionTimeoutMillis: 5_000,
  });
  await client.connect();
  try {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await applyAll(client, logins);
        return;
      } catch (error) {
        if (!hasLostToAnother(error) || attempt === ATTEMPTS_MAX) throw error;
        await client.query('ROLLBACK');
      }
    }
  } finally {
    await client.end();
  }
}

const hasLostToAnother = (error: unknown): boolean =>
  error instanceof pg.DatabaseError &&
  (ROLE_EXISTS_CODES.includes(error.code) || error.message === ROLE_CHANGED);

async function applyAll(client: pg.Client, logins: readonly RoleLogin[]): Promise<void> {
  await client.query('BEGIN');
  await client.query('SELECT pg_advisory_xact_lock($1)', [GRANTS_LOCK]);
  for (const login of logins) await applyOne(client, login);
  await client.query('COMMIT');
}

async function applyOne(client: pg.Client, { role, name, password }: RoleLogin): Promise<void> {
  const quoted = client.escapeIdentifier(name);
  const verifier = client.escapeLiteral(scramVerifier(password));
  const statements = [
    ...(await roleStatements(client, name)),
    `ALTER ROLE ${quoted} LOGIN PASSWORD ${verifier}`,
    ...grantStatements(role, quoted),
  ];
  for (const text of statements) await client.query(text);
}

/** Whether a role has rights beyond its grants. */
const IS_POWERFUL = `
  SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls AS "isPowerful"
    FROM pg_roles WHERE rolname = $1`;

/**
 * Returns the statements that create the role, or take such rights from it. PostgreSQL requires more than
 * CREATEROLE to take a right away, even one that the role lacks, so this happens only where needed.
 */
async function roleStatements(client: pg.Client, name: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ isPowerful: boolean }>(IS_POWERFUL, [name]);
  const quoted = client.escapeIdentifier(name);
  const [found] = rows;
  if (found === undefined) return [`CREATE ROLE ${quoted}`];
  if (!found.isPowerful) return [];
  return [`ALTER ROLE ${quoted} NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS`];
}
