/** Each role may do in the database what it must, and is refused everything else. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openLogins, urlAs } from '../../../infra/services/access.ts';
import { applyGrants } from '../../../shared/pg/apply-grants.ts';
import { SEQUENCE_GRANTS, TABLE_GRANTS, type DatabaseRole } from '../../../shared/pg/grants.ts';
import { openPool, type Pool } from '../../../shared/pg/pool.ts';
import { ROLES } from '../../../shared/runtime/roles.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.ts';

const DATABASE_ROLES = ROLES.filter((role): role is DatabaseRole => role !== 'operator');
const WORDS = { S: 'SELECT', I: 'INSERT', U: 'UPDATE', D: 'DELETE' } as const;

let database: TestDatabase;
let owner: Pool;
const pools = new Map<DatabaseRole, Pool>();

const openAs = (url: string, name: string): Pool =>
  openPool({ url, name, size: 1, log: recordingLogger() });

beforeAll(async () => {
  database = await openTestDatabase();
  const logins = openLogins(database.url);
  if (logins === undefined) throw new Error('the test database has no password');
  const all = DATABASE_ROLES.map((role) => ({ role, ...logins(role) }));
  await applyGrants(database.url, all);
  // A second start finds the roles, and changes nothing.
  await applyGrants(database.url, all);
  owner = openAs(database.url, 'owner');
  for (const role of DATABASE_ROLES)
    pools.set(role, openAs(urlAs(database.url, logins(role)), role));
});
afterAll(async () => {
  await owner.end();
  await Promise.all([...pools.values()].map((pool) => pool.end()));
  await database.close();
});

const as = (role: DatabaseRole): Pool => {
  const pool = pools.get(role);
  if (pool === undefined) throw new Error(`${role} is not connected`);
  return pool;
};

async function relations(kind: 'r' | 'S'): Promise<readonly string[]> {
  const { rows } = await owner.query<{ relname: string }>(
    `SELECT relname FROM pg_class c
      WHERE relnamespace = 'daytrade'::regnamespace AND relkind::text = ANY ($1::text[])
        AND NOT relispartition ORDER BY relname`,
    [kind === 'r' ? ['r', 'p'] : ['S']],
  );
  return rows.map(({ relname }) => relname);
}

/** Resolves to the rights of a role on a table, according to the server. */
async function allowed(role: DatabaseRole, table: string): Promise<readonly string[]> {
  const { rows } = await as(role).query<{ word: string }>(
    `SELECT word FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) word
      WHERE has_table_privilege(current_user, $1, word)`,
    [table],
  );
  return rows.map(({ word }) => word);
}

test('systems of one owner, each in a database of one server, may start at once', async () => {
  const others = await Promise.all([openTestDatabase(), openTestDatabase()]);
  const logins = openLogins(database.url);
  const all = DATABASE_ROLES.map((role) => {
    if (logins === undefined) throw new Error('the test database has no password');
    return { role, ...logins(role) };
  });
  try {
    const starts = [...others, ...others, ...others, ...others];
    await Promise.all(starts.map(({ url }) => applyGrants(url, all)));
  } finally {
    for (const other of others) await other.close();
  }
});

describe('roles of the database', () => {
  test('every table and sequence has its row in the table of rights', async () => {
    expect(Object.keys(TABLE_GRANTS).sort()).toEqual([...(await relations('r'))].sort());
    // An identity column brings a sequence that needs no grant.
    const sequences = (await relations('S')).filter((name) => !name.endsWith('_id_seq'));
    expect(Object.keys(SEQUENCE_GRANTS).sort()).toEqual([...sequences].sort());
  });

  test.each(DATABASE_ROLES)('%s has the listed rights, and no others', async (role) => {
    for (const [table, grants] of Object.entries(TABLE_GRANTS)) {
      const listed = (grants[role] ?? []).map((letter) => WORDS[letter]);
      expect([table, await allowed(role, table)]).toEqual([table, listed]);
    }
  });

  test.each(DATABASE_ROLES)('%s can create nothing, and has no attributes', async (role) => {
    await expect(as(role).query('CREATE TABLE mine ()')).rejects.toThrow('permission denied');
    await expect(as(role).query('ALTER TABLE accounts ADD COLUMN mine int')).rejects.toThrow(
      'must be owner',
    );
    await expect(as(role).query('CREATE ROLE mine')).rejects.toThrow('permission denied');
    await expect(as(role).query('SELECT pg_read_file($1)', ['PG_VERSION'])).rejects.toThrow(
      'permission denied',
    );
  });

  test('the audit log and the ledger are only added to', async () => {
    for (const role of DATABASE_ROLES) {
      for (const table of ['audit_events', 'ledger']) {
        expect(await allowed(role, table)).not.toEqual(
          expect.arrayContaining([expect.stringMatching(/UPDATE|DELETE|TRUNCATE/)]),
        );
      }
    }
  });

  test('only the web server has the credentials of people', async () => {
    for (const role of DATABASE_ROLES.filter((name) => name !== 'web')) {
      for (const table of ['web_users', 'web_sessions', 'web_tokens']) {
        expect([role, table, await allowed(role, table)]).toEqual([role, table, []]);
      }
    }
  });

  test('the quote service cannot touch money', async () => {
    await expect(as('quote').query('UPDATE accounts SET balance = 1')).rejects.toThrow(
      'permission denied for table accounts',
    );
  });

  test('the audit consumer makes partitions only by a function of the owner', async () => {
    const make = `SELECT make_audit_partition('2031-05-01') AS made`;
    expect((await as('audit').query(make)).rows).toEqual([{ made: 'audit_events_2031_05' }]);
    await expect(as('transaction').query(make)).rejects.toThrow('permission denied');
  });

  test('the audit consumer cannot have the owner run its own code', async () => {
    const audit = as('audit');
    await audit.query(`
      CREATE FUNCTION pg_temp.seize() RETURNS bigint LANGUAGE plpgsql AS $$
      BEGIN
        EXECUTE format('ALTER ROLE %I SUPERUSER', session_user);
        RETURN 0;
      END $$`);
    await audit.query(`CREATE TEMPORARY VIEW audit_events_rest AS SELECT pg_temp.seize() AS at`);
    await audit.query(`SELECT make_audit_partition('2031-06-01')`).catch(() => undefined);
    const { rows } = await audit.query(
      'SELECT rolsuper FROM pg_roles WHERE rolname = session_user',
    );
    expect(rows).toEqual([{ rolsuper: false }]);
  });

  test('functions that run as their owner search temporary schemas last, and are not public', async () => {
    const { rows } = await owner.query<{ name: string; path: string; isPublic: boolean }>(
      `SELECT oid::regprocedure::text AS name,
              (SELECT setting FROM unnest(proconfig) setting WHERE setting LIKE 'search_path=%') AS path,
              has_function_privilege('public', oid, 'EXECUTE') AS "isPublic"
         FROM pg_proc WHERE prosecdef AND pronamespace <> 'pg_catalog'::regnamespace`,
    );
    expect(rows).toEqual([
      {
        name: 'make_audit_partition(date)',
        path: expect.stringMatching(/, pg_temp$/),
        isPublic: false,
      },
    ]);
  });

  test('the audit consumer locks outbox rows, and cannot change their contents', async () => {
    await as('audit').query('SELECT id FROM outbox FOR UPDATE SKIP LOCKED');
    await expect(as('audit').query(`UPDATE outbox SET body = ''`)).rejects.toThrow(
      'permission denied',
    );
  });
});
