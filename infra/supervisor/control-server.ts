/**
 * Serves the control interface of a running system: HTTP on loopback, authorized by a token that
 * only the system's owner can read.
 */
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

/** The description of a running system. */
export type SystemInfo = {
  readonly pid: number;
  readonly amqpUrl: string;
  readonly databaseUrl: string;
  /** Includes user and password; undefined for a given broker without a known management API. */
  readonly managementUrl?: string | undefined;
  /** The URL of the management UI for a person, with the limited rights of the role `operator`. */
  readonly operatorUrl?: string | undefined;
  /** The URLs for the commands that run and send workloads. */
  readonly producer: RoleUrls;
  /** The URLs for commands that only read. */
  readonly reader: RoleUrls;
  /** The URL of the supervisor's metrics; it lists the metrics of each process. */
  readonly metricsUrl: string;
  readonly shards: number;
  readonly logFolder: string;
  /** The private database's data directory; undefined for a given or a replicated database. */
  readonly databaseFolder?: string | undefined;
  /** Undefined if no web process was configured. */
  readonly web?: WebAddress | undefined;
  readonly processes: readonly ProcessInfo[];
  /** The faults of services that keep the system from working now. */
  readonly troubles: readonly Trouble[];
  /** The pools whose size follows their load. */
  readonly scaling: readonly PoolScaling[];
  /** The machines of a replicated system; empty otherwise. */
  readonly machines: readonly MachineInfo[];
};

export type MachineInfo = {
  readonly name: string;
  readonly address: string;
  /**
   * The machine's own network, if it has one: its namespace, and the interface that disconnects the
   * machine when it is down.
   */
  readonly network?: { readonly namespace: string; readonly link: string } | undefined;
  readonly patroniUrl: string;
  readonly databaseFolder: string;
  readonly databaseUrl: string;
  readonly managementUrl: string;
};

export type WebAddress = {
  readonly url: string;
  /** The authority of the certificate made here: the file to trust, and its SHA-256 fingerprint. */
  readonly authority?: { readonly file: string; readonly fingerprint: string } | undefined;
};

export type RoleUrls = { readonly amqpUrl: string; readonly databaseUrl: string };

export type ProcessInfo = {
  readonly name: string;
  /** Undefined while the process is being restarted. */
  readonly pid?: number | undefined;
  readonly restarts: number;
};

/** The orders that a running system accepts. */
export type ControlActions = {
  /** Resolves when the pool has this many processes that take work, and the surplus has drained. */
  readonly setPoolSize: (name: PoolName, size: number) => Promise<void>;
  /** Makes the pool's size follow its load from now on, until `setPoolSize` is called for it. */
  readonly setScaling: (name: PoolName, range: ScaleRange) => Promise<void>;
  /**
   * Drains a process and starts it again; resolves when it takes work. If `build` names a folder,
   * the system runs the build in that folder from then on.
   */
  readonly restart: (name: string, build?: string) => Promise<void>;
  /** Sets the level of one process, or of all if `name` is undefined. */
  readonly setLogLevel: (level: LogLevel, name: string | undefined) => Promise<void>;
};

export type ControlOptions = {
  readonly home: string;
  readonly onStop: () => void;
};

/**
 * The phases of a system, in this order: *starting* until every process takes work, *running*, then
 * *stopping* until its processes have ended. Other commands can use a system only while it is
 * *running*; they can stop it in each phase.
 */
export type Phase = 'starting' | 'running' | 'stopping';

/** The answer of a system that cannot be used. */
export type NotRunning = { readonly pid: number; readonly phase: Phase };

export type Served = { readonly info: () => SystemInfo; readonly actions: ControlActions };

export type Control = {
  /** Enters the phase *running*. */
  readonly serve: (system: Served) => void;
  /** Enters the phase *stopping*: other commands can no longer use the system. */
  readonly refuse: () => void;
  /** Resolves when no lease is left. */
  readonly released: () => Promise<void>;
  /** The number of other commands that use the system. */
  readonly leases: () => number;
  /** Removes the control file and closes all connections. */
  readonly close: () => void;
};

/** Returns the path of the control file in a data folder. */
export const controlFile = (home: string): string => join(home, 'system.json');

export type ControlAddress = {
  readonly url: string;
  readonly token: string;
  /** The id of the process that serves it. */
  readonly pid: number;
};

/** Starts to listen on a free port and writes the control file. */
export async function openControl({ home, onStop }: ControlOptions): Promise<Control> {
  const token = randomBytes(24).toString('base64url');
  const state = new ControlState();
  const server = await listen((request, response) => {
    if (!isAllowed(request, token)) response.writeHead(401).end();
    else answer(request, response, { state, onStop });
  });
  const { port } = server.address() as AddressInfo;
  const file = controlFile(home);
  const address: ControlAddress = { url: `http://127.0.0.1:${port}`, token, pid: process.pid };
  writeFileSync(file, JSON.stringify(address), { mode: 0o600 });
  return {
    serve: (system) => state.enter('running', system),
    refuse: () => state.enter('stopping', undefined),
    released: () => state.released(),
    leases: () => state.leases(),
    close: () => {
      rmSync(file, { force: true });
      server.close();
      server.closeAllConnections();
    },
  };
}

/** The phase of the system, the system while it is running, and the leases of other commands. */
class ControlState {
  readonly #leases = new Set<ServerResponse>();
  #onReleased: () => void = () => undefined;
  phase: Phase = 'starting';
  system: Served | undefined;

  enter(phase: Phase, system: Served | undefined): void {
    this.phase = phase;
    this.system = system;
  }

  /** Grants a lease, which lasts as long as the connection of its response. */
  grantLease(response: ServerResponse): void {
    this.#leases.add(response);
    response.writeHead(200).flushHeaders();
    response.once('close', () => {
      this.#leases.delete(response);
      if (this.#leases.size === 0) this.#onReleased();
    });
  }

  leases(): number {
    return this.#leases.size;
  }

  async released(): Promise<void> {
    if (this.#leases.size === 0) return;
    await new Promise<void>((resolve) => (this.#onReleased = resolve));
  }
}

/** Answers an authorized request. */
function answer(
  { method = '', url = '' }: IncomingMessage,
  response: ServerResponse,
  { state, onStop }: { readonly state: ControlState; readonly onStop: () => void },
): void {
  const request = `${method} ${url}`;
  const { system, phase } = state;
  if (request === 'POST /stop') {
    response.writeHead(202).end(state.leases().toString());
    onStop();
  } else if (system === undefined) {
    const notRunning: NotRunning = { pid: process.pid, phase };
    sendJson(response, notRunning, 503);
  } else if (request === 'GET /system') sendJson(response, system.info());
  else if (request === 'POST /lease') state.grantLease(response);
  else {
    const work = workOf(request, system.actions);
    if (work === undefined) response.writeHead(404).end();
    else void answerWhenDone(work, response);
  }
}

/**
 * Returns the action for a request such as `PUT /pools/transaction/3`; undefined if the request is
 * unknown.
 */
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

/** Answers when the work is done, or with the reason why it failed. */
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
