/**
 * A lease on a system that another process runs: an open HTTP request. The system waits for its end
 * before it stops.
 */
import { request } from 'node:http';
import type { ControlAddress } from './system-info.ts';

export type Lease = {
  /** Ends the lease, so that the system can stop. */
  readonly release: () => void;
  /** Resolves if the system ends before the release. */
  readonly lost: Promise<void>;
};

/**
 * Resolves when the system has granted the lease; rejects if it does not. Does not use `fetch`: the
 * garbage collector, or a timeout of five minutes, ends a response whose body nobody reads, and the
 * system would stop then.
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
      // The end of the connection now means that the system is gone, whether an error or a close
      // reports it.
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
