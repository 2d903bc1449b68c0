/** One user of a run over the web, with a connection and a token, and one request at a time. */
import { Agent, request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { retry } from '../../shared/runtime/retry.ts';
import type { CommandAnswer, CommandRequest } from '../../shared/web-api/command.ts';

export type WebTarget = {
  readonly url: string;
  /** The certificate authority to trust; undefined for those of the machine. */
  readonly authority: Buffer | undefined;
};

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

export function openUserClient({ url, authority }: WebTarget, token: string): UserClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const exchange = async (body: string, key: string): Promise<Reply> =>
    await new Promise((resolve) => {
      const asking = request(
        new URL('/api/v1/commands', url),
        {
          method: 'POST',
          agent,
          ...(authority !== undefined && { ca: authority }),
          headers: {
            authorization: `Bearer ${token}`,
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
            'idempotency-key': key,
          },
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (piece: string) => (text += piece));
          response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
          response.on('error', (error) => resolve({ status: 0, text: error.message }));
        },
      );
      asking.on('error', (error) => resolve({ status: 0, text: error.message }));
      asking.end(body);
    });
  const ask = async (command: CommandRequest, key: string): Promise<CommandAnswer> => {
    const reply = await exchange(JSON.stringify(command), key);
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
    close: () => agent.destroy(),
  };
}

type Reply = { readonly status: number; readonly text: string };
