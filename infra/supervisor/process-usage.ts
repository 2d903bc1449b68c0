/**
 * Measures CPU time and memory of processes and their descendants from /proc; reports zeros where
 * there is none.
 */
import { readdirSync, readFileSync } from 'node:fs';

export type NamedProcess = { readonly name: string; readonly pid?: number | undefined };

/** The usage under one name: restarts and descendants included. */
export type ProcessUsage = {
  readonly name: string;
  readonly cpuUserMs: number;
  readonly cpuSystemMs: number;
  /**
   * The highest sum seen at one sample, in bytes; memory shared between the processes counts once.
   */
  readonly rssMaxBytes: number;
};

interface UsageMeter {
  /** Takes a last sample and returns the usage since the meter was opened. */
  stop(): readonly ProcessUsage[];
}

const SAMPLE_EVERY_MS = 500;
/** Linux reports the CPU times in /proc in a fixed unit: hundredths of a second. */
const MS_PER_TICK = 10;

type Cpu = { readonly userTicks: number; readonly systemTicks: number };
type Seen = { readonly first: Cpu; last: Cpu };

/**
 * Measures the processes that `list` returns, now and every half second. Calls `list` for each
 * sample, because processes come and go.
 */
export function openUsageMeter(list: () => readonly NamedProcess[]): UsageMeter {
  const seen = new Map<string, Map<number, Seen>>();
  const rss = new Map<string, number>();
  let isFirstSample = true;

  const sample = (): void => {
    const children = childrenByParent();
    const named = list();
    const roots = new Set(named.map(({ pid }) => pid));
    for (const { name, pid } of named) {
      if (pid === undefined) continue;
      const pids = treeOf(pid, (parent) =>
        // A descendant with its own name is counted under that name.
        (children.get(parent) ?? []).filter((child) => !roots.has(child)),
      );
      const known = seen.get(name) ?? new Map<number, Seen>();
      seen.set(name, known);
      for (const each of pids) observe(known, each, isFirstSample);
      rss.set(name, Math.max(rss.get(name) ?? 0, rssOf(pids)));
    }
    isFirstSample = false;
  };

  sample();
  const timer = setInterval(sample, SAMPLE_EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      sample();
      return [...seen].map(([name, pids]) => ({
        name,
        ...cpuOf([...pids.values()]),
        rssMaxBytes: rss.get(name) ?? 0,
      }));
    },
  };
}

/**
 * Records the CPU time of a process. For a process present at the first sample, only the time after
 * it counts; for a later one, all of it.
 */
function observe(known: Map<number, Seen>, pid: number, isFirstSample: boolean): void {
  const cpu = readCpu(pid);
  if (cpu === undefined) return;
  const before = known.get(pid);
  if (before !== undefined) before.last = cpu;
  else known.set(pid, { first: isFirstSample ? cpu : { userTicks: 0, systemTicks: 0 }, last: cpu });
}

function cpuOf(all: readonly Seen[]): Pick<ProcessUsage, 'cpuUserMs' | 'cpuSystemMs'> {
  const sum = (ticks: (cpu: Cpu) => number): number =>
    all.reduce((total, { first, last }) => total + ticks(last) - ticks(first), 0) * MS_PER_TICK;
  return { cpuUserMs: sum((cpu) => cpu.userTicks), cpuSystemMs: sum((cpu) => cpu.systemTicks) };
}

/** The present memory of a process and its descendants, and the CPU time of all that ever were. */
export type PresentUsage = {
  readonly name: string;
  readonly cpuSeconds: number;
  readonly rssBytes: number;
};

/** Measures processes once. A descendant that has ended counts in the CPU time of its parent. */
export function readUsage(processes: readonly NamedProcess[]): readonly PresentUsage[] {
  if (processes.length === 0) return [];
  const children = childrenByParent();
  return processes.flatMap(({ name, pid }) => {
    if (pid === undefined) return [];
    const pids = treeOf(pid, (parent) => children.get(parent) ?? []);
    const ticks = pids.reduce((sum, each) => sum + ticksWithEnded(each), 0);
    return [{ name, cpuSeconds: (ticks * MS_PER_TICK) / 1_000, rssBytes: rssOf(pids) }];
  });
}

/** Sums the user and system time of a process, and of its descendants that have ended. */
const ticksWithEnded = (pid: number): number =>
  (readStat(pid) ?? []).slice(11, 15).reduce((sum, field) => sum + Number(field), 0);

/**
 * Returns the fields of /proc/PID/stat after the name, which may contain any characters; index 0 is
 * field 3.
 */
function readStat(pid: number): readonly string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

function readCpu(pid: number): Cpu | undefined {
  const fields = readStat(pid);
  return fields && { userTicks: Number(fields[11]), systemTicks: Number(fields[12]) };
}

function childrenByParent(): ReadonlyMap<number, readonly number[]> {
  const children = new Map<number, number[]>();
  for (const pid of allPids()) {
    const parent = Number(readStat(pid)?.[1]);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  return children;
}

function allPids(): readonly number[] {
  try {
    return readdirSync('/proc')
      .filter((entry) => /^\d+$/.test(entry))
      .map(Number);
  } catch {
    return [];
  }
}

const treeOf = (pid: number, childrenOf: (pid: number) => readonly number[]): readonly number[] => [
  pid,
  ...childrenOf(pid).flatMap((child) => treeOf(child, childrenOf)),
];

function rssOf(pids: readonly number[]): number {
  const memories = pids.map(readMemory);
  const own = memories.reduce((sum, { ownBytes }) => sum + ownBytes, 0);
  return own + Math.max(0, ...memories.map(({ sharedBytes }) => sharedBytes));
}

function readMemory(pid: number): { readonly ownBytes: number; readonly sharedBytes: number } {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const bytes = (field: string): number =>
      Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * 1_024;
    const sharedBytes = bytes('RssShmem');
    return { ownBytes: bytes('VmRSS') - sharedBytes, sharedBytes };
  } catch {
    return { ownBytes: 0, sharedBytes: 0 };
  }
}
