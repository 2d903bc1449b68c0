/** Checks whether a broker answers. */
import { connect } from 'amqplib';
import { closeWithinBound } from './bounded-close.ts';
import { brokerUrls, virtualHostOf } from './broker-addresses.ts';
import { cut } from './broker-silence.ts';
import { tlsOptionsOf } from './tls-options.ts';

/** Resolves if a broker answers; in a cluster, one is enough. Rejects with the error of the first address. */
export async function probeBroker(urls: string): Promise<void> {
  await Promise.any(brokerUrls(urls).map(probe)).catch((error: unknown) => {
    throw error instanceof AggregateError ? error.errors[0] : error;
  });
}

async function probe(url: string): Promise<void> {
  const connection = await connect(url, { ...tlsOptionsOf(url), timeout: 2_000 }).catch(
    (error: unknown) => {
      throw explainRefusal(url, error);
    },
  );
  connection.on('error', () => undefined);
  await closeWithinBound(connection.close());
  cut(connection, 'closed');
}

/** Explains a refused virtual host, because the driver does not pass on the broker's reason. */
function explainRefusal(url: string, error: unknown): unknown {
  if (!(error instanceof Error) || !error.message.includes('Expected ConnectionOpenOk'))
    return error;
  const reason = `the virtual host ${virtualHostOf(url)} is not there, or this user may not use it`;
  return new Error(reason, { cause: error });
}
