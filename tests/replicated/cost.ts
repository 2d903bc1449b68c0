/** `npm run failover -- cost`: what replication costs, against a single system in the same run. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generatedFile } from '../support/generated-file.ts';
import { runDaytrade } from '../support/run-daytrade.ts';

const ROUNDS = 3;
const WORKLOAD = { users: '100', commands: '50000', seed: '7' };
const SETTINGS = { QUOTE_SERVER_FLAGS: '--delay-ms 0' };
const KINDS = [
  { name: 'single', settings: {} },
  { name: 'replicated', settings: { REPLICATED: '1' } },
] as const;

type Report = {
  readonly commandsPerSecond: number;
  readonly latencyMs: { readonly p50: number; readonly p99: number };
};

/** Prints a row a run, in turns so that both meet the same machine, then the ratio of the best. */
export async function measureCost(say: (line: string) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'daytrade-cost-'));
  const file = join(folder, 'cost.workload');
  const best = new Map<string, number>();
  try {
    generatedFile(file, WORKLOAD);
    say(`${WORKLOAD.commands} commands of ${WORKLOAD.users} users, quotes at once, pack 16`);
    say('system       commands/s   p50 ms   p99 ms');
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const { name, settings } of KINDS) {
        const report = await run(file, join(folder, name), settings);
        const { commandsPerSecond, latencyMs } = report;
        best.set(name, Math.max(best.get(name) ?? 0, commandsPerSecond));
        const cells = [commandsPerSecond, latencyMs.p50, latencyMs.p99];
        say(`${name.padEnd(12)} ${cells.map((each) => each.toFixed(0).padStart(8)).join(' ')}`);
      }
    }
    const ratio = (best.get('replicated') ?? 0) / (best.get('single') ?? 0);
    say(`replicated against single: ${(100 * ratio).toFixed(0)} %`);
  } finally {
    for (const { name } of KINDS) {
      await runDaytrade(['uninstall', '--yes'], { DAYTRADE_HOME: join(folder, name) });
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

async function run(
  file: string,
  home: string,
  settings: Readonly<Record<string, string>>,
): Promise<Report> {
  const report = join(home, 'report.json');
  const environment = { ...SETTINGS, ...settings, DAYTRADE_HOME: home };
  const { exitCode, said } = await runDaytrade(
    ['workload', file, '--fresh', '--report', report],
    environment,
  );
  if (exitCode !== 0) throw new Error(`the workload ended with ${exitCode ?? 'a signal'}: ${said}`);
  return JSON.parse(readFileSync(report, 'utf8')) as Report;
}
