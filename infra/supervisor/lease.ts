/** Using a system that another process runs: a request that stays open, and that the system waits for. */
import { request } from 'node:http';
import type { ControlAddress } from './control-server.ts';

export type Lease = {
  /** Lets the system stop. */
  readonly release: () => void;
  /** Resolves where the system is gone before the release. */
  readonly lost: Promise<void>;
};

/**
 * Resolves when the system has it; rejects where it takes none. It is no `fetch`: a response whose body
 * nobody reads is ended by the garbage collector, or after five minutes, and the system would stop then.
 */
export async function openLease({ url, token }: ControlAddress): Promise<Lease> {
  const asked = request(`${url}/lease`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    agent: false,
  });
  return await new Promise((resolve, reject) => {
    asked.once('error', reject);
    asked.once('response', (response) => {
      // From here on the end of the connection is what is waited for, in whichever way it comes.
      asked.off('error', reject).on('error', () => undefined);
      response.on('error', () => undefined).resume();
      if (response.statusCode !== 200) {
        reject(new Error(`the system answered ${response.statusCode ?? 'nothing'}`));
        return;
      }
      let isReleased = false;
      const lost = new Promise<void>((gone) => {
        response.once('close', () => {
          if (!isReleased) gone();
        });
      });
      resolve({
        release: () => {
          isReleased = true;
          asked.destroy();
        },
        lost,
      });
    });
    asked.end();
  });
}
