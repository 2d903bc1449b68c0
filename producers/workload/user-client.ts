/** One user of a run over the web, with a connection and a token, and one request at a time. */
import { connect } from 'node:http2';
import { Agent, request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { retry } from '../../shared/runtime/retry.ts';
import type { CommandAnswer, CommandRequest } from '../../shared/web-api/command.ts';

export type WebTarget = {
  readonly url: string;
  /** The certificate authority to trust; undefined for those of the machine. */
  readonly authority: Buffer | undefined;
  /** HTTP/1.1 if absent. */
  readonly protocol?: UserClientProtocol;
};

export type UserClientProtocol = 'HTTP/1.1' | 'HTTP/2';

export interface UserClient {
  /**
   * Sends a command until it is answered; the idempotency key makes that safe. Rejects if the server
   * refuses it, or after `TRIES_MAX` tries.
   */
  send(command: CommandRequest, key: string): Promise<CommandAnswer>;
  close(): void;
}

/** The statuses after which it tries again; 0 means that there was no response. */
const AGAIN: ReadonlySet<number> = new Set([0, 429, 502, 503, 504]);
const TRIES_MAX = 20;
const RETRY = { firstMs: 500, longestMs: 2_000 };

/** A response that holds no answer to the command, or no response at all. */
class RefusedError extends Error {
  readonly status: number;

  constructor(command: string, { status, text }: Reply) {
    super(`${command} was refused: ${status} ${text}`);
    this.status = status;
  }
}

export function openUserClient(target: WebTarget, token: string): UserClient {
  const { exchange, close } = target.protocol === 'HTTP/2' ? openHttp2(target) : openHttp1(target);
  const ask = async (command: CommandRequest, key: string): Promise<CommandAnswer> => {
    const body = JSON.stringify(command);
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body).toString(),
      'idempotency-key': key,
    };
    const reply = await exchange(headers, body);
    if (reply.status !== 200) throw new RefusedError(command.command, reply);
    return JSON.parse(reply.text) as CommandAnswer;
  };
  return {
    send: (command, key) =>
      retry(() => ask(command, key), {
        backoff: RETRY,
        pause: sleep,
        isRetryable: (error) => error instanceof RefusedError && AGAIN.has(error.status),
        attemptsMax: TRIES_MAX,
      }),
    close,
  };
}

type Reply = { readonly status: number; readonly text: string };

/** One connection to the server. */
type Connection = {
  readonly exchange: (headers: Readonly<Record<string, string>>, body: string) => Promise<Reply>;
  readonly close: () => void;
};

const PATH = '/api/v1/commands';

function openHttp1({ url, authority: ca }: WebTarget): Connection {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const options = { method: 'POST', agent, ...(ca !== undefined && { ca }) };
  return {
    exchange: (headers, body) =>
      new Promise((resolve) => {
        const fail = (error: Error): void => resolve({ status: 0, text: error.message });
        const asking = request(new URL(PATH, url), { ...options, headers }, (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (piece: string) => (text += piece));
          response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
          response.on('error', fail);
        });
        asking.on('error', fail);
        asking.end(body);
      }),
    close: () => agent.destroy(),
  };
}

/** Opens a new session if the last one has ended. */
function openHttp2({ url, authority: ca }: WebTarget): Connection {
  const open = (): ReturnType<typeof connect> => {
    const opened = connect(url, ca === undefined ? {} : { ca });
    // Each request reports the error too.
    opened.on('error', () => undefined);
    return opened;
  };
  let session = open();
  return {
    exchange: (headers, body) =>
      new Promise((resolve) => {
        if (session.closed || session.destroyed) session = open();
        const asking = session.request({ ':method': 'POST', ':path': PATH, ...headers });
        let [status, text] = [0, ''];
        asking.setEncoding('utf8');
        asking.on('response', ({ ':status': given = 0 }) => (status = given));
        asking.on('data', (piece: string) => (text += piece));
        asking.on('end', () => resolve({ status, text }));
        asking.on('error', (error: Error) => resolve({ status: 0, text: error.message }));
        asking.end(body);
      }),
    close: () => session.close(),
  };
}
