/** A hook that loads data, and loads it again when something has changed. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
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

  return {
    value: value.value,
    fault: fault.value,
    isLoading: isLoading.value,
    reload: () => {
      asked.value += 1;
    },
  };
}
