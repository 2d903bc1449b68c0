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
import { ConfigError, UsageError } from '../../shared/runtime/errors.ts';
import { LOG_LEVELS, type LogLevel } from '../../shared/runtime/logger.ts';
import type { Trouble } from '../../shared/runtime/trouble.ts';
import type { PoolScaling } from './auto-scaler.ts';
import type { ScaleRange } from './scale-policy.ts';

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
  /** Where the private database keeps its data; undefined for a given one. */
  readonly databaseFolder?: string | undefined;
  /** Undefined where no web process was asked for. */
  readonly web?: WebAddress | undefined;
  readonly processes: readonly ProcessInfo[];
  /** What keeps it from its work now. */
  readonly troubles: readonly Trouble[];
  /** Pools whose size follows their work. */
  readonly scaling: readonly PoolScaling[];
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

/** What a running system can be told to do. */
export type ControlActions = {
  /** Resolves when that many processes of a pool take work and the others have drained. */
  readonly setPoolSize: (name: PoolName, size: number) => Promise<void>;
  /** From now on the pool is as large as its work asks for, until its size is set. */
  readonly setScaling: (name: PoolName, range: ScaleRange) => Promise<void>;
  /**
   * Drains a process and starts it again; resolves when it takes work. From then on the system runs
   * the build in that folder, where one is named.
   */
  readonly restart: (name: string, build?: string) => Promise<void>;
  /** Of one process, or of all. */
  readonly setLogLevel: (level: LogLevel, name: string | undefined) => Promise<void>;
};

export type ControlOptions = {
  readonly home: string;
  readonly onStop: () => void;
};

/** A system can be used while it is *running*; it can be stopped in each phase. */
export type Phase = 'starting' | 'running' | 'stopping';

/** What a system that cannot be used answers. */
export type NotRunning = { readonly pid: number; readonly phase: Phase };

export type Served = { readonly info: () => SystemInfo; readonly actions: ControlActions };

export type Control = {
  /** The system is running from now on. */
  readonly serve: (system: Served) => void;
  /** It is stopping from now on: nobody else can use it. */
  readonly refuse: () => void;
  /** Resolves when nobody uses the system any more. */
  readonly released: () => Promise<void>;
  /** How many commands use the system beside the one that started it. */
  readonly leases: () => number;
  readonly close: () => void;
};

/** Tells where the control of the system on a data folder is. */
export const controlFile = (home: string): string => join(home, 'system.json');

export type ControlAddress = {
  readonly url: string;
  readonly token: string;
  /** Of the process that answers there. */
  readonly pid: number;
};

/** Begins to listen and writes the control file. */
export async function openControl(options: ControlOptions): Promise<Control> {
  const token = randomBytes(24).toString('base64url');
  const leases = new Set<ServerResponse>();
  let onReleased: () => void = () => undefined;
  let system: Served | undefined;
  let phase: Phase = 'starting';

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
    else if (method === 'POST' && url === '/stop') {
      response.writeHead(202).end(leases.size.toString());
      options.onStop();
    } else if (system === undefined) {
      const notRunning: NotRunning = { pid: process.pid, phase };
      sendJson(response, notRunning, 503);
    } else if (method === 'GET' && url === '/system') sendJson(response, system.info());
    else if (method === 'POST' && url === '/lease') hold(response);
    else {
      const work = workOf(`${method ?? ''} ${url ?? ''}`, system.actions);
      if (work === undefined) response.writeHead(404).end();
      else void answerWhenDone(work, response);
    }
  });
  const { port } = server.address() as AddressInfo;
  const file = controlFile(options.home);
  const address: ControlAddress = { url: `http://127.0.0.1:${port}`, token, pid: process.pid };
  writeFileSync(file, JSON.stringify(address), { mode: 0o600 });
  return {
    serve: (served) => {
      system = served;
      phase = 'running';
    },
    refuse: () => {
      system = undefined;
      phase = 'stopping';
    },
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

/** What is to be done, such as `PUT /pools/transaction/3`; undefined where we know no such thing. */
function workOf(asked: string, actions: ControlActions): (() => Promise<void>) | undefined {
  const [, verb, first = '', second = '', third = ''] =
    /^(PUT \/pools|PUT \/scaling|PUT \/log-level|POST \/restart)\/([^/]+)(?:\/([^/]+))?(?:\/([^/]+))?$/.exec(
      asked,
    ) ?? [];
  switch (verb) {
    case 'PUT /pools':
      return async () => actions.setPoolSize(poolName(first), wholeNumber(second));
    case 'PUT /scaling': {
      const range = { least: wholeNumber(second), most: wholeNumber(third) };
      return async () => actions.setScaling(poolName(first), range);
    }
    case 'PUT /log-level':
      return async () => actions.setLogLevel(logLevel(first), second === '' ? undefined : second);
    case 'POST /restart':
      return async () =>
        actions.restart(first, second === '' ? undefined : decodeURIComponent(second));
    case undefined:
    default:
      return undefined;
  }
}

function poolName(text: string): PoolName {
  const name = (Object.keys(POOL_SIZES_MAX) as PoolName[]).find((known) => known === text);
  if (name === undefined) throw new UsageError(`there is no pool ${text}`);
  return name;
}

function logLevel(text: string): LogLevel {
  const level = LOG_LEVELS.find((known) => known === text);
  if (level === undefined) throw new UsageError(`there is no level ${text}`);
  return level;
}

const wholeNumber = (text: string): number => (/^\d{1,3}$/.test(text) ? Number(text) : Number.NaN);

/** Answered when it is so, or with the reason why it is not. */
async function answerWhenDone(work: () => Promise<void>, response: ServerResponse): Promise<void> {
  try {
    await work();
    response.writeHead(204).end();
  } catch (error) {
    const isAsked = error instanceof UsageError || error instanceof ConfigError;
    const text = error instanceof Error ? error.message : String(error);
    response.writeHead(isAsked ? 400 : 500).end(text);
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

function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
