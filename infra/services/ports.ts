/** Ports on loopback: the same ones each time as long as nobody else took them. */
import { connect, createServer, type AddressInfo } from 'node:net';

/** Whether nobody listens there now, and it could be listened on. */
export const isFree = async (port: number, address = '127.0.0.1'): Promise<boolean> =>
  (await listenOnce(port, address)) !== undefined;

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const port = await listenOnce(0);
  if (port === undefined) throw new Error('the system gives no port on loopback');
  return port;
}

/** The remembered ports, each replaced that somebody else has taken. */
export async function choosePorts<Name extends string>(
  names: readonly Name[],
  remembered: Partial<Readonly<Record<Name, number>>>,
): Promise<Record<Name, number>> {
  const ports = await Promise.all(
    names.map(async (name): Promise<[Name, number]> => {
      const last = remembered[name];
      const keep = last !== undefined && last !== 0 && (await isFree(last));
      return [name, keep ? last : await freePort()];
    }),
  );
  return Object.fromEntries(ports) as Record<Name, number>;
}

const REACH_MAX_MS = 2_000;

/** Rejects unless somebody answers there. Asks by connecting: to listen would keep out whoever is starting. */
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

/** Why nobody could listen there now, as Node's code; undefined where it is possible. */
export async function listenFault(port: number, address: string): Promise<string | undefined> {
  try {
    await listen(port, address);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

/** The port, or undefined where it is taken. */
const listenOnce = (port: number, address = '127.0.0.1'): Promise<number | undefined> =>
  listen(port, address).catch(() => undefined);

/** Listens and stops listening; gives the port. */
async function listen(port: number, address: string): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, address, () => {
      const { port: given } = server.address() as AddressInfo;
      server.close(() => resolve(given));
    });
  });
}
