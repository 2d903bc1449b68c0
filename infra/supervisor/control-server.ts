/** Where a running system is found and spoken to: HTTP on loopback, behind a token only its owner can read. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { POOL_SIZES_MAX, type PoolName } from '../../shared/runtime/config.ts';

/** What a running system says of itself. */
export type SystemInfo = {
  readonly pid: number;
  readonly amqpUrl: string;
  readonly databaseUrl: string;
  /** With user and password; undefined where a given broker has none we know of. */
  readonly managementUrl?: string | undefined;
  /** The management UI for a person who is not to break anything. */
  readonly operatorUrl?: string | undefined;
  /** As the commands that run and send workloads use the services. */
  readonly producer: RoleUrls;
  /** As whoever only looks uses them. */
  readonly reader: RoleUrls;
  /** Of the supervisor; it names where each process tells more. */
  readonly metricsUrl: string;
  readonly shards: number;
  readonly logFolder: string;
  /** Undefined where no web process was asked for. */
  readonly web?: WebAddress | undefined;
  readonly processes: readonly ProcessInfo[];
  /** Of a replicated system; empty else. */
  readonly machines: readonly MachineInfo[];
};

export type MachineInfo = {
  readonly name: string;
  readonly address: string;
  /** Its own, where it has one: its namespace, and the interface that cuts it off when it is down. */
  readonly network?: { readonly namespace: string; readonly link: string } | undefined;
  readonly patroniUrl: string;
  readonly databaseFolder: string;
  readonly databaseUrl: string;
  readonly managementUrl: string;
};

export type WebAddress = {
  readonly url: string;
  /** Of the certificate made here: what to trust, and its SHA-256. */
  readonly authority?: { readonly file: string; readonly fingerprint: string } | undefined;
};

export type RoleUrls = { readonly amqpUrl: string; readonly databaseUrl: string };

export type ProcessInfo = {
  readonly name: string;
  /** Undefined while it is being restarted. */
  readonly pid?: number | undefined;
  readonly restarts: number;
};

export type ControlOptions = {
  readonly home: string;
  readonly info: () => SystemInfo;
  readonly onStop: () => void;
  /** As `System.setPoolSize`. */
  readonly setPoolSize: (name: PoolName, size: number) => Promise<void>;
};

export type Control = {
  /** Resolves when nobody uses the system any more. */
  readonly released: () => Promise<void>;
  /** How many commands use the system beside the one that started it. */
  readonly leases: () => number;
  readonly close: () => void;
};

/** Tells where the control of the system on a data folder is: `{url, token}`. */
export const controlFile = (home: string): string => join(home, 'system.json');

/** Begins to listen and writes the control file. */
export async function openControl(options: ControlOptions): Promise<Control> {
  const token = randomBytes(24).toString('base64url');
  const leases = new Set<ServerResponse>();
  let onReleased: () => void = () => undefined;

  const hold = (response: ServerResponse): void => {
    leases.add(response);
    response.writeHead(200).flushHeaders();
    response.once('close', () => {
      leases.delete(response);
      if (leases.size === 0) onReleased();
    });
  };

  const server = await listen((request, response) => {
    const { method, url } = request;
    if (!isAllowed(request, token)) response.writeHead(401).end();
    else if (method === 'GET' && url === '/system') sendJson(response, options.info());
    else if (method === 'POST' && url === '/lease') hold(response);
    else if (method === 'POST' && url === '/stop') {
      response.writeHead(202).end();
      options.onStop();
    } else if (method === 'PUT' && url?.startsWith('/pools/') === true) {
      void setPoolSize(url, response, options);
    } else response.writeHead(404).end();
  });
  const { port } = server.address() as AddressInfo;
  const file = controlFile(options.home);
  writeFileSync(file, JSON.stringify({ url: `http://127.0.0.1:${port}`, token }), { mode: 0o600 });
  return {
    released: async () => {
      if (leases.size > 0) await new Promise<void>((resolve) => (onReleased = resolve));
    },
    leases: () => leases.size,
    close: () => {
      rmSync(file, { force: true });
      server.close();
      server.closeAllConnections();
    },
  };
}

/** `PUT /pools/transaction/3`: answered when it is so, or with the reason why it is not. */
async function setPoolSize(
  url: string,
  response: ServerResponse,
  options: ControlOptions,
): Promise<void> {
  const [, , pool = '', size = ''] = url.split('/');
  const name = (Object.keys(POOL_SIZES_MAX) as PoolName[]).find((known) => known === pool);
  try {
    if (name === undefined) throw new Error(`there is no pool ${pool}`);
    await options.setPoolSize(name, /^\d{1,3}$/.test(size) ? Number(size) : Number.NaN);
    response.writeHead(204).end();
  } catch (error) {
    response.writeHead(400).end(error instanceof Error ? error.message : String(error));
  }
}

async function listen(onRequest: RequestListener): Promise<Server> {
  const server = createServer({ requestTimeout: 5_000 }, onRequest);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return server;
}

function isAllowed({ headers }: IncomingMessage, token: string): boolean {
  const given = Buffer.from(headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
