/** Whether a broker answers. */
import { connect } from 'amqplib';
import { brokerUrls } from './broker-addresses.ts';
import { tlsOptionsOf } from './tls-options.ts';

/** Of a cluster, one that answers is enough. */
export async function probeBroker(urls: string): Promise<void> {
  await Promise.any(brokerUrls(urls).map(probe)).catch((error: unknown) => {
    throw error instanceof AggregateError ? error.errors[0] : error;
  });
}

async function probe(url: string): Promise<void> {
  const connection = await connect(url, { ...tlsOptionsOf(url), timeout: 2_000 });
  connection.on('error', () => undefined);
  await connection.close();
}
