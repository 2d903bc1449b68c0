/** CPU time of the whole machine, read from /proc: what others used beside a run makes it slower. */
import { readFileSync } from 'node:fs';

/** The unit of CPU times in /proc is fixed on Linux. */
const MS_PER_TICK = 10;

/** Begins now; gives milliseconds of all cores together, nought where there is no /proc. */
export function openMachineMeter(): () => number {
  const before = busyMs();
  return () => busyMs() - before;
}

/** The first line: user, nice, system, idle, iowait, irq, softirq, steal. */
function busyMs(): number {
  try {
    const [first] = readFileSync('/proc/stat', 'utf8').split('\n', 1);
    const [user, nice, system, , , irq, softirq, steal] = (first ?? '')
      .split(/ +/)
      .slice(1)
      .map(Number);
    const ticks = [user, nice, system, irq, softirq, steal];
    return MS_PER_TICK * ticks.reduce<number>((sum, each) => sum + (each ?? 0), 0);
  } catch {
    return 0;
  }
}
