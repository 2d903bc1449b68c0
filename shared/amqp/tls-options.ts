/** Certificates for `amqps://`, named in the URL as RabbitMQ's own clients name them. */
import { readFileSync } from 'node:fs';
import { ConfigError } from '../runtime/errors.ts';
import { brokerUrls } from './broker-addresses.ts';

export type TlsOptions = {
  /** Who may sign the broker's certificate; absent = whoever Node trusts. */
  readonly ca?: Buffer;
  /** Our own certificate, where the broker asks for one. */
  readonly cert?: Buffer;
  readonly key?: Buffer;
};

/**
 * Reads `cacertfile`, `certfile` and `keyfile` of an `AMQP_URL`. There is no way to ask for less
 * than a verified certificate: the driver's default is to refuse any other. A cluster is behind one
 * authority, or several, and takes one certificate of ours: that of its first address.
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
