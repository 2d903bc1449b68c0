/** A hook that loads data, and loads it again when something has changed or the network is back. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Query } from '../api/http.ts';
import { isSignedOut, messageOf } from '../api/problem.ts';
import { useApp } from './app-context.ts';

export type Loaded<Answer> = {
  readonly value: Answer | undefined;
  readonly fault: string | undefined;
  readonly isLoading: boolean;
  readonly reload: () => void;
};

/** Loads nothing if the path is undefined. Loads again when the path, the query or `again` changes. */
export function useLoaded<Answer>(
  path: string | undefined,
  query: Query = {},
  again: string | number = 0,
): Loaded<Answer> {
  const { http } = useApp();
  const value = useSignal<Answer | undefined>(undefined);
  const fault = useSignal<string | undefined>(undefined);
  const isLoading = useSignal(path !== undefined);
  const asked = useSignal(0);
  const what = `${path ?? ''} ${JSON.stringify(query)}`;
  const shown = useSignal(what);
  const reload = (): void => {
    asked.value += 1;
  };
  useRepetition(fault.value !== undefined, reload);

  useEffect(() => {
    if (path === undefined) return undefined;
    let isWanted = true;
    // The answer to a different query must not be shown for this one.
    if (shown.value !== what) value.value = undefined;
    shown.value = what;
    isLoading.value = true;
    http
      .get<Answer>(path, query)
      .then(
        (answer) => {
          if (!isWanted) return;
          value.value = answer;
          fault.value = undefined;
        },
        (error: unknown) => {
          if (isWanted && !isSignedOut(error)) fault.value = messageOf(error);
        },
      )
      .finally(() => {
        if (isWanted) isLoading.value = false;
      });
    return () => {
      isWanted = false;
    };
  }, [what, again, asked.value]);

  return { value: value.value, fault: fault.value, isLoading: isLoading.value, reload };
}

/** Repeats what failed as soon as the network is back, or the server after it was away. */
function useRepetition(hasFailed: boolean, repeat: () => void): void {
  const { store } = useApp();
  const isLive = store.connection.value === 'live';
  const wasLive = useRef(isLive);
  useEffect(() => {
    if (hasFailed && isLive && !wasLive.current) repeat();
    wasLive.current = isLive;
  }, [isLive, hasFailed]);
  useEffect(() => {
    if (!hasFailed) return undefined;
    addEventListener('online', repeat);
    return () => removeEventListener('online', repeat);
  }, [hasFailed]);
}
