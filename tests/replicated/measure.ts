/** `npm run failover`: how long each fault of a replicated system is felt, and that nothing is lost. */
import { canMakeNamespaces } from '../../infra/services/replicated/namespaces.ts';
import { drill } from './drill.ts';
import { REPLICATED_FAULTS } from './faults.ts';
import { openProbe } from './probe.ts';
import { openReplicatedSystem } from './replicated-system.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const [times = '10', wanted = ''] = process.argv.slice(2);

const system = await openReplicatedSystem();
try {
  await system.whole();
  const probe = await openProbe(await system.info());
  say('gap in service: the longest that any shard went without an answer');
  say(`${'fault'.padEnd(62)} p50 ms  worst ms  times`);
  for (const fault of REPLICATED_FAULTS) {
    if (fault.parts === true && !canMakeNamespaces()) continue;
    if (!fault.name.includes(wanted)) continue;
    const gaps: number[] = [];
    for (let time = 0; time < Number(times); time += 1) {
      gaps.push((await drill(system, probe, fault)).gapMs);
    }
    gaps.sort((one, other) => one - other);
    const middle = gaps[Math.floor((gaps.length - 1) / 2)] ?? 0;
    const counts = [middle, gaps.at(-1) ?? 0, gaps.length];
    say(`${fault.name.padEnd(62)} ${counts.map((each) => `${each}`.padStart(6)).join('  ')}`);
  }
  await probe.finish();
  const { said, output, exitCode } = await system.daytrade(['verify', '--drained']);
  say(`${output}${said}`);
  process.exitCode = exitCode ?? 1;
} finally {
  await system.close();
}
