/** Puts TLS in front of a service that has none. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';

export type TlsFront = { readonly port: number; readonly close: () => Promise<void> };

export type TlsFrontOptions = {
  readonly port: number;
  /** The loopback address that it listens on. */
  readonly host: string;
  readonly cert: Buffer;
  readonly key: Buffer;
  /** PostgreSQL's clients ask first, in clear text, whether the server speaks TLS. */
  readonly asksFirst: boolean;
};

const SSL_REQUEST_BYTES = 8;

export async function openTlsFront(options: TlsFrontOptions): Promise<TlsFront> {
  const secureContext = createSecureContext({ cert: options.cert, key: options.key });
  const open = new Set<Socket>();
  const server = createServer((plain) => {
    open.add(plain);
    // A client that refuses the certificate hangs up: that is what the test looks for.
    plain.on('error', () => undefined).on('close', () => open.delete(plain));
    const secure = (): void => {
      const client = new TLSSocket(plain, { isServer: true, secureContext });
      const service = connect(options.port, '127.0.0.1');
      client.on('error', () => undefined).on('close', () => service.destroy());
      service.on('error', () => undefined).on('close', () => client.destroy());
      plain.on('close', () => service.destroy());
      client.pipe(service).pipe(client);
    };
    if (!options.asksFirst) {
      secure();
      return;
    }
    plain.once('readable', () => {
      plain.read(SSL_REQUEST_BYTES);
      plain.write('S', secure);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, options.host, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
