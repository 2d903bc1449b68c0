/**
 * Figures of the earlier system (Python, TCP sockets, laptops, 2020; a legacy quote took 0.76 s).
 * Mean seconds a command for 1 user and 100 commands, without and with its quote cache.
 */
export type EarlierCommand = { readonly without: number; readonly with: number };

export const EARLIER_COMMANDS: Readonly<Record<string, EarlierCommand>> = {
  ADD: { without: 0.0039, with: 0.00414 },
  QUOTE: { without: 0.76063, with: 0.12915 },
  BUY: { without: 0.76383, with: 0.00424 },
  COMMIT_BUY: { without: 0.00645, with: 0.00355 },
  CANCEL_BUY: { without: 0.00362, with: 0.0023 },
  SELL: { without: 0.76375, with: 0.00328 },
  COMMIT_SELL: { without: 0.00388, with: 0.00278 },
  CANCEL_SELL: { without: 0.00363, with: 0.00218 },
  SET_BUY_AMOUNT: { without: 0.00497, with: 0.00615 },
  CANCEL_SET_BUY: { without: 0.00316, with: 0.00228 },
  SET_SELL_AMOUNT: { without: 0.00388, with: 0.00243 },
  SET_SELL_TRIGGER: { without: 0.00568, with: 0.00226 },
  CANCEL_SET_SELL: { without: 0.00282, with: 0.00254 },
  DISPLAY_SUMMARY: { without: 0.01957, with: 0.00874 },
};

/** Commands a second of its code on 2 cores, quotes at once, by number of users. */
export const EARLIER_PER_SECOND: ReadonlyMap<number, number> = new Map([
  [1, 250],
  [10, 291],
  [45, 247],
  [100, 205],
]);

/** CPU seconds, user and system together, of all its processes, by number of users. */
export const EARLIER_CPU_S: ReadonlyMap<number, number> = new Map([
  [1, 0.23],
  [10, 24.1],
  [45, 26.0],
  [100, 334],
]);
