/** Combines calls that come at the same time into one, for what costs the same for one as for many. */
import { deferred, type Deferred } from './deferred.ts';

type TogetherOptions<Asked, Answer> = {
  /** Answers all at once, in their order. A rejection is that of every call. */
  readonly load: (asked: readonly Asked[]) => Promise<readonly Answer[]>;
  /** Two calls with the same key never go into one load. Without it, any calls go together. */
  readonly keyOf?: (asked: Asked) => string;
  /** The most calls in one load. */
  readonly most: number;
};

type Waiting<Asked, Answer> = { readonly asked: Asked; readonly answer: Deferred<Answer> };

/**
 * Returns a function that asks for one answer. A call that comes alone is loaded at once; those that come while
 * a load is underway wait for its end, and are then loaded together, in the order in which they came.
 */
export function together<Asked, Answer>({
  load,
  keyOf,
  most,
}: TogetherOptions<Asked, Answer>): (asked: Asked) => Promise<Answer> {
  let waiting: Waiting<Asked, Answer>[] = [];
  let isLoading = false;

  const take = (): readonly Waiting<Asked, Answer>[] => {
    const keys = new Set<string>();
    const taken: Waiting<Asked, Answer>[] = [];
    const left: Waiting<Asked, Answer>[] = [];
    for (const each of waiting) {
      const key = keyOf?.(each.asked);
      const isTaken = taken.length < most && (key === undefined || !keys.has(key));
      if (key !== undefined) keys.add(key);
      (isTaken ? taken : left).push(each);
    }
    waiting = left;
    return taken;
  };

  const loadAll = async (): Promise<void> => {
    isLoading = true;
    while (waiting.length > 0) {
      const taken = take();
      try {
        const answers = await load(taken.map(({ asked }) => asked));
        taken.forEach(({ answer }, index) => answer.resolve(answers[index] as Answer));
      } catch (error) {
        for (const { answer } of taken) answer.reject(error as Error);
      }
    }
    isLoading = false;
  };

  return (asked) => {
    const answer = deferred<Answer>();
    waiting.push({ asked, answer });
    if (!isLoading) void loadAll();
    return answer.promise;
  };
}
