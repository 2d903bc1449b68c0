/** The certificates for `amqps://`, in the URL parameters that RabbitMQ's own clients use. */
import { readFileSync } from 'node:fs';
import { ConfigError } from '../runtime/errors.ts';
import { brokerUrls } from './broker-addresses.ts';

type TlsOptions = {
  /** The authorities that may sign the broker's certificate; absent = those that Node trusts. */
  readonly ca?: Buffer;
  /** Our own certificate, if the broker requires one. */
  readonly cert?: Buffer;
  readonly key?: Buffer;
};

/**
 * Reads the files `cacertfile`, `certfile` and `keyfile` of an `AMQP_URL`. Throws a `ConfigError` if one
 * cannot be read. The authorities of all addresses are accepted; our certificate and key are those of
 * the first address. The broker's certificate is always verified, which is the driver's default.
 */
export function tlsOptionsOf(urls: string): TlsOptions {
  const all = brokerUrls(urls).map((url) => new URL(url).searchParams);
  const authorities = all.map((query) => query.get('cacertfile')).filter((file) => file !== null);
  const ca = [...new Set(authorities)].map((file) => read('cacertfile', file));
  const [cert, key] = (['certfile', 'keyfile'] as const).map((name) => {
    const file = all[0]?.get(name) ?? null;
    return file === null ? undefined : read(name, file);
  });
  return {
    ...(ca.length > 0 && { ca: Buffer.concat(ca) }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  };
}

function read(name: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`AMQP_URL: its ${name} cannot be read: ${reason}`, { cause });
  }
}
