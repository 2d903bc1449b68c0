/** An instant, for people and for programs. */
import type { JSX } from 'preact';
import { formatInstant } from '../pure/time.ts';

export const When = ({ at }: { readonly at: number }): JSX.Element => (
  <time dateTime={new Date(at).toISOString()}>{formatInstant(at)}</time>
);
