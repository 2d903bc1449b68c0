/** `npm run failover`: how long each fault of a replicated system is felt; `cost`: what it costs. */
import { wholeNumber } from '../../infra/cli/numbers.ts';
import { canMakeNamespaces } from '../../infra/services/replicated/namespaces.ts';
import { drillAll, sayHeading, verifyDrilled } from '../gap/drill.ts';
import { openProbe } from '../gap/probe.ts';
import { UsageError } from '../../shared/runtime/errors.ts';
import { endTool, openTool, parseTool } from '../support/tool-command.ts';
import { measureCost } from './cost.ts';
import { REPLICATED_FAULTS } from './faults.ts';
import { openReplicatedSystem } from './replicated-system.ts';

/**
 * Five commands a second to each of sixteen shards: with twenty, three machines on two cores have nothing
 * left to fail over with, and each gap is that of a machine that is full.
 */
const EVERY_MS = 200;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const parseTimes = (text: string): number | 'cost' =>
  text === 'cost' ? text : wholeNumber('times', { least: 1, most: 1_000 })(text);

const tool = parseTool(
  openTool('failover', 'measure how long each fault of a replicated system is felt')
    .argument(
      '[times]',
      'how often each fault strikes; "cost" measures replication',
      parseTimes,
      10,
    )
    .argument('[part]', 'only faults with this in their name', ''),
);
const times = tool.processedArgs[0] as number | 'cost';
const wanted = tool.processedArgs[1] as string;

if (times === 'cost') await measureCost(say);
else if (REPLICATED_FAULTS.some(({ name }) => name.includes(wanted))) {
  await measureGaps(times, wanted);
} else {
  const names = REPLICATED_FAULTS.map(({ name }) => `\n  ${name}`).join('');
  endTool(new UsageError(`No fault has "${wanted}" in its name. There are:${names}`));
}

/** Each fault whose name holds `part` so many times; exit code 1 where something was lost. */
async function measureGaps(strikes: number, part: string): Promise<void> {
  const system = await openReplicatedSystem();
  try {
    await system.whole();
    const probe = await openProbe(await system.info(), EVERY_MS);
    sayHeading(say);
    const canPart = canMakeNamespaces();
    const faults = REPLICATED_FAULTS.filter(
      ({ name, parts }) => name.includes(part) && (parts !== true || canPart),
    );
    await drillAll(system, faults, { probe, times: strikes, say });
    await verifyDrilled(system, { probe, say });
  } finally {
    await system.close();
  }
}
