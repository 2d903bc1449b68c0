/** A proxy in front of the database that can lose or delay answers. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export type LossyProxy = {
  /** The URL of the database through the proxy. */
  readonly inFrontOf: (databaseUrl: string) => string;
  /** Lets the next commits succeed, and cuts the connection instead of passing their answers. */
  readonly loseCommits: (count: number) => void;
  /** Lets nothing through until the returned function is called. */
  readonly hold: () => () => void;
  /** Returns how many answers were lost so far. */
  readonly lost: () => number;
  readonly close: () => Promise<void>;
};

/** The tag of PostgreSQL's CommandComplete message. */
const COMMITTED = Buffer.from('COMMIT\0');

export async function openLossyProxy(): Promise<LossyProxy> {
  const sockets = new Set<Socket>();
  let target = { host: '127.0.0.1', port: 0 };
  let toLose = 0;
  let lost = 0;
  let isHeld = false;
  const server = createServer((client) => {
    const upstream = connect(target);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.pipe(upstream);
    if (isHeld) for (const socket of [client, upstream]) socket.pause();
    upstream.on('data', (answer: Buffer) => {
      if (toLose === 0 || !answer.includes(COMMITTED)) {
        client.write(answer);
        return;
      }
      toLose -= 1;
      lost += 1;
      client.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    inFrontOf: (databaseUrl) => {
      const url = new URL(databaseUrl);
      target = { host: url.hostname, port: Number(url.port) };
      url.port = (server.address() as AddressInfo).port.toString();
      return url.href;
    },
    hold: () => {
      isHeld = true;
      for (const socket of sockets) socket.pause();
      return () => {
        isHeld = false;
        for (const socket of sockets) socket.resume();
      };
    },
    loseCommits: (count) => (toLose = count),
    lost: () => lost,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
