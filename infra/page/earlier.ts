/**
 * Figures of the earlier system (Python, TCP sockets, laptops, 2020; a legacy quote took 0.76 s).
 * Mean seconds a command for 1 user and 100 commands, without and with its quote cache.
 */
export type EarlierCommand = {
  readonly without: number;
  readonly with: number;
  readonly executed: number;
};

export const EARLIER_COMMANDS: Readonly<Record<string, EarlierCommand>> = {
  ADD: { without: 0.0039, with: 0.00414, executed: 6 },
  QUOTE: { without: 0.76063, with: 0.12915, executed: 6 },
  BUY: { without: 0.76383, with: 0.00424, executed: 20 },
  COMMIT_BUY: { without: 0.00645, with: 0.00355, executed: 21 },
  CANCEL_BUY: { without: 0.00362, with: 0.0023, executed: 6 },
  SELL: { without: 0.76375, with: 0.00328, executed: 6 },
  COMMIT_SELL: { without: 0.00388, with: 0.00278, executed: 8 },
  CANCEL_SELL: { without: 0.00363, with: 0.00218, executed: 6 },
  SET_BUY_AMOUNT: { without: 0.00497, with: 0.00615, executed: 1 },
  CANCEL_SET_BUY: { without: 0.00316, with: 0.00228, executed: 5 },
  SET_SELL_AMOUNT: { without: 0.00388, with: 0.00243, executed: 1 },
  SET_SELL_TRIGGER: { without: 0.00568, with: 0.00226, executed: 3 },
  CANCEL_SET_SELL: { without: 0.00282, with: 0.00254, executed: 5 },
  DISPLAY_SUMMARY: { without: 0.01957, with: 0.00874, executed: 5 },
};

/** Summed over all commands, its `DUMPLOG` included. */
export const EARLIER_SUM_S = { without: 24.829, with: 1.114 };

/** Commands a second of its code on 2 cores, quotes at once, by number of users. */
export const EARLIER_PER_SECOND: ReadonlyMap<number, number> = new Map([
  [1, 250],
  [10, 291],
  [45, 247],
  [100, 205],
]);

/** The same with 0.75 s a quote; not measured with more users. */
export const EARLIER_SLOW_PER_SECOND: ReadonlyMap<number, number> = new Map([
  [1, 89],
  [10, 88],
]);

/** CPU seconds, user and system together, of all its processes, by number of users. */
export const EARLIER_CPU_S: ReadonlyMap<number, number> = new Map([
  [1, 0.23],
  [10, 24.1],
  [45, 26.0],
  [100, 334],
]);

/** CPU seconds, user and system, of the process that did what ours of that name does, by users. */
export const EARLIER_PROCESS_S: ReadonlyMap<number, Readonly<Record<string, Cpu>>> = new Map([
  [1, ours([0.01865, 0.01462], [0.0942, 0.0346], [0.00818, 0.00209], [0.014, 0.00377])],
  [10, ours([1.12, 3.62], [7.23, 7.49], [0.623, 0.184], [0.136, 0.027])],
  [45, ours([1.45, 2.33], [8.2, 5.46], [0.934, 0.395], [0.139, 0.0285])],
  [100, ours([11.3, 50.6], [81, 103], [7.22, 5.47], [1.28, 0.254])],
]);

type Cpu = readonly [user: number, system: number];

/** Its generator, transaction server, quote cache and audit server; its web server is left out. */
function ours(workload: Cpu, transaction: Cpu, quote: Cpu, audit: Cpu): Record<string, Cpu> {
  return { workload, 'transaction-1': transaction, 'quote-1': quote, 'audit-1': audit };
}
