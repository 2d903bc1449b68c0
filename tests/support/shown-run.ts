/** A run of known totals: 10 users, 1,000 commands in 2 s, 400 of them rejected, 4 hits for 100 uses. */
import type { ShownRun } from '../../infra/cli/run-page-sections.ts';
import { collectUnreadable } from '../../infra/cli/unreadable-lines.ts';
import { openLatencies } from '../../producers/workload/latencies.ts';
import { openMomentRecorder } from '../../producers/workload/moments.ts';

export function shownRun(workload: string): ShownRun {
  const latencies = openLatencies();
  const moments = openMomentRecorder();
  for (let message = 0; message < 100; message += 1) {
    latencies.record(['BUY', 'COMMIT_BUY'], 10 + message);
    moments.record({ atMs: 20 * message, answered: 10, rejected: 4, latencyMs: 10 + message });
  }
  return {
    run: 'friday',
    workload,
    machine: '2 × a core',
    at: 'Fri, 27 Nov 2026 10:00:00 GMT',
    details: {
      users: 10,
      quoteUses: 100,
      hitMeanS: 0.7,
      hits: [
        { atS: 0.02, count: 3 },
        { atS: 1, count: 1 },
      ],
      slowest: [
        { user: 'zoë', commands: 90, seconds: 2, quoteWaits: 3, quoteSeconds: 1.5 },
        { user: 'ann', commands: 110, seconds: 1, quoteWaits: 0, quoteSeconds: 0 },
      ],
    },
    result: {
      opened: { isResumed: false, firstOutbox: 1n, openedAt: 0 },
      commands: 1_000,
      rejected: 400,
      reasons: { 'no-pending-buy': 300, 'no-shares': 100 },
      quoteHits: 4,
      byCommand: new Map([
        ['BUY', { count: 600, rejected: 100 }],
        ['COMMIT_BUY', { count: 400, rejected: 300 }],
      ]),
      seconds: 2,
      commandsPerSecond: 500,
      cash: 0n,
      unreadable: collectUnreadable(),
      unwritten: [],
      latencies,
      moments: moments.moments(),
      processes: [{ name: 'workload', cpuUserMs: 300, cpuSystemMs: 100, rssMaxBytes: 2 ** 26 }],
    },
  };
}
