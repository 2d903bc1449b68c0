/** A legacy quote server whose prices a test sets, and whose hits it counts. */
import { createServer, type AddressInfo, type Socket } from 'node:net';

export type LegacyServer = {
  /** The value for QUOTE_SERVER. */
  readonly address: string;
  /** The requests, oldest first, such as `ABC,alice`. */
  readonly hits: readonly string[];
  /** The price of every symbol in dollars, such as `12.50`. */
  price: string;
  readonly close: () => Promise<void>;
};

export async function openLegacyServer(price: string): Promise<LegacyServer> {
  const hits: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (bytes) => answer(socket, bytes.toString().trim()));
  });
  const answer = (socket: Socket, question: string): void => {
    hits.push(question);
    socket.end(`${legacy.price},${question},${Date.now()},${'k'.repeat(55)}=\n`);
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const legacy: LegacyServer = {
    address: `127.0.0.1:${port}`,
    hits,
    price,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return legacy;
}
