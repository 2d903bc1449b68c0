/** `npm run gap`: how long a transaction consumer that dies or hangs is felt, and that nothing is lost. */
import { setTimeout as sleep } from 'node:timers/promises';
import { wholeNumber } from '../../infra/cli/numbers.ts';
import { openTool, parseTool } from '../support/tool-command.ts';
import { until } from '../support/until.ts';
import { drillAll, sayHeading, verifyDrilled, type Fault } from './drill.ts';
import { openPoolSystem, type PoolSystem } from './pool-system.ts';
import { openProbe } from './probe.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const [times = 0] = parseTool(
  openTool('gap', 'measure how long a transaction consumer that dies or hangs is felt').argument(
    '[times]',
    'how often each fault strikes',
    wholeNumber('times', { least: 1, most: 1_000 }),
    5,
  ),
).processedArgs as readonly number[];

const VICTIM = 'transaction-1';
const REPLACED_MAX_MS = 30_000;
/** One that ends sooner after its start is started again later: each is to be the first in a while. */
const WELL_AFTER_MS = 10_500;

/** Watched until it is replaced and has its shards back: being handed over is a gap, too. */
const struckBy = (signal: NodeJS.Signals) => async (system: PoolSystem) => {
  await sleep(WELL_AFTER_MS);
  const pid = await system.pid(VICTIM);
  process.kill(pid, signal);
  const isReplaced = async (): Promise<boolean> => (await system.pid(VICTIM)) !== pid;
  await until(isReplaced, { what: `${VICTIM} is replaced`, timeoutMs: REPLACED_MAX_MS });
  await system.whole();
  return undefined;
};

const faultsOf = (size: number): readonly Fault<PoolSystem>[] => [
  { name: `kill -9 of a transaction consumer, one of ${size}`, strike: struckBy('SIGKILL') },
  { name: `a transaction consumer hangs, one of ${size}`, strike: struckBy('SIGSTOP') },
];

const system = await openPoolSystem();
try {
  sayHeading(say);
  const probe = await openProbe(await system.info());
  for (const size of [2, 1]) {
    await system.scale(size);
    await drillAll(system, faultsOf(size), { probe, times, say });
  }
  await verifyDrilled(system, { probe, say });
} finally {
  await system.close();
}
