/**
 * Chooses ports on loopback. A port is claimed when it is chosen, because seconds can pass before
 * its program listens there: another system that starts at the same time must not choose it too.
 */
import { createSocket, type Socket } from 'node:dgram';
import { randomInt } from 'node:crypto';
import { connect, createServer } from 'node:net';

/**
 * The range lies below the ports of outgoing connections (from 32768 on Linux), so that no
 * connection takes a port of ours.
 */
const FIRST_PORT = 20_000;
const LAST_PORT = 29_999;
/** If this many random ports are all taken, the cause must be something else. */
const TRIES_MAX = 1_000;

/**
 * The ports that this process has claimed. Each socket occupies the UDP port of the same number.
 */
const claims = new Map<number, Socket>();

/** Resolves to whether a program could listen on the port now. */
export const isFree = async (port: number, address = '127.0.0.1'): Promise<boolean> =>
  (await listenFault(port, address)) === undefined;

/**
 * Claims a port for this process until it ends. Resolves to false if a program listens there, or if
 * another process has claimed it.
 */
export const claimPort = async (port: number): Promise<boolean> =>
  (claims.has(port) || (await hold(port))) && (await isFree(port));

/** Claims a free port and resolves to it. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const port = randomInt(FIRST_PORT, LAST_PORT + 1);
    if (!claims.has(port) && (await claimPort(port))) return port;
  }
  throw new Error(`no port from ${FIRST_PORT} to ${LAST_PORT} can be listened on at 127.0.0.1`);
}

/** Occupies the UDP port of this number; resolves to whether that succeeded. */
async function hold(port: number): Promise<boolean> {
  const socket = createSocket('udp4').unref();
  return await new Promise((resolve) => {
    socket.once('error', () => {
      socket.close();
      resolve(false);
    });
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => {
      claims.set(port, socket);
      resolve(true);
    });
  });
}

/** Claims the remembered ports, and a free one in place of each that is missing or taken. */
export async function choosePorts<Name extends string>(
  names: readonly Name[],
  remembered: Partial<Readonly<Record<Name, number>>>,
): Promise<Record<Name, number>> {
  const ports = await Promise.all(
    names.map(async (name): Promise<[Name, number]> => {
      const last = remembered[name];
      const keep = last !== undefined && last !== 0 && (await claimPort(last));
      return [name, keep ? last : await freePort()];
    }),
  );
  return Object.fromEntries(ports) as Record<Name, number>;
}

const REACH_MAX_MS = 2_000;

/**
 * Rejects unless the port accepts a connection within 2 s. Does not test by listening, which would
 * block the port for a program that is starting.
 */
export async function reachPort(port: number, address = '127.0.0.1'): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const socket = connect(port, address);
    socket.setTimeout(REACH_MAX_MS, () => socket.destroy(new Error('it does not answer')));
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
  });
}

/**
 * Returns Node's error code for why a program could not listen there now; undefined if it could.
 */
export async function listenFault(port: number, address: string): Promise<string | undefined> {
  try {
    await listen(port, address);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

/** Listens, then stops listening. */
async function listen(port: number, address: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, address, () => void server.close(() => resolve()));
  });
}
