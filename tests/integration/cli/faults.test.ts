/** For each fault, a command says in one or two lines what failed and what to do. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { onChannel } from '../../../shared/amqp/declare.ts';
import { openLink } from '../../../shared/amqp/link.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { expectPlain } from '../../support/expect-plain.ts';
import { NO_EDGES } from '../../support/one-each.ts';
import { testManagementUrl } from '../../support/test-services.ts';
import { openTestSystem, type TestSystem } from '../../support/test-system.ts';

let system: TestSystem;

beforeAll(async () => {
  system = await openTestSystem({ ...NO_EDGES, SHARDS: '2' });
}, 240_000);

afterAll(async () => {
  await system.close();
}, 240_000);

describe('an output that cannot be written', () => {
  const out = (name: string): string => join(system.home, name);

  beforeAll(() => {
    mkdirSync(out('folder'));
    writeFileSync(out('file'), '');
  });

  test.each(['folder', 'file/below', 'n'.repeat(300)])(
    '%s is named by every command that writes a file',
    async (name) => {
      const path = out(name);
      for (const command of ['dump', 'accounts', 'backup']) {
        expectPlain(await system.daytrade([command, path]), path.slice(0, 40));
      }
    },
    60_000,
  );

  test('two backups to one file at once are both whole', async () => {
    const file = out('backup');
    const ran = await Promise.all([1, 2, 3].map(() => system.daytrade(['backup', file])));
    expect(ran.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    expect(readFileSync(file).subarray(0, 5).toString()).toBe('PGDMP');
  }, 240_000);
});

describe('a backup that cannot be read', () => {
  beforeAll(async () => {
    await system.daytrade(['down']);
  }, 240_000);

  test.each([
    ['cut off', 'PGDMP\u0001'],
    ['of another kind', 'hello'],
    ['empty', ''],
  ])('%s: it is named', async (_what, text) => {
    const file = join(system.home, 'audit-2026-08.csv.gz');
    writeFileSync(file, text);
    expectPlain(await system.daytrade(['unarchive', file]), file);
    expectPlain(await system.daytrade(['restore', file, '--yes']), 'pg_restore', file);
  });
});

describe('a given service that refuses', () => {
  const broken = {
    'a wrong password of the database': { DATABASE_URL: 'postgresql://nobody:wrong@HOST/postgres' },
    'a database that is not there': { DATABASE_URL: 'postgresql://USER@HOST/nosuch' },
  };

  test.each(Object.entries(broken))(
    '%s: the variable is named',
    async (_what, { DATABASE_URL }) => {
      const { host, username, password } = new URL(system.databaseUrl);
      const url = DATABASE_URL.replace('HOST', host).replace('USER', `${username}:${password}`);
      for (const args of [['verify'], ['accounts'], ['dump', join(system.home, 'x.xml')]]) {
        const ran = await system.daytrade(args, '', { DATABASE_URL: url });
        expectPlain(ran, 'DATABASE_URL');
        expect(ran.exitCode).toBe(78);
      }
    },
    60_000,
  );

  test('a wrong virtual host: the variable is named, and what can be checked is', async () => {
    const url = `${system.amqpUrl}-no`;
    const { exitCode, output } = await system.daytrade(['verify', '--drained'], '', {
      AMQP_URL: url,
    });
    expect([exitCode, output]).toEqual([1, expect.stringMatching(/not checked .*broker/)]);
  });
});

describe('a given broker that refuses', () => {
  const page = createServer((_request, response) => response.end('<html>hello</html>'));
  const urls = {
    'a wrong password': () => ({ AMQP_URL: changed(system.amqpUrl, { password: 'wrong' }) }),
    'a virtual host that is not there': () => ({ AMQP_URL: `${system.amqpUrl}-no` }),
    'management with a wrong password': () => ({
      AMQP_MANAGEMENT_URL: changed(testManagementUrl(), { password: 'wrong' }),
    }),
    'a web page in the place of management': () => ({
      AMQP_MANAGEMENT_URL: `http://guest:wrong@127.0.0.1:${(page.address() as AddressInfo).port}/`,
    }),
  };

  beforeAll(async () => {
    await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    page.close();
    page.closeAllConnections();
  });

  function changed(url: string, parts: { readonly password: string }): string {
    return Object.assign(new URL(url), parts).href;
  }

  test.each(Object.entries(urls))(
    '%s: up names the variable, and doctor finds it bad',
    async (_what, broken) => {
      const settings = broken();
      const [variable = ''] = Object.keys(settings);
      const [up, doctor] = await Promise.all([
        system.daytrade(['up'], '', settings),
        system.daytrade(['doctor'], '', settings),
      ]);
      expectPlain(up, variable);
      expect([up.exitCode, doctor.exitCode]).toEqual([78, 1]);
      expect(doctor.output).toMatch(new RegExp(`bad .*${variable}`));
      expect(`${up.said}${doctor.output}`).not.toContain(':wrong@');
    },
    120_000,
  );
});

describe('verify of a stopped system', () => {
  test('if the queues cannot be examined, it says so, and does not report drained', async () => {
    const { exitCode, output } = await system.daytrade(['verify'], '', { AMQP_URL: '' });
    expect([exitCode, output]).toEqual([0, expect.stringContaining('2 were not checked')]);
    expect(output).toMatch(/not checked {2}nothing is parked .*stopped/);
    const drained = await system.daytrade(['verify', '--drained'], '', { AMQP_URL: '' });
    expect(drained.exitCode).toBe(1);
  });

  test('messages that are parked at a given broker are counted', async () => {
    const link = await openLink({ url: system.amqpUrl, name: 'parking', log: recordingLogger() });
    await onChannel(link, async (channel) => {
      channel.sendToQueue('intake.parked', Buffer.from('BAD'));
      // The broker answers in order, so the message arrives before this answer.
      await channel.checkQueue('intake.parked');
    });
    await link.close();
    const { exitCode, output } = await system.daytrade(['verify']);
    expect([exitCode, output]).toEqual([1, expect.stringContaining('intake.parked: 1')]);
  });
});
