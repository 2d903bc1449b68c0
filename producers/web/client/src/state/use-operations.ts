/** A hook that follows the figures of the system: the last hour at first, then only what is new. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { OperationsView } from '../../../../../shared/web-api/operations.ts';
import { isSignedOut, messageOf } from '../api/problem.ts';
import { extendFigures, NO_FIGURES, type FigureHistory } from '../pure/figure-history.ts';
import { useApp } from './app-context.ts';

export type Operations = {
  /** The present state; undefined before the first answer. */
  readonly view: OperationsView | undefined;
  readonly figures: FigureHistory;
  readonly fault: string | undefined;
  /** How long ago the last new sample came, in ms. */
  readonly ageMs: number;
  readonly ask: () => void;
};

/** After this the page asks again if it does not know yet how often the server samples. */
const ASK_EVERY_MS = 5_000;

export function useOperations(): Operations {
  const { http } = useApp();
  const view = useSignal<OperationsView | undefined>(undefined);
  const figures = useSignal<FigureHistory>(NO_FIGURES);
  const fault = useSignal<string | undefined>(undefined);
  const heardAt = useSignal(performance.now());
  const now = useSignal(performance.now());

  const ask = async (): Promise<void> => {
    const after = figures.peek().at.at(-1) ?? 0;
    try {
      const answer = await http.get<OperationsView>('/admin/operations', { after });
      // The answer to an earlier question may have come meanwhile.
      if (after !== (figures.peek().at.at(-1) ?? 0)) return;
      if (answer.at.length > 0 || view.peek() === undefined) heardAt.value = performance.now();
      figures.value = extendFigures(figures.peek(), answer);
      view.value = answer;
      fault.value = undefined;
    } catch (error: unknown) {
      if (!isSignedOut(error)) fault.value = messageOf(error);
    }
    now.value = performance.now();
  };

  useEffect(() => repeatWhileVisible(ask, () => view.peek()?.everyMs ?? ASK_EVERY_MS), []);

  return {
    view: view.value,
    figures: figures.value,
    fault: fault.value,
    ageMs: Math.max(0, now.value - heardAt.value),
    ask: () => void ask(),
  };
}

/** Runs `work` at once, at intervals, and when the page becomes visible. Returns a function that ends it. */
function repeatWhileVisible(work: () => Promise<void>, everyMs: () => number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  const workIfVisible = async (): Promise<void> => {
    if (document.visibilityState === 'visible') await work();
  };
  const round = async (): Promise<void> => {
    await workIfVisible();
    if (!isOver) timer = setTimeout(() => void round(), everyMs());
  };
  const onVisible = (): void => void workIfVisible();
  void round();
  document.addEventListener('visibilitychange', onVisible);
  return () => {
    isOver = true;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', onVisible);
  };
}
