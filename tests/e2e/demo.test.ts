/** `daytrade demo`, from its start to Ctrl-C: each kind of thing happens, and the books are right afterwards. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { leftProcessesOf } from '../../infra/services/private/left-behind.ts';
import { findSystem } from '../../shared/control/control-client.ts';
import { openVisitor, type Visitor } from '../integration/web/visitor.ts';
import { runDaytrade, succeeded, type Ran } from '../support/run-daytrade.ts';
import { spawnDaytrade, type Spawned } from '../support/spawn-daytrade.ts';
import { until } from '../support/until.ts';
import { readEvents } from './workloads-run.ts';

const LONG_MS = 300_000;
/** Short, so that forgotten orders expire soon. */
const SETTINGS = {
  ORDER_LIFETIME_S: '5',
  QUOTE_LIFETIME_S: '2',
  TRIGGER_REFRESH_S: '2',
  SHARDS: '4',
};

let home: string;
let demo: Spawned;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'daytrade-demo-'));
  demo = spawnDaytrade(['demo'], { ...SETTINGS, DAYTRADE_HOME: home });
  await demo.until('Ctrl-C stops it.');
}, LONG_MS);

afterAll(async () => {
  demo.kill('SIGINT');
  await demo.ended;
  await runDaytrade(['uninstall', '--yes'], { DAYTRADE_HOME: home });
  rmSync(home, { recursive: true, force: true });
}, LONG_MS);

/** Runs a command on the data of the demo. */
const onDemo = async (args: readonly string[]): Promise<Ran> => {
  const settings = { ...SETTINGS, DAYTRADE_HOME: join(home, 'demo') };
  return await succeeded(args, runDaytrade(args, settings));
};

/** Signs in as the printed block says. */
async function signIn(user: string): Promise<Visitor> {
  const file = readFileSync(join(home, 'demo/sign-in'), 'utf8');
  const [, password] = new RegExp(`^${user} (.*)$`, 'm').exec(file) ?? [];
  const web = (await findSystem(join(home, 'demo')))?.info.web;
  const authority = readFileSync(web?.authority?.file ?? '');
  const visitor = openVisitor({ port: Number(new URL(web?.url ?? '').port), authority });
  expect((await visitor.post('/session', { user, password })).status).toBe(200);
  return visitor;
}

type Listed = { readonly items: readonly { readonly status: string }[] };

const listOf = async (visitor: Visitor, path: string): Promise<Listed['items']> =>
  (JSON.parse((await visitor.get(path)).text) as Listed).items;

/** Waits until the visitor sees some of what a path lists. */
const untilListed = (visitor: Visitor, path: string, what: string): Promise<unknown> =>
  until(async () => (await listOf(visitor, path)).length > 0, { what });

test('tells where to sign in', () => {
  expect(demo.said()).toMatch(/web client +https:\/\/localhost:\d+\//);
  expect(demo.said()).toContain(`dana, password in ${join(home, 'demo/sign-in')}`);
  expect(demo.said()).toMatch(
    /management UI +http:\/\/127\.0\.0\.1:\d+\/ {2}user daytrade_operator/,
  );
});

test(
  'traders confirm orders, and their value moves',
  async () => {
    const dana = await signIn('dana');
    await until(
      async () =>
        (await listOf(dana, '/history?of=commands&type=BUY')).some(
          ({ status }) => status === 'committed',
        ),
      { what: 'a buy of dana is committed' },
    );
    await until(
      async () => {
        const { points } = (await dana.get('/value-history?range=all')).body;
        const values = (points as readonly { readonly value: number }[]).map(({ value }) => value);
        return new Set(values).size > 2;
      },
      { what: 'the value of dana moves' },
    );
  },
  LONG_MS,
);

test(
  'triggers fire, forgotten orders expire and none of them is committed, and money runs short',
  async () => {
    const [pia, fay, ben] = await Promise.all(['pia', 'fay', 'ben'].map(signIn));
    if (pia === undefined || fay === undefined || ben === undefined)
      throw new Error('not signed in');
    await untilListed(pia, '/inbox', 'a trigger of pia fires');
    await untilListed(ben, '/history?of=commands&outcome=rejected', 'ben is refused');
    const buys = '/history?of=commands&type=BUY';
    const statuses = async (): Promise<readonly string[]> =>
      (await listOf(fay, buys)).map(({ status }) => status);
    await until(async () => (await statuses()).includes('expired'), { what: 'an order expires' });
    expect((await statuses()).filter((status) => /committed|cancelled/.test(status))).toEqual([]);
  },
  LONG_MS,
);

test(
  'administrators see it all',
  async () => {
    const admin = await signIn('admin');
    expect((await admin.get('/admin/system')).status).toBe(200);
  },
  LONG_MS,
);

test(
  'Ctrl-C ends it cleanly, with counts that its log confirms',
  async () => {
    demo.kill('SIGINT');
    expect(await demo.ended).toBe(0);
    expect(leftProcessesOf(join(home, 'demo'))).toEqual([]);
    expect((await onDemo(['verify'])).output).toContain('All invariants that were checked hold');
    const dump = join(home, 'demo.xml');
    await onDemo(['dump', dump]);
    const events = await readEvents(dump);
    const counted = (kind: string, pattern: RegExp): number =>
      events.filter(
        (event) => event.kind === kind && pattern.test(event.fields.get('command') ?? ''),
      ).length;
    const accepted = (pattern: RegExp): number =>
      counted('userCommand', pattern) - counted('errorEvent', pattern);
    const left = accepted(/^(BUY|SELL)$/) - accepted(/^(COMMIT|CANCEL)_(BUY|SELL)$/);
    const hits = events.filter(({ kind }) => kind === 'quoteServer').length;
    const said = demo.said().replaceAll(',', '');
    expect(left).toBeGreaterThan(0);
    expect(said).toContain(`${left} were left to expire`);
    expect(said).toContain(`commands    ${counted('userCommand', /./)} of which`);
    expect(said).toMatch(new RegExp(`quote hits +${hits}: `));
  },
  LONG_MS,
);

test(
  'a folder with real data, and given services, are refused before anything starts',
  async () => {
    const real = mkdtempSync(join(tmpdir(), 'daytrade-real-'));
    try {
      mkdirSync(join(real, 'demo'));
      writeFileSync(join(real, 'demo/postgresql.json'), '{}');
      const refused = await runDaytrade(['demo'], { DAYTRADE_HOME: real });
      expect([refused.exitCode, refused.said]).toEqual([
        78,
        expect.stringContaining('no demo made'),
      ]);
      const given = await runDaytrade(['demo'], {
        DAYTRADE_HOME: real,
        DATABASE_URL: 'postgresql://user:secret@127.0.0.1:1/data',
      });
      expect([given.exitCode, given.said]).toEqual([64, expect.stringContaining('DATABASE_URL')]);
    } finally {
      rmSync(real, { recursive: true, force: true });
    }
  },
  LONG_MS,
);
