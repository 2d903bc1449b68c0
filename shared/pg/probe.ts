/** Whether a database answers. */
import pg from 'pg';

export async function probeDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
    await client.query('SELECT 1');
  } finally {
    await client.end().catch(() => undefined);
  }
}

export type DatabaseFacts = { readonly version: string; readonly clockMs: number };

/** Its version, and what its clock says. */
export async function askDatabase(url: string): Promise<DatabaseFacts> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string; ms: string }>(
      `SELECT current_setting('server_version') AS version,
              extract(epoch FROM clock_timestamp()) * 1000 AS ms`,
    );
    return { version: rows[0]?.version ?? '', clockMs: Number(rows[0]?.ms) };
  } finally {
    await client.end().catch(() => undefined);
  }
}
