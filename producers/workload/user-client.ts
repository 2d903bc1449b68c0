/** One user of a run over the web, with a connection and a token, and one request at a time. */
import { Agent, request } from 'node:https';
import { backoffMs } from '../../shared/runtime/backoff.ts';
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
  return {
    send: async (command, key) => {
      const body = JSON.stringify(command);
      for (let tries = 1; ; tries += 1) {
        const { status, text } = await exchange(body, key);
        if (status === 200) return JSON.parse(text) as CommandAnswer;
        if (!AGAIN.has(status) || tries === TRIES_MAX) {
          throw new Error(`${command.command} was refused: ${status} ${text}`);
        }
        await new Promise((resolve) => setTimeout(resolve, backoffMs(tries - 1, RETRY)));
      }
    },
    close: () => agent.destroy(),
  };
}

type Reply = { readonly status: number; readonly text: string };
