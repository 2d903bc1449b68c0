/** The rights that docs/DEPLOYMENT.md asks for are enough, at the first start and at those after it. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openAccess, openLogins, type Access } from '../../../infra/services/access.ts';
import { resolveShardCount } from '../../../infra/supervisor/resolve-shard-count.ts';
import { recreateSchema, migrate } from '../../../shared/pg/migrations.ts';
import { openPool, type Pool } from '../../../shared/pg/pool.ts';
import { probeDatabase } from '../../../shared/pg/probe.ts';
import { readConfig } from '../../../shared/runtime/config.ts';
import { ROLES } from '../../../shared/runtime/roles.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { openTestBroker, type TestBroker } from '../../support/test-broker.ts';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.ts';
import { testManagementUrl } from '../../support/test-services.ts';

const STARTS = [1, 2, 3];
const OWNER = `owner_${randomBytes(4).toString('hex')}`;
const PASSWORD = randomBytes(12).toString('hex');
const DATABASE_ROLES = ROLES.filter((role) => role !== 'operator');

let database: TestDatabase;
let broker: TestBroker;
let superuser: Pool;
let ownerUrl: string;
const log = recordingLogger();

beforeAll(async () => {
  [database, broker] = await Promise.all([openTestDatabase(), openTestBroker()]);
  superuser = openPool({ url: database.url, name: 'superuser', size: 1, log });
  await recreateSchema(database.url);
  const statements = `
    DROP SCHEMA daytrade;
    REVOKE CREATE ON DATABASE ${new URL(database.url).pathname.slice(1)} FROM PUBLIC;
    CREATE ROLE ${OWNER} LOGIN CREATEROLE PASSWORD '${PASSWORD}';
    CREATE SCHEMA daytrade AUTHORIZATION ${OWNER};
    CREATE EXTENSION pg_stat_statements`;
  await superuser.query(statements);
  const url = new URL(database.url);
  url.username = OWNER;
  url.password = PASSWORD;
  ownerUrl = url.href;
});
afterAll(async () => {
  const names = DATABASE_ROLES.map((role) => `${OWNER}_${role}`);
  await superuser.query('DROP SCHEMA daytrade CASCADE');
  const drops = [...names, OWNER].map((name) => `DROP OWNED BY ${name}; DROP ROLE ${name}`);
  for (const text of drops) await superuser.query(text);
  await superuser.end();
  await database.close();
  await broker.close();
});

/** Prepares the services as the supervisor does before it starts any process. */
async function start(said: string[]): Promise<Access> {
  await migrate(ownerUrl);
  await resolveShardCount(ownerUrl, { config: readConfig({}), log });
  const urls = {
    amqpUrl: broker.url,
    databaseUrl: ownerUrl,
    managementUrl: testManagementUrl(),
  };
  return await openAccess(urls, { say: (line) => void said.push(line), log });
}

describe('an owner with CREATEROLE and the schema', () => {
  test.each(STARTS)('keeps roles apart at start %d', async () => {
    const said: string[] = [];
    const access = await start(said);
    expect(said).toEqual([]);
    for (const role of DATABASE_ROLES) {
      const { databaseUrl } = access(role);
      expect(new URL(databaseUrl).username).toBe(`${OWNER}_${role}`);
      await probeDatabase(databaseUrl);
    }
  });

  test('no statement contained the password of a role', async () => {
    await start([]);
    const logins = openLogins(ownerUrl);
    const { rows } = await superuser.query<{ query: string }>(
      'SELECT query FROM pg_stat_statements WHERE query LIKE $1',
      [`%${OWNER}\\_%`],
    );
    const statements = rows.map(({ query }) => query).join('\n');
    expect(statements).toMatch(/ROLE/);
    for (const role of DATABASE_ROLES) {
      expect(statements).not.toContain(logins?.(role).password);
    }
  });

  test('a role that became a superuser is not used as it is', async () => {
    const promote = `ALTER ROLE ${OWNER}_trigger SUPERUSER`;
    await superuser.query(promote);
    const said: string[] = [];
    await start(said);
    expect(said.join()).toContain('all processes use the one user of DATABASE_URL');
    const demote = promote.replace('SUPERUSER', 'NOSUPERUSER');
    await superuser.query(demote);
  });

  test('--fresh loses nothing if the owner may not create the schema again', async () => {
    await expect(recreateSchema(ownerUrl)).rejects.toThrow('permission denied for database');
    const { rows } = await superuser.query(`SELECT to_regclass('daytrade.accounts') AS accounts`);
    expect(rows).toEqual([{ accounts: expect.anything() }]);
  });
});
