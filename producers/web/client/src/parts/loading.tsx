/** Stands in for data that is loading or could not be loaded. */
import type { JSX } from 'preact';
import type { Loaded } from '../state/use-loaded.ts';

type LoadingProps = { readonly of: Omit<Loaded<unknown>, 'value'> };

export const Loading = ({ of: { fault, isLoading, reload } }: LoadingProps): JSX.Element =>
  fault === undefined ? (
    <p class="loading quiet" role="status">
      Loading …
    </p>
  ) : (
    <div class="loading" role="status">
      <p class="strong">{fault}</p>
      <button class="button compact" type="button" disabled={isLoading} onClick={reload}>
        Try again
      </button>
    </div>
  );
