/** `npm run failover`: how long each fault of a replicated system is felt; `cost`: what it costs. */
import { canMakeNamespaces } from '../../infra/services/replicated/namespaces.ts';
import { drillAll, sayHeading, verifyDrilled } from '../gap/drill.ts';
import { openProbe } from '../gap/probe.ts';
import { measureCost } from './cost.ts';
import { REPLICATED_FAULTS } from './faults.ts';
import { openReplicatedSystem } from './replicated-system.ts';

/**
 * Five commands a second to each of sixteen shards: with twenty, three machines on two cores have nothing
 * left to fail over with, and each gap is that of a machine that is full.
 */
const EVERY_MS = 200;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const [first = '10', wanted = ''] = process.argv.slice(2);

if (first === 'cost') await measureCost(say);
else await measureGaps(Number(first), wanted);

/** Each fault whose name holds `wanted` so many times; exit code 1 where something was lost. */
async function measureGaps(times: number, wanted: string): Promise<void> {
  const system = await openReplicatedSystem();
  try {
    await system.whole();
    const probe = await openProbe(await system.info(), EVERY_MS);
    sayHeading(say);
    const canPart = canMakeNamespaces();
    const faults = REPLICATED_FAULTS.filter(
      ({ name, parts }) => name.includes(wanted) && (parts !== true || canPart),
    );
    await drillAll(system, faults, { probe, times, say });
    await verifyDrilled(system, { probe, say });
  } finally {
    await system.close();
  }
}
