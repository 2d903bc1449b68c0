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
import { POOL_SIZES_MAX, type PoolName } from '../../shared/runtime/config.ts';
import { ConfigError, UsageError } from '../../shared/runtime/errors.ts';
import { LOG_LEVELS, type LogLevel } from '../../shared/runtime/logger.ts';
import {
  controlFile,
  type ControlActions,
  type ControlAddress,
  type NotRunning,
  type Phase,
  type SystemInfo,
} from '../../shared/control/system-info.ts';
import type { OperationsView } from '../../shared/web-api/operations.ts';

type ControlOptions = {
  readonly home: string;
  readonly onStop: () => void;
};

export type Served = {
  readonly info: () => SystemInfo;
  readonly actions: ControlActions;
  readonly operations: (after: number) => OperationsView;
};

export type Control = {
  /** Enters the phase *running*. */
  readonly serve: (system: Served) => void;
  /** Enters the phase *stopping*: other commands can no longer use the system. */
  readonly refuse: () => void;
  /** Resolves when no lease is left, or `hurry` is aborted. */
  readonly released: (hurry: AbortSignal | undefined) => Promise<void>;
  /** The number of other commands that use the system. */
  readonly leases: () => number;
  /** Removes the control file and closes all connections. */
  readonly close: () => void;
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
    released: (hurry) => state.released(hurry),
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

  async released(hurry: AbortSignal | undefined): Promise<void> {
    if (this.#leases.size === 0 || hurry?.aborted === true) return;
    await new Promise<void>((resolve) => {
      this.#onReleased = resolve;
      hurry?.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}

const OPERATIONS = /^GET \/operations\?after=(\d+)$/;

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
  else if (OPERATIONS.test(request)) {
    const [, after] = OPERATIONS.exec(request) ?? [];
    sendJson(response, system.operations(Number(after)));
  } else {
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
