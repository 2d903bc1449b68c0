/** Serves `/metrics` for Prometheus, and `/health` for the program that keeps the process running. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConfigError } from './errors.ts';
import type { Metrics } from './metrics.ts';

/** `/health` answers 200 if `ok` is true, else 503, with all fields. */
export type Health = { readonly ok: boolean; readonly [field: string]: unknown };

type MetricsServerOptions = {
  readonly metrics: Metrics;
  readonly health: () => Health;
  /** The address to listen on. */
  readonly bind: string;
  /** 0 = any free port. */
  readonly port: number;
  /** Further paths, which answer JSON. `host` is the name of this machine in the request's Host header. */
  readonly pages?: Readonly<Record<string, (host: string) => unknown>>;
};

export type MetricsServer = { readonly port: number; readonly close: () => void };

/** Opens the server. Rejects with a `ConfigError` if it cannot listen, for example if the port is taken. */
export async function openMetricsServer(options: MetricsServerOptions): Promise<MetricsServer> {
  const { metrics, health, pages = {}, bind, port } = options;
  const server = createServer({ requestTimeout: 5_000 }, ({ url, headers }, response) => {
    const path = (url ?? '').split('?', 1)[0] ?? '';
    const page = Object.hasOwn(pages, path) ? pages[path] : undefined;
    if (path === '/metrics') void sendMetrics(response, metrics);
    else if (path === '/health') sendHealth(response, health());
    else if (page !== undefined) sendJson(response, 200, page(hostOf(headers.host)));
    else response.writeHead(404).end();
  });
  await listen(server, bind, port);
  // The server alone must not keep the process alive.
  server.unref();
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function listen(server: Server, bind: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const what = `METRICS_PORT=${port}: ${bind} cannot be listened on (${cause.code ?? cause.message})`;
      reject(new ConfigError(`${what}; choose another, or leave it out for a free one`, { cause }));
    });
    // Otherwise workers of a Node.js cluster would share the port, and each scrape reach another worker.
    server.listen({ port, host: bind, exclusive: true }, resolve);
  });
}

async function sendMetrics(response: ServerResponse, metrics: Metrics): Promise<void> {
  try {
    const text = await metrics.metrics();
    response.writeHead(200, { 'content-type': metrics.contentType }).end(text);
  } catch (error) {
    response.writeHead(500).end(error instanceof Error ? error.message : String(error));
  }
}

const sendHealth = (response: ServerResponse, health: Health): void =>
  sendJson(response, health.ok ? 200 : 503, health);

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

/** Returns a Host header without its port. */
const hostOf = (header: string | undefined): string => (header ?? '127.0.0.1').replace(/:\d+$/, '');
