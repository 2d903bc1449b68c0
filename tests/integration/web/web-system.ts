/** Runs the web server over real TLS, with real consumers, on services of the test. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../infra/host/ports.ts';
import { localCertificate } from '../../../infra/tls/local-certificate.ts';
import { ALL_SHARDS, openConsumers, type Consumers } from '../../support/consumer-system.ts';
import { testManagementUrl } from '../../support/test-services.ts';
import { openVisitor, type Visitor } from './visitor.ts';

export type WebSystem = {
  readonly consumers: Consumers;
  /** All that the web process logged. */
  readonly logged: () => string;
  /** Lets the web process drain. */
  readonly stopWeb: () => Promise<void>;
  /** Lets the transaction process decide, where it was told to wait. */
  readonly assign: () => void;
  readonly port: number;
  readonly authority: Buffer;
  /** Somebody new, with a browser of their own. */
  readonly visitor: () => Visitor;
  /** Somebody who has just signed up. */
  readonly trader: (name: string) => Promise<Visitor>;
  readonly close: () => Promise<void>;
};

export const PASSWORD = 'correct horse battery';

export async function openWebSystem({
  assigned = true,
}: { readonly assigned?: boolean } = {}): Promise<WebSystem> {
  const folder = mkdtempSync(join(tmpdir(), 'daytrade-test-tls-'));
  const certificate = await localCertificate(folder);
  const port = await freePort();
  const consumers = await openConsumers({
    price: '10.00',
    env: {
      AMQP_MANAGEMENT_URL: testManagementUrl(),
      LOG_LEVEL: 'debug',
      WEB_PORT: port.toString(),
      TLS_CERT: certificate.certFile,
      TLS_KEY: certificate.keyFile,
    },
  });
  const [web, transaction] = await Promise.all([
    consumers.start('web'),
    consumers.start('transaction'),
    consumers.start('quote'),
    consumers.start('trigger'),
    consumers.start('audit'),
  ]);
  const assign = (): void => transaction.assign(ALL_SHARDS);
  if (assigned) assign();
  const authority = readFileSync(certificate.authorityFile);
  const visitor = (): Visitor => openVisitor({ port, authority });
  return {
    consumers,
    logged: web.logged,
    stopWeb: web.stop,
    assign,
    port,
    authority,
    visitor,
    trader: async (name) => {
      const trader = visitor();
      const { status } = await trader.post('/users', { user: name, password: PASSWORD });
      if (status !== 201) throw new Error(`${name} could not sign up: ${status}`);
      return trader;
    },
    close: async () => {
      await consumers.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
