/** A replicated system under load, with a probe on every shard: what the faults strike. */
import { expect } from '@jest/globals';
import { drill } from '../gap/drill.ts';
import { openProbe, type Probe } from '../gap/probe.ts';
import type { ReplicatedFault } from './faults.ts';
import { openLoad, type Load, type LoadOptions } from './load.ts';
import { openReplicatedSystem, type ReplicatedSystem } from './replicated-system.ts';

/** The most that a busy machine may need; `npm run failover` measures the gaps against their aims. */
const GAP_MAX_MS = 60_000;

export type UnderLoad = {
  readonly system: ReplicatedSystem;
  readonly probe: Probe;
  readonly load: Load;
  /** Rejects unless every shard is served again soon enough, and nothing acknowledged is lost. */
  readonly strike: (fault: ReplicatedFault) => Promise<void>;
  readonly close: () => Promise<void>;
};

export type UnderLoadOptions = LoadOptions & {
  /** How often the probe sends a command to each shard. */
  readonly probeEveryMs: number;
};

/** Starts to publish once every member is there. */
export async function openUnderLoad(options: UnderLoadOptions): Promise<UnderLoad> {
  const system = await openReplicatedSystem();
  try {
    await system.whole();
    const probe = await openProbe(await system.info(), options.probeEveryMs);
    const load = openLoad(system, options);
    return {
      ...{ system, probe, load },
      strike: async (fault) => {
        const { gapMs } = await drill(system, probe, fault);
        expect(gapMs).toBeLessThan(GAP_MAX_MS);
      },
      close: async () => {
        await load.stop();
        await system.close();
      },
    };
  } catch (error) {
    await system.close();
    throw error;
  }
}
