/** Updates the settings that all members share in etcd to those of this version. */
import type { ClusterOptions } from './cluster-options.ts';
import { dcsSettings, patroniUrl } from './patroni.ts';

const ANSWER_MAX_MS = 5_000;
const TRY_MAX_MS = 30_000;
const POLL_MS = 200;

/**
 * Patches the settings over Patroni's REST API, because Patroni applies its configured ones only
 * when it bootstraps. Tries the members in turn for 30 s, then rejects with the last error.
 */
export async function ensureSettings(options: ClusterOptions): Promise<void> {
  const body = JSON.stringify(dcsSettings(options));
  const deadline = Date.now() + TRY_MAX_MS;
  for (let turn = 0; ; turn += 1) {
    options.signal.throwIfAborted();
    const machine = options.machines[turn % options.machines.length];
    if (machine === undefined) return;
    try {
      const response = await fetch(`${patroniUrl(machine)}/config`, {
        method: 'PATCH',
        body,
        signal: AbortSignal.timeout(ANSWER_MAX_MS),
      });
      if (response.ok) return;
      throw new Error(`Patroni answered ${response.status}`);
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}
