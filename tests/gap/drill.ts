/** One fault under load: struck, its gap in service measured, healed, and everything there again. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ran } from '../support/run-daytrade.ts';
import { expectNoLosses } from './losses.ts';
import type { Probe } from './probe.ts';

/** How long after the harm is done the service is watched; a machine that is cut off stays so. */
const WATCH_MS = 15_000;
const LOOK_MS = 100;
/** A connection that was cut is noticed after two heartbeats of a second: no less is looked at. */
const NOTICED_MS = 3_000;
/** Served again: no shard has been silent for longer than this beyond its next command. */
const SERVED_MS = 250;

export type Fault<System> = {
  readonly name: string;
  /** What makes it felt, where that is not so by itself; not measured. */
  readonly prepare?: (system: System) => Promise<void>;
  /** Does the harm; resolves to what heals it, where it does not heal by itself. */
  readonly strike: (system: System) => Promise<(() => void) | undefined>;
};

/** A system that can be waited for until everything is there. */
export type Drilled = {
  readonly whole: () => Promise<unknown>;
  readonly info: () => Promise<{ readonly databaseUrl: string }>;
};

export type Gap = { readonly gapMs: number; readonly shard: number };

/** Rejects where less is stored in the end than had been acknowledged. */
export async function drill<System extends Drilled>(
  system: System,
  probe: Probe,
  fault: Fault<System>,
): Promise<Gap> {
  await system.whole();
  await fault.prepare?.(system);
  probe.reset();
  const heal = await fault.strike(system);
  await watched(probe);
  const worst = probe.worst();
  heal?.();
  await system.whole();
  await expectNoLosses(probe, await system.info(), `after ${fault.name}`);
  return worst;
}

/** At least until every shard is served again; those that never are show in the gap. */
async function watched(probe: Probe): Promise<void> {
  const end = Date.now() + WATCH_MS;
  await sleep(NOTICED_MS);
  while (Date.now() < end && probe.silentMs() > SERVED_MS) await sleep(LOOK_MS);
}

/** Drills each fault that often and says a line on each: its name, and the gaps' median and worst. */
export async function drillAll<System extends Drilled>(
  system: System,
  faults: readonly Fault<System>[],
  { probe, times, say }: { probe: Probe; times: number; say: (line: string) => void },
): Promise<void> {
  for (const fault of faults) {
    const gaps: number[] = [];
    for (let time = 0; time < times; time += 1) {
      const { gapMs } = await drill(system, probe, fault);
      gaps.push(gapMs);
      process.stderr.write(`  ${fault.name}, ${time + 1} of ${times}: ${gapMs} ms\n`);
    }
    gaps.sort((one, other) => one - other);
    const middle = gaps[Math.floor((gaps.length - 1) / 2)] ?? 0;
    say(lineOf(fault.name, [middle, gaps.at(-1) ?? 0, gaps.length]));
  }
}

/** Nothing of what the probe sent is lost, or done twice: says so, and sets the exit code by it. */
export async function verifyDrilled(
  system: Drilled & { readonly daytrade: (args: readonly string[]) => Promise<Ran> },
  { probe, say }: { probe: Probe; say: (line: string) => void },
): Promise<void> {
  await probe.finish();
  await expectNoLosses(probe, await system.info(), 'in the end');
  const { said, output, exitCode } = await system.daytrade(['verify', '--drained']);
  say(`${output}${said}`);
  process.exitCode = exitCode ?? 1;
}

export function sayHeading(say: (line: string) => void): void {
  say('gap in service: the longest that any shard went without an answer');
  say(`${'fault'.padEnd(62)} p50 ms  worst ms  times`);
}

const lineOf = (name: string, counts: readonly number[]): string =>
  `${name.padEnd(62)} ${counts.map((each) => `${each}`.padStart(6)).join('  ')}`;
