/**
 * Chooses the web server's port and certificate: the configured ones, those of the last start, or
 * new ones.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import type { Config } from '../../shared/runtime/config.ts';
import { claimPort, freePort } from '../host/ports.ts';
import { localCertificate } from '../tls/local-certificate.ts';
import type { WebAddress } from '../../shared/control/system-info.ts';

type PreparedWeb = {
  readonly address: WebAddress;
  /** The environment of the web processes. */
  readonly env: Readonly<Record<string, string>>;
};

const USUAL_PORT = 8443;

/**
 * Resolves to the address and the environment of the web processes; makes a certificate if none is
 * configured.
 */
export async function prepareWeb(config: Config): Promise<PreparedWeb> {
  const port = await portOf(config);
  const host = config.bind === '127.0.0.1' || config.bind === '::1' ? 'localhost' : config.bind;
  const url = `https://${isIPv6(host) ? `[${host}]` : host}:${port}`;
  const env = { WEB_PORT: port.toString() };
  const { tlsCert, tlsKey } = config;
  if (tlsCert !== undefined && tlsKey !== undefined) {
    return { address: { url }, env: { ...env, TLS_CERT: tlsCert, TLS_KEY: tlsKey } };
  }
  const made = await localCertificate(join(config.home, 'web/tls'));
  return {
    address: { url, authority: { file: made.authorityFile, fingerprint: made.fingerprint } },
    env: { ...env, TLS_CERT: made.certFile, TLS_KEY: made.keyFile },
  };
}

async function portOf({ webPort, home }: Config): Promise<number> {
  if (webPort === 0) return await freePort();
  return webPort ?? (await choosePort(join(home, 'web')));
}

/**
 * Returns the port of the last start, so that bookmarks keep working, unless another program has
 * taken it.
 */
async function choosePort(folder: string): Promise<number> {
  const file = join(folder, 'port');
  const remembered = readPort(file);
  if (remembered !== undefined && (await claimPort(remembered))) return remembered;
  const port = (await claimPort(USUAL_PORT)) ? USUAL_PORT : await freePort();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(file, port.toString());
  return port;
}

function readPort(file: string): number | undefined {
  try {
    const port = Number(readFileSync(file, 'utf8'));
    return Number.isInteger(port) && port > 0 ? port : undefined;
  } catch {
    return undefined;
  }
}
