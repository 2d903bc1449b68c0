/** A number of things under way, with waiting until fewer are. */
import { deferred, type Deferred } from './deferred.ts';

export type Count = {
  readonly add: (count: number) => void;
  readonly remove: (count: number) => void;
  readonly value: () => number;
  /** Makes every wait reject, those under way too: some of the things will never be done. */
  readonly fail: (error: unknown) => void;
  /** Resolves when the number is less than this. Of several that wait, all continue at once. */
  readonly fewerThan: (limit: number) => Promise<void>;
};

export function openCount(): Count {
  let value = 0;
  let fault: { readonly error: unknown } | undefined;
  /** Present while someone waits. */
  let change: Deferred<void> | undefined;
  const notify = (): void => {
    change?.resolve();
    change = undefined;
  };
  return {
    add: (count) => void (value += count),
    remove: (count) => {
      value -= count;
      notify();
    },
    value: () => value,
    fail: (error) => {
      fault ??= { error };
      notify();
    },
    fewerThan: async (limit) => {
      while (fault === undefined && value >= limit) await (change ??= deferred()).promise;
      if (fault !== undefined) throw fault.error;
    },
  };
}
