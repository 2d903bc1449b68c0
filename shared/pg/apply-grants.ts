/** Makes the database's roles and gives each its grants; again, where they are there, changes nothing. */
import pg from 'pg';
import { grantStatements, type DatabaseRole } from './grants.ts';
import { SCHEMA } from './pool.ts';

export type RoleLogin = {
  readonly role: DatabaseRole;
  readonly name: string;
  readonly password: string;
};

/** One system at a time; a number that nothing else here locks. */
const GRANTS_LOCK = 7_003_007;

/** Rejects where the user of the URL may not make roles. */
export async function applyGrants(url: string, logins: readonly RoleLogin[]): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    options: `-c search_path=${SCHEMA} -c client_min_messages=warning`,
    connectionTimeoutMillis: 5_000,
  });
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [GRANTS_LOCK]);
    for (const login of logins) await applyOne(client, login);
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}

async function applyOne(client: pg.Client, { role, name, password }: RoleLogin): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [name]);
  const quoted = client.escapeIdentifier(name);
  const verb = rowCount === 0 ? 'CREATE' : 'ALTER';
  const login = `${verb} ROLE ${quoted} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD `;
  const statements = [login + client.escapeLiteral(password), ...grantStatements(role, quoted)];
  for (const text of statements) await client.query(text);
}
