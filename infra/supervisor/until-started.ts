/** Waiting for processes that start. */
import { orAborted } from '../../shared/runtime/or-aborted.ts';
import type { Child } from './child.ts';

/** A start that takes longer than this says which processes it waits for. */
const PATIENCE_MS = 5_000;

export type StartedOptions = {
  readonly children: () => readonly Child[];
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
};

/** Resolves with `starting`; rejects where that does, and once the signal is aborted. */
export async function untilStarted<Result>(
  starting: Promise<Result>,
  { children, signal, say }: StartedOptions,
): Promise<Result> {
  const timer = setInterval(() => {
    for (const child of children().filter((each) => !each.isReady())) {
      say(`Waiting for ${child.name} … (its log: ${child.lastLine()})`);
    }
  }, PATIENCE_MS);
  try {
    return await orAborted(starting, signal);
  } finally {
    clearInterval(timer);
  }
}
