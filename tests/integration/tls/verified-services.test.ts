/** Clients of broker and database refuse a certificate that is wrong. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeCertificate } from '../../../infra/tls/make-certificate.ts';
import { onChannel } from '../../../shared/amqp/declare.ts';
import { openLink } from '../../../shared/amqp/link.ts';
import { probeBroker } from '../../../shared/amqp/probe.ts';
import { openPool } from '../../../shared/pg/pool.ts';
import { probeDatabase } from '../../../shared/pg/probe.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { openTestBroker, type TestBroker } from '../../support/test-broker.ts';
import { testDatabaseUrl } from '../../support/test-services.ts';
import { openTlsFront, type TlsFront } from '../../support/tls-front.ts';

type Files = Parameters<typeof makeCertificate>[1];

const folder = mkdtempSync(join(tmpdir(), 'daytrade-tls-'));
const filesIn = (name: string): Files => ({
  certFile: join(folder, name, 'certificate.pem'),
  keyFile: join(folder, name, 'key.pem'),
  authorityFile: join(folder, name, 'authority.pem'),
});
const ours = filesIn('ours');
const foreign = filesIn('foreign');

let broker: TestBroker;
let brokerFront: TlsFront;
/** A front at an address that the certificate does not name. */
let strangeFront: TlsFront;
let databaseFront: TlsFront;

beforeAll(async () => {
  await makeCertificate(join(folder, 'ours'), ours);
  await makeCertificate(join(folder, 'foreign'), foreign);
  broker = await openTestBroker();
  const identity = { cert: readFileSync(ours.certFile), key: readFileSync(ours.keyFile) };
  const front = (url: string, host = '127.0.0.1'): Promise<TlsFront> =>
    openTlsFront({
      ...identity,
      host,
      port: Number(new URL(url).port),
      asksFirst: url.startsWith('postgres'),
    });
  brokerFront = await front(broker.url);
  strangeFront = await front(broker.url, '127.0.0.2');
  databaseFront = await front(testDatabaseUrl());
});
afterAll(async () => {
  await brokerFront.close();
  await strangeFront.close();
  await databaseFront.close();
  await broker.close();
  rmSync(folder, { recursive: true, force: true });
});

function amqps(host: string, authorityFile?: string, { port } = brokerFront): string {
  const url = new URL(broker.url.replace(/^amqp:/, 'amqps:'));
  url.hostname = host;
  url.port = port.toString();
  if (authorityFile !== undefined) url.searchParams.set('cacertfile', authorityFile);
  return url.href;
}

function verifyFull(host: string, authorityFile: string): string {
  const url = new URL(testDatabaseUrl());
  url.hostname = host;
  url.port = databaseFront.port.toString();
  url.searchParams.set('sslmode', 'verify-full');
  url.searchParams.set('sslrootcert', authorityFile);
  return url.href;
}

describe('amqps', () => {
  test('a link works if the named authority signed the certificate', async () => {
    const url = amqps('localhost', ours.authorityFile);
    const link = await openLink({ url, name: 'tls', log: recordingLogger() });
    let declared = '';
    await onChannel(link, async (channel) => {
      declared = (await channel.assertQueue('', { exclusive: true })).queue;
    });
    await link.close();
    expect(declared).toMatch(/^amq\.gen/);
  });

  test('an address is verified too', async () => {
    await probeBroker(amqps('127.0.0.1', ours.authorityFile));
  });

  test('a certificate of another authority is refused', async () => {
    await expect(probeBroker(amqps('localhost', foreign.authorityFile))).rejects.toThrow(
      /unable to verify|self.signed|signature/i,
    );
  });

  test('so is one of an authority that is not named', async () => {
    await expect(probeBroker(amqps('localhost'))).rejects.toThrow(/unable to|self.signed/i);
  });

  test('so is a certificate of another host', async () => {
    const url = amqps('127.0.0.2', ours.authorityFile, strangeFront);
    await expect(probeBroker(url)).rejects.toThrow(/does not match certificate/);
  });

  test('a missing file is reported with the name of the variable', async () => {
    await expect(probeBroker(amqps('localhost', join(folder, 'none.pem')))).rejects.toThrow(
      /AMQP_URL: its cacertfile cannot be read: .*ENOENT/,
    );
  });
});

describe('PostgreSQL with verify-full', () => {
  test('a pool works if the named authority signed the certificate', async () => {
    const url = verifyFull('localhost', ours.authorityFile);
    const pool = openPool({ url, name: 'tls', size: 1, log: recordingLogger() });
    const { rows } = await pool.query<{ one: number }>('SELECT 1 AS one');
    await pool.end();
    expect(rows).toEqual([{ one: 1 }]);
  });

  test('a certificate of another authority is refused', async () => {
    await expect(probeDatabase(verifyFull('localhost', foreign.authorityFile))).rejects.toThrow(
      /unable to verify|self.signed|signature/i,
    );
  });
});
