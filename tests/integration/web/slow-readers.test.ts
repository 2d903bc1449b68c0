/** A client that does not read its download holds nothing in the database and blocks no other client. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { get } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { DOWNLOADS_OF_USER_MAX } from '../../../producers/web/server/parts/limits.ts';
import { until } from '../../support/until.ts';
import { API, type Visitor } from './visitor.ts';
import { openWebSystem, type WebSystem } from './web-system.ts';

/** More than the buffers between the server and its reader take: 12 MB and more. */
const EVENTS = 40_000;

let web: WebSystem;
beforeAll(async () => {
  web = await openWebSystem();
}, 240_000);
afterAll(() => web.close(), 60_000);

/** Resolves at the head of the answer, and reads nothing of its body. */
async function readNothing({ cookie }: Visitor, path: string): Promise<IncomingMessage> {
  const { port, authority: ca } = web;
  const asked = get({
    ...{ host: '127.0.0.1', servername: 'localhost', port, ca, agent: false },
    path: `${API}${path}`,
    headers: { host: `localhost:${port}`, cookie },
  });
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  answer.on('error', () => undefined);
  return answer;
}

/** Connections of the web process that do something, or hold a snapshot. */
async function held(): Promise<readonly string[]> {
  const { rows } = await web.consumers.pool.query<{ held: string }>(
    `SELECT application_name || ' ' || state AS held FROM pg_stat_activity
      WHERE datname = current_database() AND application_name LIKE 'web%'
        AND (state <> 'idle' OR backend_xmin IS NOT NULL)`,
  );
  return rows.map((row) => row.held);
}

describe('slow readers', () => {
  test('hold no connection and no snapshot, and others read their logs meanwhile', async () => {
    const slow = await web.trader('slow');
    const other = await web.trader('other');
    await other.command({ command: 'ADD', amount: '1.00' });
    await web.consumers.pool.query(
      `INSERT INTO audit_events (outbox_id, index, at, kind, server, number, user_id, message)
       SELECT -i, 0, i, 'debugEvent', 'test', 1, 'slow', repeat('x', 200)
         FROM generate_series(1, $1::int) AS i`,
      [EVENTS],
    );
    const answers: IncomingMessage[] = [];
    for (let index = 0; index < DOWNLOADS_OF_USER_MAX; index += 1) {
      answers.push(await readNothing(slow, '/log.xml'));
    }
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(answers.map(() => 200));
    await until(async () => (await held()).length === 0, { what: 'nothing is held' });

    const oneMore = await slow.get('/log.xml');
    expect([oneMore.status, oneMore.headers['retry-after']]).toEqual([503, '5']);
    const log = await other.get('/log.xml');
    expect(log.text.endsWith('</log>\n')).toBe(true);

    for (const answer of answers) answer.destroy();
    await until(async () => (await slow.get('/history.csv')).status === 200, {
      what: 'the places are free again',
    });
  }, 240_000);
});
