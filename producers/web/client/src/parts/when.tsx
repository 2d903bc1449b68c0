/** Shows an instant, with its machine-readable form in the markup. */
import type { JSX } from 'preact';
import { formatInstant } from '../pure/time.ts';

export const When = ({ at }: { readonly at: number }): JSX.Element => (
  <time dateTime={new Date(at).toISOString()}>{formatInstant(at)}</time>
);
